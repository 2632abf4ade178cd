# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models


class KeyAccountOverview(models.AbstractModel):
    """Promises that are still to be kept."""

    _inherit = "key.account.overview"

    def _overview_open(self):
        rows = super()._overview_open()
        promises = self.env["key.account.promise"].search(
            [("account_id", "=", self.id), ("state", "=", "open")]
        )
        if promises:
            rows.append(
                self._open_row(
                    self.env._("Promises"),
                    str(len(promises)),
                    "action_view_reviews",
                    bad=any(promises.mapped("is_late")),
                )
            )
        return rows
