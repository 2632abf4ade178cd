# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models


class SaleOrderLine(models.Model):
    """The bonus that an order line will cost, in its price waterfall."""

    _inherit = "sale.order.line"

    def _get_key_account_later_steps(self):
        steps = super()._get_key_account_later_steps()
        # sudo: rates are the same for every user who sees the waterfall.
        account = self.order_id.sudo().key_account_id
        if not account:
            return steps
        day = self.company_id._get_key_account_today()
        amount = 0.0
        for rebate in account._get_running_rebates(day):
            amount += rebate.effective_rate * sum(
                line.price_subtotal
                for line in self
                if not line.display_type and rebate._matches_product(line.product_id)
            )
        return {**steps, "rebate": -amount / 100}
