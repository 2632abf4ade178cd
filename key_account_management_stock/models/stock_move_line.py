# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models


class StockMoveLine(models.Model):
    """A delivery that is corrected after it was done is counted again."""

    _inherit = "stock.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.move_id._queue_key_account_deliveries()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if not {"quantity", "product_uom_id"}.isdisjoint(vals):
            self.move_id._queue_key_account_deliveries()
        return result
