# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.tools import float_compare

#: Margins are compared to a hundredth of a per cent.
MARGIN_DIGITS = 4


class SaleOrderLine(models.Model):
    """The margin floor of a line, and what was released below it."""

    _name = "sale.order.line"
    _inherit = ["sale.order.line", "key.account.server.written"]
    _server_written = ("key_account_released_margin", "key_account_released_qty")

    key_account_margin_floor = fields.Float(
        string="Margin Floor (%)",
        compute="_compute_key_account_floor",
        groups="base.group_user",
        help="The floor of the price list; if it has none, that of the company. "
        "0: no floor.",
    )
    key_account_is_below_floor = fields.Boolean(
        string="Below the Floor",
        compute="_compute_key_account_floor",
        groups="base.group_user",
    )
    key_account_released_margin = fields.Float(
        string="Margin Released", copy=False, readonly=True, groups="base.group_user"
    )
    key_account_released_qty = fields.Float(
        string="Quantity Released",
        copy=False,
        readonly=True,
        digits="Product Unit",
        groups="base.group_user",
    )

    @api.depends(
        "margin_percent",
        "product_id",
        "order_id.pricelist_id",
        "order_id.key_account_id",
    )
    def _compute_key_account_floor(self):
        for line in self:
            order = line.order_id
            # sudo: the clerk sees the floor, but not the account or its list.
            counts = (
                order.sudo().key_account_id
                and line.product_id
                and not line.is_downpayment
                and not line.is_reward_line
                and line.product_uom_qty > 0
            )
            floor = counts and (
                order.pricelist_id.sudo().key_account_margin_floor
                or order.company_id.key_account_margin_floor
            )
            line.key_account_margin_floor = floor or 0.0
            line.key_account_is_below_floor = bool(floor) and (
                float_compare(
                    line.margin_percent, floor / 100, precision_digits=MARGIN_DIGITS
                )
                < 0
            )

    def _is_floor_released(self):
        """Tell whether the line is at least as good as what was released."""
        self.ensure_one()
        return (
            self.key_account_released_qty > 0
            and float_compare(
                self.margin_percent,
                self.key_account_released_margin,
                precision_digits=MARGIN_DIGITS,
            )
            >= 0
            and self.product_uom_qty <= self.key_account_released_qty
        )
