# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def write(self, vals):
        result = super().write(vals)
        if "purchase_price" in vals:
            # A cost corrected later changes the margin of what was invoiced.
            moves = self.invoice_lines.move_id
            moves.filtered(
                lambda move: move.state == "posted" and move.sudo().key_account_id
            )._take_key_account_cost()
            self.env["key.account.kpi.queue"]._add(moves._key_account_months())
        return result
