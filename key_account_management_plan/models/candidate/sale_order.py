# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models


class SaleOrder(models.Model):
    """The first order makes a candidate an account."""

    _inherit = "sale.order"

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") == "sale":
            for order in self:
                # sudo: whose first order it is, for every user who confirms it.
                account = order.sudo().key_account_id
                if account.state == "candidate":
                    account._become_account(order)
        return result
