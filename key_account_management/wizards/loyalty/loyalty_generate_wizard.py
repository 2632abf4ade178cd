# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models


class LoyaltyGenerateWizard(models.TransientModel):
    """Cards made in bulk: their first points go through the ledger, too."""

    _inherit = "loyalty.generate.wizard"

    def _get_coupon_values(self, partner):
        values = super()._get_coupon_values(partner)
        if self.program_id.key_account_ledger:
            # The history line that core writes next will book the points.
            values["points"] = 0
        return values
