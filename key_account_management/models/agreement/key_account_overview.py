# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models

from ..account.key_account_overview import RECENT


class KeyAccountOverview(models.AbstractModel):
    """Agreements that wait for a decision, and those of late."""

    _inherit = "key.account.overview"

    def _overview_open(self):
        rows = super()._overview_open()
        waiting = self.agreement_ids.filtered(lambda a: a.state == "to_approve")
        if waiting:
            rows.append(
                self._open_row(
                    self.env._("Agreements to Approve"),
                    str(len(waiting)),
                    "action_view_agreements",
                )
            )
        return rows

    def _overview_recent(self):
        rows = super()._overview_recent()
        for agreement in self.agreement_ids.sorted("id")[-RECENT:]:
            label = self.env._("Agreement %s", agreement.display_name)
            rows.append(
                (agreement.date_start, self._recent(agreement, "fa-file-text", label))
            )
        return rows
