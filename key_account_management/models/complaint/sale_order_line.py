# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _compute_key_account_floor(self):
        result = super()._compute_key_account_floor()
        for line in self:
            # sudo: whether it is a replacement, decided on with the complaint.
            if line.order_id.sudo().key_account_complaint_id and not line.price_unit:
                line.key_account_is_below_floor = False
        return result
