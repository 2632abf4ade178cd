# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models

#: Fields of an order that can move its lines to another month.
PROMISE_FIELDS = {"state", "date_order", "commitment_date", "partner_id"}


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def write(self, vals):
        if PROMISE_FIELDS.isdisjoint(vals):
            return super().write(vals)
        before = self.order_line._key_account_delivery_months()
        result = super().write(vals)
        self.order_line._queue_key_account_deliveries(before)
        return result
