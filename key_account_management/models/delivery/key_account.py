# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.records import open_records

DELIVERY_FIGURES = {"due_line_count_12m", "otif_rate_12m"}


class KeyAccount(models.Model):
    """The share of twelve months' promises that was kept."""

    _inherit = "key.account"
    _server_written = DELIVERY_FIGURES

    due_line_count_12m = fields.Integer(string="Lines Due (12 Months)", readonly=True)
    otif_rate_12m = fields.Float(
        string="On Time in Full (%)",
        readonly=True,
        aggregator="avg",
        help="Share of the order lines promised in 12 months that were served in full "
        "up to the end of the promised day.",
    )

    def _refresh_figures(self):
        if not self:
            return super()._refresh_figures()
        # Lines fall due as days pass: count again from the last time on.
        days = self.mapped("figures_to")
        only = (
            SQL("month >= %s", min(days).replace(day=1)) if all(days) else SQL("TRUE")
        )
        self.env["key.account.kpi"]._fill_deliveries(self, only)
        result = super()._refresh_figures()
        for company, accounts in self.grouped("company_id").items():
            self.env.cr.execute(accounts._otif_sql(company))
        self.invalidate_recordset(DELIVERY_FIGURES)
        return result

    def _otif_sql(self, company):
        """Build the statement that adds up the twelve months of these accounts.

        The first month doesn't count from its beginning, so its lines are looked at.
        """
        first = self._figures_period(company._get_key_account_today())
        last = first + relativedelta(day=31)
        Kpi = self.env["key.account.kpi"]
        return SQL(
            """
            UPDATE key_account account
               SET due_line_count_12m = total.due, otif_rate_12m = total.rate
              FROM (SELECT chosen.id, COALESCE(SUM(part.due), 0) AS due,
                           COALESCE(100.0 * SUM(part.on_time)
                               / NULLIF(SUM(part.due), 0), 0) AS rate
                      FROM key_account chosen
                 LEFT JOIN (
                    SELECT account_id, due_line_count AS due,
                           on_time_line_count AS on_time
                      FROM key_account_kpi
                     WHERE account_id = ANY(%(ids)s) AND month > %(last)s
                 UNION ALL
                    SELECT account_id, COUNT(*),
                           COUNT(*) FILTER (WHERE otif = 'on_time')
                      FROM (%(lines)s) line_due
                     WHERE otif <> 'none' GROUP BY account_id
                      ) part ON part.account_id = chosen.id
                     WHERE chosen.id = ANY(%(ids)s)
                  GROUP BY chosen.id) total
             WHERE account.id = total.id
               AND (account.due_line_count_12m, account.otif_rate_12m)
                   IS DISTINCT FROM (total.due, total.rate)
            """,
            ids=self.ids,
            last=last,
            lines=Kpi._lines_due_sql(self, company, first, last),
        )

    def action_view_otif_lines(self):
        """Open the order lines that make up the share on time in full."""
        self.ensure_one()
        self.check_access("read")
        return open_records(
            self.env,
            "key_account_management.sale_order_line_action_otif",
            self._customer_domain(
                self.env["sale.order.line"], "order_id.", "order_partner_id"
            )
            & Domain(
                [
                    ("key_account_promised_date", ">=", self.figures_from),
                    ("key_account_promised_date", "<", self.figures_to),
                    ("key_account_otif", "in", ["on_time", "late"]),
                ]
            ),
            context={"create": False, "edit": False},
        )

    def _late_lines_domain(self):
        """Return the domain of the customers' order lines that are late."""
        own = self._customer_domain(
            self.env["sale.order.line"], "order_id.", "order_partner_id"
        )
        return Domain("key_account_is_overdue", "=", True) & own

    def action_view_late_lines(self):
        """Open the customer's order lines that are late."""
        self.check_access("read")
        self.ensure_one()
        return open_records(
            self.env,
            "key_account_management.sale_order_line_action_late",
            self._late_lines_domain(),
        )

    def _report_sections(self, period):
        """Add how many deliveries of the month were on time in full."""
        sections = super()._report_sections(period)
        groups = self.env["key.account.kpi"]._read_group(
            [("account_id", "in", self.ids), ("month", "=", period[0])],
            ["account_id"],
            ["due_line_count:sum", "on_time_line_count:sum"],
        )
        rows = [
            (account.partner_name, due, on_time, 100.0 * on_time / due)
            for account, due, on_time in groups
            if due
        ]
        if rows:
            sections.append(
                {
                    "key": "deliveries",
                    "sequence": 37,
                    "title": self.env._("Deliveries"),
                    "internal": True,
                    "head": True,
                    "columns": [
                        self._report_account_column(),
                        (self.env._("Lines Due"), "number"),
                        (self.env._("On Time in Full"), "number"),
                        (self.env._("On Time in Full (%)"), "decimal"),
                    ],
                    "rows": rows,
                }
            )
        return sections
