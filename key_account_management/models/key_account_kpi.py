# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

#: Documents whose amounts are revenue; drafts and cancelled ones never count.
REVENUE_TYPES = ("out_invoice", "out_refund", "out_receipt")
BATCH = 500


class KeyAccountKpi(models.Model):
    """What a key account's documents amount to, month by month."""

    _name = "key.account.kpi"
    _description = "Key Account Figures of a Month"
    _order = "month desc, account_id"
    _rec_name = "account_id"

    account_id = fields.Many2one(
        "key.account", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    tier_id = fields.Many2one(related="account_id.tier_id")
    manager_id = fields.Many2one(related="account_id.manager_id")
    month = fields.Date(required=True, readonly=True, index=True)
    revenue = fields.Monetary(
        readonly=True,
        help="Posted invoices minus credit notes, without taxes, in company currency "
        "at the rate of the invoice date.",
    )
    cost = fields.Monetary(
        readonly=True,
        help="Cost of what was invoiced: that of the order line, else the product's.",
    )
    margin = fields.Monetary(readonly=True)
    order_count = fields.Integer(string="Orders", readonly=True)
    paid_count = fields.Integer(
        string="Paid Invoices",
        readonly=True,
        help="Invoices of this month that are paid by now.",
    )
    paid_days = fields.Integer(
        string="Days to Pay, Total",
        readonly=True,
        help="Days from invoice to payment, added up over the paid invoices.",
    )

    _account_month_uniq = models.Constraint(
        "unique (account_id, month)", "There is one row for each account and month."
    )

    @api.model
    def _rebuild(self, accounts, months=None):
        """Take the monthly figures of accounts from their documents, in SQL.

        Each run gives the same result, whatever was there before.

        :param accounts: ``key.account`` records
        :param months: first days of the months to take, all of them without it
        """
        if not accounts:
            return
        self.env.flush_all()
        for company, of_company in accounts.grouped("company_id").items():
            scope = SQL("account.id = ANY(%s)", of_company.ids)
            only = SQL("month = ANY(%s::date[])", sorted(months)) if months else None
            self._upsert(company, scope, only)
        self.invalidate_model()

    def _upsert(self, company, scope, only):
        """Insert, update and delete the rows of a scope so that they are right.

        The figures go through a temporary table: PostgreSQL reads in parallel for it,
        which it doesn't where it changes a table in the same statement. Rows that are
        right already aren't written.
        """
        self.env.cr.execute("DROP TABLE IF EXISTS key_account_kpi_new")
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMPORARY TABLE key_account_kpi_new ON COMMIT DROP AS
                SELECT account_id, month, SUM(revenue) AS revenue, SUM(cost) AS cost,
                       SUM(orders)::int AS orders, SUM(paid)::int AS paid,
                       SUM(days)::int AS days
                  FROM (%(invoices)s UNION ALL %(orders)s UNION ALL %(payments)s)
                       AS document
                 WHERE %(only)s
              GROUP BY account_id, month
                """,
                invoices=self._invoices_sql(scope, company),
                orders=self._orders_sql(scope, company._get_key_account_tz()),
                payments=self._payments_sql(scope),
                only=only or SQL("TRUE"),
            )
        )
        self.env.cr.execute("ANALYZE key_account_kpi_new")
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO key_account_kpi AS kpi (
                       account_id, company_id, month, revenue, cost, margin,
                       order_count, paid_count, paid_days, create_uid, create_date,
                       write_uid, write_date)
                SELECT account_id, %(company)s, month, revenue, cost, revenue - cost,
                       orders, paid, days, %(uid)s, now() AT TIME ZONE 'UTC',
                       %(uid)s, now() AT TIME ZONE 'UTC'
                  FROM key_account_kpi_new new
                 WHERE NOT EXISTS (
                       SELECT 1 FROM key_account_kpi old
                        WHERE old.account_id = new.account_id
                          AND old.month = new.month AND old.revenue = new.revenue
                          AND old.cost = new.cost AND old.order_count = new.orders
                          AND old.paid_count = new.paid AND old.paid_days = new.days)
           ON CONFLICT (account_id, month) DO UPDATE
                   SET revenue = EXCLUDED.revenue, cost = EXCLUDED.cost,
                       margin = EXCLUDED.margin, order_count = EXCLUDED.order_count,
                       paid_count = EXCLUDED.paid_count,
                       paid_days = EXCLUDED.paid_days,
                       write_uid = EXCLUDED.write_uid, write_date = EXCLUDED.write_date
                """,
                company=company.id,
                uid=self.env.uid,
            )
        )
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM key_account_kpi kpi
                 USING key_account account
                 WHERE account.id = kpi.account_id AND %(scope)s AND %(only)s
                   AND NOT EXISTS (
                       SELECT 1 FROM key_account_kpi_new new
                        WHERE new.account_id = kpi.account_id
                          AND new.month = kpi.month)
                """,
                scope=scope,
                only=only or SQL("TRUE"),
            )
        )

    @api.model
    def _invoices_sql(self, scope, company):
        """Revenue and cost by account and month, from the invoice lines.

        Both are in company currency: ``balance`` is booked so at the invoice date, and
        the order's cost is brought there by the rate of the order. What a product costs
        now is looked up once for each product.
        """
        return SQL(
            """
            SELECT move.account_id, move.month,
                   SUM(-line.balance) AS revenue,
                   ROUND(SUM(
                       move.sign * line.quantity * COALESCE(uom.factor, 1) * COALESCE(
                           sold.purchase_price
                           / COALESCE(NULLIF(sale.currency_rate, 0), 1)
                           / COALESCE(NULLIF(sold_uom.factor, 0), 1),
                           product.unit_cost, 0))::numeric, %(digits)s) AS cost,
                   0 AS orders, 0 AS paid, 0 AS days
              FROM (
                SELECT document.id, account.id AS account_id,
                       date_trunc('month', document.invoice_date::timestamp)::date
                           AS month,
                       CASE WHEN document.move_type = 'out_refund' THEN -1 ELSE 1 END
                           AS sign
                  FROM key_account account
                  JOIN account_move document
                    ON document.commercial_partner_id = account.partner_id
                   AND document.company_id = account.company_id
                   AND document.state = 'posted' AND document.move_type IN %(types)s
                 WHERE %(scope)s) move
              JOIN account_move_line line
                ON line.move_id = move.id AND line.display_type = 'product'
         LEFT JOIN uom_uom uom ON uom.id = line.product_uom_id
         LEFT JOIN (
                SELECT variant.id, (variant.standard_price ->> %(company)s)::numeric
                       / COALESCE(NULLIF(unit.factor, 0), 1)::numeric AS unit_cost
                  FROM product_product variant
                  JOIN product_template template
                    ON template.id = variant.product_tmpl_id
             LEFT JOIN uom_uom unit ON unit.id = template.uom_id) product
                ON product.id = line.product_id
         LEFT JOIN sale_order_line_invoice_rel link ON link.invoice_line_id = line.id
               -- the first order line where there are several: joined like this, the
               -- planner is free to hash for all months or to loop for one
               AND NOT EXISTS (
                SELECT 1 FROM sale_order_line_invoice_rel earlier
                 WHERE earlier.invoice_line_id = link.invoice_line_id
                   AND earlier.order_line_id < link.order_line_id)
         LEFT JOIN sale_order_line sold ON sold.id = link.order_line_id
         LEFT JOIN sale_order sale ON sale.id = sold.order_id
         LEFT JOIN uom_uom sold_uom ON sold_uom.id = sold.product_uom_id
          GROUP BY move.account_id, move.month
            """,
            types=REVENUE_TYPES,
            scope=scope,
            company=str(company.id),
            digits=company.currency_id.decimal_places,
        )

    @api.model
    def _orders_sql(self, scope, tz):
        """Number of confirmed orders by account and month of the company's clock."""
        return SQL(
            """
            SELECT account.id, date_trunc('month', sale.date_order
                       AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date,
                   0, 0, COUNT(*), 0, 0
              FROM key_account account
              JOIN res_partner customer
                ON customer.commercial_partner_id = account.partner_id
              JOIN sale_order sale ON sale.partner_id = customer.id
               AND sale.company_id = account.company_id AND sale.state = 'sale'
             WHERE %(scope)s
          GROUP BY 1, 2
            """,
            tz=tz,
            scope=scope,
        )

    @api.model
    def _payments_sql(self, scope):
        """Paid invoices by month of the invoice, and the days that each took."""
        return SQL(
            """
            SELECT account.id, date_trunc('month', move.invoice_date::timestamp)::date,
                   0, 0, 0, COUNT(*), SUM(payment.day - move.invoice_date)
              FROM key_account account
              JOIN account_move move ON move.commercial_partner_id = account.partner_id
               AND move.company_id = account.company_id
               AND move.state = 'posted'
               AND move.move_type IN ('out_invoice', 'out_receipt')
               AND move.payment_state IN ('paid', 'in_payment')
              JOIN LATERAL (
                SELECT MAX(partial.max_date) AS day
                  FROM account_partial_reconcile partial
                  JOIN account_move_line line ON line.id = partial.debit_move_id
                 WHERE line.move_id = move.id) payment ON payment.day IS NOT NULL
             WHERE %(scope)s
          GROUP BY 1, 2
            """,
            scope=scope,
        )

    @api.model
    def _cron_update(self):
        """Bring the figures up to date: what changed, then the rolling twelve months.

        Works in batches and commits after each; killed anywhere, it goes on with what
        is left in the queue.
        """
        Cron = self.env["ir.cron"]
        Queue = self.env["key.account.kpi.queue"]
        remaining = Queue.search_count([])
        Cron._commit_progress(remaining=remaining)
        while taken := Queue._take(BATCH):
            self._rebuild_taken(taken)
            remaining = max(remaining - BATCH, 0)
            if not Cron._commit_progress(BATCH, remaining=remaining):
                return
        # Archived accounts too: who opens one shall see the figures of today. Those
        # that waited longest come first, so that a short run still gets round.
        accounts = self.env["key.account"].search(
            [("active", "in", (True, False))], order="figures_to NULLS FIRST, id"
        )
        Cron._commit_progress(remaining=len(accounts))
        for start in range(0, len(accounts), BATCH):
            batch = accounts[start : start + BATCH]
            batch._refresh_figures()
            batch._refresh_health()
            if not Cron._commit_progress(len(batch)):
                return

    @api.model
    def _rebuild_taken(self, taken):
        """Rebuild what was taken from the queue, grouped by the same months."""
        by_months = {}
        for account_id, months in taken.items():
            by_months.setdefault(frozenset(months), []).append(account_id)
        Account = self.env["key.account"]
        for months, account_ids in by_months.items():
            self._rebuild(Account.browse(account_ids).exists(), months or None)

    def action_view_documents(self):
        """Open the invoice lines that make up this month's revenue."""
        self.ensure_one()
        return self.account_id._open_invoice_lines(
            self.month, self.month + relativedelta(months=1, days=-1)
        )
