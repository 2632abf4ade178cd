# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models

from odoo.addons.key_account_management.models.account.key_account_day import (
    Signal,
    Step,
)


class KeyAccountDay(models.AbstractModel):
    """Gaps among the stakeholders of an account."""

    _inherit = "key.account.day"

    @api.model
    def _day_kinds(self):
        return {
            **super()._day_kinds(),
            "stakeholder": ("close", self.env._("Gap Among Stakeholders")),
        }

    @api.model
    def _day_signals(self, accounts, today):
        signals = super()._day_signals(accounts, today)
        gaps = self.env["key.account.stakeholder.gap"]._get_gaps(accounts)
        for account in accounts:
            if account.id not in gaps:
                continue
            first, *others = gaps[account.id]
            signals.append(
                Signal(
                    "stakeholder",
                    account,
                    account,
                    first,
                    " ".join(others),
                    account.revenue_12m,
                    step=Step(self.env._("Stakeholders"), "action_view_stakeholders"),
                )
            )
        return signals
