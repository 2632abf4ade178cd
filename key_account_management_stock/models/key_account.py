# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.key_account_management.models.tools.records import open_records

DELIVERY_FIGURES = {"due_line_count_12m", "otif_rate_12m"}


class KeyAccount(models.Model):
    _inherit = "key.account"
    _server_written = DELIVERY_FIGURES

    due_line_count_12m = fields.Integer(string="Lines Due (12 Months)", readonly=True)
    otif_rate_12m = fields.Float(
        string="On Time in Full (%)",
        readonly=True,
        aggregator="avg",
        help="Share of the order lines promised in 12 months that were shipped in full "
        "up to the end of the promised day.",
    )

    def _refresh_figures(self):
        # Lines fall due as days pass: count again from the last time on.
        days = self.mapped("figures_to")
        only = (
            SQL("month >= %s", min(days).replace(day=1)) if all(days) else SQL("TRUE")
        )
        self.env["key.account.kpi"]._fill_deliveries(self, only)
        result = super()._refresh_figures()
        self.env.cr.execute(
            SQL(
                """
                UPDATE key_account account
                   SET due_line_count_12m = monthly.due,
                       otif_rate_12m = monthly.rate
                  FROM (SELECT chosen.id, COALESCE(SUM(kpi.due_line_count), 0) AS due,
                               COALESCE(100.0 * SUM(kpi.on_time_line_count)
                                   / NULLIF(SUM(kpi.due_line_count), 0), 0) AS rate
                          FROM key_account chosen
                     LEFT JOIN key_account_kpi kpi ON kpi.account_id = chosen.id
                           AND kpi.month BETWEEN chosen.figures_from
                               AND chosen.figures_to
                         WHERE chosen.id = ANY(%s)
                      GROUP BY chosen.id) monthly
                 WHERE account.id = monthly.id
                   AND (account.due_line_count_12m, account.otif_rate_12m)
                       IS DISTINCT FROM (monthly.due, monthly.rate)
                """,
                self.ids,
            )
        )
        self.invalidate_recordset(DELIVERY_FIGURES)
        return result

    def action_view_otif_lines(self):
        """Open the order lines that make up the share on time in full."""
        self.ensure_one()
        return open_records(
            self.env,
            "key_account_management_stock.sale_order_line_action_otif",
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
