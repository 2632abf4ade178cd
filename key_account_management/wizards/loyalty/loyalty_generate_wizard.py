# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models


class LoyaltyGenerateWizard(models.TransientModel):
    _inherit = "loyalty.generate.wizard"

    def _get_coupon_values(self, partner):
        values = super()._get_coupon_values(partner)
        if self.program_id.is_point_ledger:
            # The history line that core writes next books the points.
            values["points"] = 0
        return values
