# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.tools import SQL


class KeyAccountKpi(models.Model):
    _inherit = "key.account.kpi"

    due_line_count = fields.Integer(
        string="Lines Due",
        readonly=True,
        help="Order lines promised for a day of this month that has come.",
    )
    on_time_line_count = fields.Integer(
        string="Lines on Time in Full",
        readonly=True,
        help="Of these, delivered whole by the end of the promised day. What comes "
        "back later was delivered all the same.",
    )
    otif_rate = fields.Float(
        string="On Time in Full (%)",
        compute="_compute_otif_rate",
        store=True,
        aggregator=None,
    )

    @api.depends("due_line_count", "on_time_line_count")
    def _compute_otif_rate(self):
        for kpi in self:
            kpi.otif_rate = (
                100 * kpi.on_time_line_count / kpi.due_line_count
                if kpi.due_line_count
                else 0.0
            )

    @api.model
    def _rebuild(self, accounts, months=None):
        """Take the deliveries of the months as well, in one statement a company."""
        result = super()._rebuild(accounts, months)
        for company, of_company in accounts.grouped("company_id").items():
            self._rebuild_deliveries(company, of_company, months)
        self.invalidate_model()
        return result

    def _rebuild_deliveries(self, company, accounts, months):
        """Set what is due and on time, where it isn't right already."""
        today = fields.Date.context_today(
            self.with_context(tz=company._get_key_account_tz())
        )
        self.env.cr.execute(
            SQL(
                """
                WITH right_now AS (
                    SELECT account_id, month, SUM(due)::int AS due,
                           SUM(on_time)::int AS on_time
                      FROM (
                        SELECT due.account_id, due.month, COUNT(*) AS due,
                               COUNT(*) FILTER (WHERE due.is_on_time) AS on_time
                          FROM (%(lines)s) due
                         WHERE due.promised <= %(today)s
                      GROUP BY due.account_id, due.month
                         UNION ALL
                        SELECT account_id, month, 0, 0 FROM key_account_kpi
                         WHERE account_id = ANY(%(ids)s) AND due_line_count > 0
                      ) found
                     WHERE %(only)s
                  GROUP BY account_id, month)
                INSERT INTO key_account_kpi AS kpi (
                       account_id, company_id, month, revenue, cost, margin,
                       order_count, paid_count, paid_days, due_line_count,
                       on_time_line_count, otif_rate)
                SELECT account_id, %(company)s, month, 0, 0, 0, 0, 0, 0, due, on_time,
                       COALESCE(100.0 * on_time / NULLIF(due, 0), 0)
                  FROM right_now
           ON CONFLICT (account_id, month) DO UPDATE
                   SET due_line_count = EXCLUDED.due_line_count,
                       on_time_line_count = EXCLUDED.on_time_line_count,
                       otif_rate = EXCLUDED.otif_rate
                 WHERE (kpi.due_line_count, kpi.on_time_line_count) IS DISTINCT FROM
                       (EXCLUDED.due_line_count, EXCLUDED.on_time_line_count)
                """,
                lines=accounts._due_lines_sql(company),
                today=today,
                ids=accounts.ids,
                company=company.id,
                only=SQL("month = ANY(%s::date[])", sorted(months))
                if months
                else SQL("TRUE"),
            )
        )

    @api.model
    def _snapshots_sql(self, scope):
        """Keep months that have deliveries due and nothing else."""
        return SQL(
            """
            %s UNION ALL
            SELECT account.id, kpi.month, 0, 0, 0, 0, 0
              FROM key_account account
              JOIN key_account_kpi kpi ON kpi.account_id = account.id
               AND kpi.due_line_count > 0
             WHERE %s
            """,
            super()._snapshots_sql(scope),
            scope,
        )
