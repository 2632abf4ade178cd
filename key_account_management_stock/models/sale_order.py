# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def write(self, vals):
        if {"commitment_date", "state", "date_order"}.isdisjoint(vals):
            return super().write(vals)
        # The month that the promise leaves counts as much as the one it comes to.
        months = self.order_line._key_account_promised_months()
        result = super().write(vals)
        months += self.order_line._key_account_promised_months()
        self.env["key.account.kpi.queue"]._add(months)
        return result
