# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models
from odoo.tools import formatLang

from ..tools.records import open_records


class KeyAccountOverview(models.AbstractModel):
    """The headline figures, and money that waits."""

    _inherit = "key.account.overview"

    def _overview_figures(self):
        """Add the figures of twelve months, each with its trend."""
        figures = super()._overview_figures()
        if not self.figures_to:
            return figures
        growth = self.growth if self.revenue_prev_12m else None
        figures += [
            self._figure(
                self.env._("Revenue (12 Months)"),
                self._format_amount(self.revenue_12m),
                growth,
                "action_view_revenue_12m",
                self.env._("against the year before"),
            ),
            self._figure(
                self.env._("Margin"),
                self.env._("%s %%", formatLang(self.env, self.margin_rate, digits=1)),
                None,
                "action_view_kpis",
            ),
            self._figure(
                self.env._("Orders"),
                str(self.order_count_12m),
                None,
                "action_view_sale_orders",
            ),
        ]
        return figures + self._overview_habits()

    def _overview_habits(self):
        """Return how the customer pays, and the health of the account."""
        figures = []
        if self.days_to_pay_weight:
            figures.append(
                self._figure(
                    self.env._("Days to Pay"),
                    formatLang(self.env, self.days_to_pay, digits=0),
                    None,
                    "action_view_invoices",
                )
            )
        if self.health_date:
            figures.append(
                self._figure(
                    self.env._("Health"),
                    formatLang(self.env, self.health_score, digits=0),
                    self.health_moved,
                    "action_view_health",
                    self.env._("points since last month"),
                    unit="",
                )
            )
        return figures

    def _figure(self, label, value, trend, action, hint="", unit=" %"):
        """Return a headline figure.

        :param trend: number that is good above zero, None where there is none
        """
        text = ""
        if trend is not None:
            sign = "+" if trend > 0 else "±" if not trend else ""
            text = f"{sign}{formatLang(self.env, trend, digits=1)}{unit} {hint}"
        return {
            "label": label,
            "value": value,
            "trend": text,
            "good": None if not trend else trend > 0,
            "action": action,
        }

    def _overview_open(self):
        rows = super()._overview_open()
        if self.open_quotation_amount:
            rows.append(
                self._open_row(
                    self.env._("Open Quotations"),
                    self._format_amount(self.open_quotation_amount),
                    "action_view_open_quotations",
                )
            )
        if self.overdue_amount > 0:
            rows.append(
                self._open_row(
                    self.env._("Overdue"),
                    self._format_amount(self.overdue_amount),
                    "action_view_overdue",
                    bad=True,
                )
            )
        return rows

    def action_view_health(self):
        """Open the components of the account's health, month by month."""
        self.ensure_one()
        self.check_access("read")
        return open_records(
            self.env,
            "key_account_management.key_account_health_action",
            [("account_id", "=", self.id)],
        )
