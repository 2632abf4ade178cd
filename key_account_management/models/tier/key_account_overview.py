# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models


class KeyAccountOverview(models.AbstractModel):
    """A change of tier, or own terms, that wait for a decision."""

    _inherit = "key.account.overview"

    def _overview_open(self):
        rows = super()._overview_open()
        if change := self.pending_tier_change_id:
            rows.append(
                self._open_row(
                    self.env._("Tier Change to Approve"),
                    change.to_tier_id.name or self.env._("no tier"),
                )
            )
        if self.key_account_approval_state == "pending":
            rows.append(
                self._open_row(self.env._("Own Terms"), self.env._("to approve"))
            )
        return rows
