# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models


class SaleOrder(models.Model):
    """The price waterfall of an order, before it is confirmed and after."""

    _inherit = "sale.order"

    key_account_waterfall = fields.Json(
        string="Price Waterfall",
        compute="_compute_key_account_waterfall",
        groups="key_account_management.group_key_account_user",
    )

    @api.depends_context("lang")
    @api.depends("amount_untaxed", "margin")
    def _compute_key_account_waterfall(self):
        for order in self:
            order.key_account_waterfall = (
                order.key_account_id
                and order.order_line._get_key_account_waterfall(order.currency_id)
            ) or False
