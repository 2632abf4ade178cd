# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.batches import in_batches
from ..tools.company_day import day_sql

#: Documents whose amounts are revenue; drafts and cancelled ones never count.
REVENUE_TYPES = ("out_invoice", "out_refund", "out_receipt")
#: The customer for whom an invoice called ``move`` counts.
MOVE_CUSTOMER = SQL("COALESCE(move.key_account_partner_id, move.commercial_partner_id)")

BATCH = 500


class KeyAccountKpi(models.Model):
    """What a key account's documents amount to, month by month."""

    _name = "key.account.kpi"
    _description = "Key Account Figures of a Month"
    _inherit = ["key.account.server.written"]
    _order = "month desc, account_id"
    _rec_name = "account_id"

    account_id = fields.Many2one(
        "key.account", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    manager_id = fields.Many2one(related="account_id.manager_id")
    month = fields.Date(required=True, readonly=True, index=True)
    revenue = fields.Monetary(
        readonly=True,
        help="Posted invoices minus credit notes, without taxes, in company currency "
        "at the rate of the invoice date.",
    )
    cost = fields.Monetary(
        readonly=True,
        help="Cost of what was invoiced: of the order line, or else of the product.",
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
    paid_amount = fields.Monetary(
        readonly=True,
        help="What was paid by now of the invoices of this month, in company currency. "
        "Credits and write-offs are no payments.",
    )
    paid_amount_days = fields.Float(
        string="Days to Pay × Amount",
        readonly=True,
        help="Amounts paid, each times its days from invoice to payment.",
    )
    snapshot_date = fields.Date(
        string="As Of",
        readonly=True,
        help="Day on which the open amounts below were last taken.",
    )
    overdue_amount = fields.Monetary(
        string="Overdue",
        readonly=True,
        aggregator=None,
        help="At the end of the month.",
    )
    credit_exposure = fields.Monetary(
        readonly=True, aggregator=None, help="At the end of the month."
    )
    open_quotation_amount = fields.Monetary(
        string="Open Quotations",
        readonly=True,
        aggregator=None,
        help="At the end of the month.",
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
        only = only or SQL("TRUE")
        execute = self.env.cr.execute
        self.env["account.move"]._fill_key_account_cost(scope)
        execute("DROP TABLE IF EXISTS key_account_kpi_new")
        execute(
            SQL(
                """
                CREATE TEMPORARY TABLE key_account_kpi_new ON COMMIT DROP AS
                SELECT account_id, month, SUM(revenue) AS revenue, SUM(cost) AS cost,
                       SUM(orders)::int AS orders, SUM(paid)::int AS paid,
                       SUM(days)::int AS days, SUM(amount) AS amount,
                       SUM(amount_days) AS amount_days
                  FROM (%(invoices)s UNION ALL %(orders)s UNION ALL %(payments)s
                        UNION ALL %(snapshots)s) AS document
                 WHERE %(only)s
              GROUP BY account_id, month
                """,
                invoices=self._invoices_sql(scope),
                orders=self._orders_sql(scope, company._get_key_account_tz()),
                payments=self._payments_sql(scope),
                snapshots=self._snapshots_sql(scope),
                only=only,
            )
        )
        execute("ANALYZE key_account_kpi_new")
        execute(self._insert_sql(company))
        execute(self._delete_sql(scope, only))

    @api.model
    def _insert_sql(self, company):
        """Write the new rows of a company, and those that have changed."""
        return SQL(
            """
            INSERT INTO key_account_kpi AS kpi (
                   account_id, company_id, month, revenue, cost, margin, order_count,
                   paid_count, paid_days, paid_amount, paid_amount_days,
                   create_uid, create_date, write_uid, write_date)
            SELECT account_id, %(company)s, month, revenue, cost, revenue - cost,
                   orders, paid, days, amount, amount_days,
                   %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
              FROM key_account_kpi_new new
             WHERE NOT EXISTS (
                   SELECT 1 FROM key_account_kpi old
                    WHERE old.account_id = new.account_id
                      AND old.month = new.month AND old.revenue = new.revenue
                      AND old.cost = new.cost AND old.order_count = new.orders
                      AND old.paid_count = new.paid AND old.paid_days = new.days
                      AND old.paid_amount = new.amount
                      AND old.paid_amount_days = new.amount_days)
       ON CONFLICT (account_id, month) DO UPDATE
               SET revenue = EXCLUDED.revenue, cost = EXCLUDED.cost,
                   margin = EXCLUDED.margin, order_count = EXCLUDED.order_count,
                   paid_count = EXCLUDED.paid_count, paid_days = EXCLUDED.paid_days,
                   paid_amount = EXCLUDED.paid_amount,
                   paid_amount_days = EXCLUDED.paid_amount_days,
                   write_uid = EXCLUDED.write_uid, write_date = EXCLUDED.write_date
            """,
            company=company.id,
            uid=self.env.uid,
        )

    @api.model
    def _delete_sql(self, scope, only):
        """Delete the months of which nothing is left."""
        return SQL(
            """
            DELETE FROM key_account_kpi kpi
             USING key_account account
             WHERE account.id = kpi.account_id AND %(scope)s AND %(only)s
               AND NOT EXISTS (
                   SELECT 1 FROM key_account_kpi_new new
                    WHERE new.account_id = kpi.account_id AND new.month = kpi.month)
            """,
            scope=scope,
            only=only,
        )

    @api.model
    def _invoices_sql(self, scope):
        """Add up revenue and cost by account and month, from what invoices keep.

        Both are in company currency, at the rate of the invoice date and at the cost
        when it was posted.
        """
        return SQL(
            """
            SELECT account.id AS account_id,
                   date_trunc('month', move.invoice_date::timestamp)::date AS month,
                   SUM(move.amount_untaxed_signed) AS revenue,
                   COALESCE(SUM(move.key_account_cost), 0) AS cost,
                   0 AS orders, 0 AS paid, 0 AS days, 0 AS amount, 0 AS amount_days
              FROM key_account account
              JOIN account_move move
                ON COALESCE(move.key_account_partner_id,
                            move.commercial_partner_id) = account.partner_id
               AND %(own)s
               AND move.state = 'posted' AND move.move_type IN %(types)s
             WHERE %(scope)s
          GROUP BY 1, 2
            """,
            own=self.env["key.account"]._own_documents_sql("move"),
            types=REVENUE_TYPES,
            scope=scope,
        )

    @api.model
    def _orders_sql(self, scope, tz):
        """Count confirmed orders by account and by the month of the company's clock."""
        return SQL(
            """
            SELECT account.id, date_trunc('month', %(day)s::timestamp)::date,
                   0, 0, COUNT(*), 0, 0, 0, 0
              FROM key_account account
              JOIN res_partner customer
                ON customer.commercial_partner_id = account.partner_id
              JOIN sale_order sale
                ON COALESCE(sale.key_account_partner_id, sale.partner_id) = customer.id
               AND %(own)s AND sale.state = 'sale'
             WHERE %(scope)s AND %(counts)s
          GROUP BY 1, 2
            """,
            counts=self.env["sale.order"]._key_account_counted_sql(),
            own=self.env["key.account"]._own_documents_sql("sale"),
            day=day_sql(SQL("sale.date_order"), tz),
            scope=scope,
        )

    @api.model
    def _payments_sql(self, scope):
        """Add up by the month of the invoice what was paid, and after how many days.

        An invoice that is wholly paid counts with the days until its last payment.
        """
        return SQL(
            """
            SELECT account.id, date_trunc('month', move.invoice_date::timestamp)::date,
                   0, 0, 0, COUNT(*) FILTER (WHERE %(is_paid)s),
                   COALESCE(SUM(payment.day - move.invoice_date)
                       FILTER (WHERE %(is_paid)s), 0),
                   SUM(payment.amount), SUM(payment.amount_days)
              FROM key_account account
              JOIN account_move move ON COALESCE(move.key_account_partner_id,
                            move.commercial_partner_id) = account.partner_id
               AND %(own)s
               AND move.state = 'posted'
               AND move.move_type IN ('out_invoice', 'out_receipt')
              JOIN LATERAL (%(payments)s) payment ON payment.day IS NOT NULL
             WHERE %(scope)s
          GROUP BY 1, 2
            """,
            is_paid=SQL("move.payment_state IN ('paid', 'in_payment')"),
            own=self.env["key.account"]._own_documents_sql("move"),
            payments=self.env["account.move"]._key_account_payments_sql(),
            scope=scope,
        )

    @api.model
    def _snapshots_sql(self, scope):
        """Keep the months that tell what was open at their end, documents or not."""
        return SQL(
            """
            SELECT account.id, kpi.month, 0, 0, 0, 0, 0, 0, 0
              FROM key_account account
              JOIN key_account_kpi kpi ON kpi.account_id = account.id
               AND kpi.snapshot_date IS NOT NULL
             WHERE %(scope)s
            """,
            scope=scope,
        )

    @api.model
    def _take_snapshots(self, accounts):
        """Put on this month's row what is open now; after its end it stays so.

        :param accounts: ``key.account`` records with fresh figures
        """
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO key_account_kpi AS kpi (
                       account_id, company_id, month, revenue, cost, margin,
                       order_count, paid_count, paid_days, paid_amount,
                       paid_amount_days, snapshot_date,
                       overdue_amount, credit_exposure, open_quotation_amount)
                SELECT id, company_id, date_trunc('month', figures_to::timestamp)::date,
                       0, 0, 0, 0, 0, 0, 0, 0, figures_to,
                       overdue_amount, credit_exposure, open_quotation_amount
                  FROM key_account
                 WHERE id = ANY(%(ids)s) AND figures_to IS NOT NULL
                   AND (overdue_amount, credit_exposure, open_quotation_amount)
                       IS DISTINCT FROM (0, 0, 0)
           ON CONFLICT (account_id, month) DO UPDATE
                   SET snapshot_date = EXCLUDED.snapshot_date,
                       overdue_amount = EXCLUDED.overdue_amount,
                       credit_exposure = EXCLUDED.credit_exposure,
                       open_quotation_amount = EXCLUDED.open_quotation_amount
                 WHERE (kpi.overdue_amount, kpi.credit_exposure,
                        kpi.open_quotation_amount)
                       IS DISTINCT FROM (EXCLUDED.overdue_amount,
                           EXCLUDED.credit_exposure, EXCLUDED.open_quotation_amount)
                """,
                ids=accounts.ids,
            )
        )
        self.env.cr.execute(self._clear_snapshots_sql(accounts))
        self.invalidate_model()

    @api.model
    def _clear_snapshots_sql(self, accounts):
        """Set to zero what was open yesterday and isn't any more."""
        return SQL(
            """
            UPDATE key_account_kpi kpi
               SET overdue_amount = 0, credit_exposure = 0, open_quotation_amount = 0
              FROM key_account account
             WHERE account.id = ANY(%s) AND kpi.account_id = account.id
               AND kpi.month = date_trunc('month', account.figures_to::timestamp)
               AND kpi.snapshot_date IS NOT NULL
               AND (account.overdue_amount, account.credit_exposure,
                    account.open_quotation_amount) = (0, 0, 0)
               AND (kpi.overdue_amount, kpi.credit_exposure,
                    kpi.open_quotation_amount) IS DISTINCT FROM (0, 0, 0)
            """,
            accounts.ids,
        )

    @api.model
    def _cron_update(self):
        """Bring the figures up to date: what changed, then the rolling twelve months.

        Works in batches and commits after each; killed anywhere, it goes on with what
        is left in the queue.
        """
        # Archived accounts too, so that they show today's figures when they are opened.
        # Those that waited longest come first, so that short runs get round in the end.
        accounts = self.env["key.account"].search(
            [("active", "in", (True, False))], order="figures_to NULLS FIRST, id"
        )
        if not in_batches(accounts, BATCH, self._refresh_accounts):
            return
        Customer = self.env["key.account.customer"]
        if not in_batches(accounts.company_id, 1, Customer._fill):
            return
        # Managers' targets at the end, even of managers who have no account any more.
        Target = self.env["key.account.target"]
        targets = Target.search([("scope", "=", "manager")])
        in_batches(targets, BATCH, lambda batch: batch._refresh())

    @api.model
    def _refresh_accounts(self, accounts):
        self._rebuild_queued(accounts)
        accounts._refresh_figures()
        accounts._refresh_health()
        targets = self.env["key.account.target"].search(
            [("account_id", "in", accounts.ids)]
        )
        targets._refresh()

    @api.model
    def _rebuild_queued(self, accounts):
        """Rebuild what is in the queue for accounts, grouped by the same months."""
        taken = self.env["key.account.kpi.queue"]._take(accounts)
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
