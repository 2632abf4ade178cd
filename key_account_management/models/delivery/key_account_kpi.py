# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.tools import SQL


class KeyAccountKpi(models.Model):
    """How many order lines were due in the month, and how many came in time."""

    _inherit = "key.account.kpi"

    due_line_count = fields.Integer(
        string="Lines Due",
        readonly=True,
        help="Lines of confirmed orders promised for a day of this month that is over.",
    )
    on_time_line_count = fields.Integer(
        string="Lines on Time in Full",
        readonly=True,
        help="Of these, served in full up to the end of the promised day.",
    )
    otif_rate = fields.Float(
        string="On Time in Full (%)", readonly=True, aggregator="avg"
    )

    def _read_group_select(self, aggregate_spec, query):
        """Weigh the months by their lines where the rate is added up."""
        if aggregate_spec != "otif_rate:avg":
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "100.0 * SUM(%s) / NULLIF(SUM(%s), 0)",
            self._field_to_sql(self._table, "on_time_line_count", query),
            self._field_to_sql(self._table, "due_line_count", query),
        )

    @api.model
    def _rebuild(self, accounts, months=None):
        result = super()._rebuild(accounts, months)
        if not months:
            # Orders from before the customer became a key account, or from another one.
            self._fill_promises(accounts)
        only = SQL("month = ANY(%s::date[])", sorted(months)) if months else SQL("TRUE")
        self._fill_deliveries(accounts, only)
        return result

    @api.model
    def _fill_promises(self, accounts):
        """Keep the promised day of the orders of accounts that have none yet."""
        self.env["sale.order.line"]._fill_key_account_promises(
            SQL(
                """
                EXISTS (SELECT 1 FROM key_account account
                          JOIN res_partner customer
                            ON customer.commercial_partner_id = account.partner_id
                         WHERE account.id = ANY(%s) AND %s
                           AND customer.id = COALESCE(sale.key_account_partner_id,
                                                      sale.partner_id))
                """,
                accounts.ids,
                self.env["key.account"]._own_documents_sql("sale"),
            )
        )

    @api.model
    def _fill_deliveries(self, accounts, only):
        """Count the lines due and those on time, in one statement for each company.

        :param accounts: ``key.account`` records
        :param only: SQL condition on ``month``
        """
        self.env.flush_all()
        for company, of_company in accounts.grouped("company_id").items():
            self.env.cr.execute(self._deliveries_sql(of_company, company, only))
        self.invalidate_model()

    @api.model
    def _deliveries_sql(self, accounts, company, only):
        return SQL(
            """
            WITH delivery AS (
                SELECT account_id, month, COUNT(*)::int AS due,
                       (COUNT(*) FILTER (WHERE otif = 'on_time'))::int AS on_time
                  FROM (%(lines)s) line_due WHERE otif <> 'none' AND %(only)s
              GROUP BY account_id, month),
            cleared AS (
                UPDATE key_account_kpi kpi
                   SET due_line_count = 0, on_time_line_count = 0, otif_rate = 0
                 WHERE kpi.account_id = ANY(%(ids)s) AND %(only)s
                   AND kpi.due_line_count <> 0
                   AND NOT EXISTS (
                       SELECT 1 FROM delivery
                        WHERE delivery.account_id = kpi.account_id
                          AND delivery.month = kpi.month))
            INSERT INTO key_account_kpi AS kpi (
                   account_id, company_id, month, revenue, cost, margin, order_count,
                   paid_count, paid_days, paid_amount, paid_amount_days,
                   due_line_count, on_time_line_count,
                   otif_rate, create_uid, create_date, write_uid, write_date)
            SELECT account_id, %(company)s, month, 0, 0, 0, 0, 0, 0, 0, 0, due, on_time,
                   100.0 * on_time / due, %(uid)s, now() AT TIME ZONE 'UTC',
                   %(uid)s, now() AT TIME ZONE 'UTC'
              FROM delivery
       ON CONFLICT (account_id, month) DO UPDATE
               SET due_line_count = EXCLUDED.due_line_count,
                   on_time_line_count = EXCLUDED.on_time_line_count,
                   otif_rate = EXCLUDED.otif_rate,
                   write_uid = EXCLUDED.write_uid, write_date = EXCLUDED.write_date
             WHERE (kpi.due_line_count, kpi.on_time_line_count) IS DISTINCT FROM
                   (EXCLUDED.due_line_count, EXCLUDED.on_time_line_count)
            """,
            lines=self._lines_due_sql(accounts, company),
            ids=accounts.ids,
            company=company.id,
            only=only,
            uid=self.env.uid,
        )

    @api.model
    def _lines_due_sql(self, accounts, company, first=None, last=None):
        """Name the lines that were due up to yesterday, with what came of them.

        :param first: first promised day, all of them without it
        :param last: last promised day
        """
        return SQL(
            """
            SELECT account.id AS account_id,
                   date_trunc('month', line.key_account_promised_date::timestamp)::date
                       AS month,
                   %(otif)s AS otif
              FROM key_account account
              JOIN res_partner customer
                ON customer.commercial_partner_id = account.partner_id
              JOIN sale_order sale
                ON COALESCE(sale.key_account_partner_id, sale.partner_id) = customer.id
               AND %(own)s
              JOIN sale_order_line line ON line.order_id = sale.id
               AND line.state = 'sale'
               AND line.key_account_promised_date < %(today)s
               AND %(days)s
             WHERE account.id = ANY(%(ids)s)
            """,
            otif=self.env["sale.order.line"]._key_account_otif_sql(
                SQL.identifier("line"), company
            ),
            today=company._get_key_account_today(),
            days=SQL("line.key_account_promised_date BETWEEN %s AND %s", first, last)
            if first
            else SQL("TRUE"),
            own=self.env["key.account"]._own_documents_sql("sale"),
            ids=accounts.ids,
        )
