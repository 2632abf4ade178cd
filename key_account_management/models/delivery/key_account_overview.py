# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models
from odoo.tools import formatLang


class KeyAccountOverview(models.AbstractModel):
    """How well the customer is supplied, and what is late."""

    _inherit = "key.account.overview"

    def _overview_figures(self):
        figures = super()._overview_figures()
        if self.due_line_count_12m:
            figures.append(
                self._figure(
                    self.env._("On Time in Full"),
                    self.env._(
                        "%s %%", formatLang(self.env, self.otif_rate_12m, digits=0)
                    ),
                    None,
                    "action_view_otif_lines",
                )
            )
        return figures

    def _overview_open(self):
        rows = super()._overview_open()
        late = self.env["sale.order.line"].search_count(self._late_lines_domain())
        if late:
            rows.append(
                self._open_row(
                    self.env._("Late Deliveries"),
                    str(late),
                    "action_view_late_lines",
                    bad=True,
                )
            )
        return rows
