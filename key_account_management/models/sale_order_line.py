# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.tools import float_compare

#: Margins are compared to a hundredth of a per cent.
MARGIN_DIGITS = 4


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    key_account_list_price = fields.Float(
        string="List Price",
        compute="_compute_key_account_price",
        store=True,
        precompute=True,
        min_display_digits="Product Price",
        groups="base.group_user",
        help="What the unit costs every customer, in the currency of the order.",
    )
    key_account_rule_price = fields.Float(
        string="Special Price",
        compute="_compute_key_account_price",
        store=True,
        precompute=True,
        min_display_digits="Product Price",
        groups="base.group_user",
        help="What the unit costs by the price list, before discounts given by hand.",
    )
    key_account_price_origin = fields.Char(
        string="Where the Price Comes from",
        compute="_compute_key_account_price",
        store=True,
        precompute=True,
        groups="base.group_user",
    )
    key_account_margin_floor = fields.Float(
        string="Margin Floor (%)",
        compute="_compute_key_account_floor",
        groups="base.group_user",
        help="Of the price list, else of the company. 0: none.",
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

    def _compute_pricelist_item_id(self):
        """Where the account gets the best of all lists, take the cheapest rule."""
        result = super()._compute_pricelist_item_id()
        for order, lines in self.grouped("order_id").items():
            # sudo: prices are the same whoever writes the order.
            account = order.sudo().key_account_id
            if not account or account.pricelist_mode != "best":
                continue
            for pricelist in order._key_account_rival_pricelists(account):
                for line in lines.filtered("pricelist_item_id"):
                    line._take_cheaper_rule(pricelist)
        return result

    def _take_cheaper_rule(self, pricelist):
        """Take the rule of another list where its price is lower."""
        self.ensure_one()
        kwargs = self._get_pricelist_kwargs()
        product = self.product_id.with_context(**self._get_product_price_context())
        item = self.env["product.pricelist.item"].browse(
            pricelist._get_product_rule(product=self.product_id, **kwargs)
        )
        if item and item._compute_price(
            product=product, **kwargs
        ) < self.pricelist_item_id._compute_price(product=product, **kwargs):
            self.pricelist_item_id = item

    @api.depends("price_unit", "product_id", "product_uom_id", "order_id.pricelist_id")
    def _compute_key_account_price(self):
        for order, lines in self.grouped("order_id").items():
            # sudo: the account is asked for being there alone.
            is_special = bool(order.sudo().key_account_id)
            is_open = order.state in ("draft", "sent")
            for line in lines:
                if not is_special or not line.product_id:
                    line.key_account_list_price = 0.0
                    line.key_account_rule_price = 0.0
                    line.key_account_price_origin = False
                elif is_open or not line._origin:
                    # An order that is confirmed keeps what it was priced by.
                    line._set_key_account_price()

    def _set_key_account_price(self):
        """Write list price, special price and origin, with as little work as can be.

        Where the rule is a percentage off the list price, core has the list price on
        the line already.
        """
        self.ensure_one()
        item, technical = self.pricelist_item_id, self.technical_price_unit
        is_by_rule = not float_compare(self.price_unit, technical, precision_digits=6)
        if (
            is_by_rule
            and technical
            and item.compute_price == "percentage"
            and item.base == "list_price"
            and item._show_discount()
            and item.percent_price >= 0
        ):
            list_price = technical
            rule_price = technical * (1 - item.percent_price / 100)
        else:
            no_rule = item.browse()
            kwargs = self._get_pricelist_kwargs()
            product = self.product_id.with_context(**self._get_product_price_context())
            list_price = no_rule._compute_price(product=product, **kwargs)
            rule_price = (
                item._compute_price(product=product, **kwargs) if item else list_price
            )
        self.key_account_list_price = list_price
        self.key_account_rule_price = rule_price
        self.key_account_price_origin = self._key_account_price_origin(is_by_rule)

    def _key_account_price_origin(self, is_by_rule):
        """Name list and rule that gave the price, or say that a hand did."""
        self.ensure_one()
        item = self.pricelist_item_id
        if not is_by_rule:
            return self.env._(
                "Entered by hand (list: %s)",
                item.pricelist_id.name or self.env._("none"),
            )
        if not item:
            return self.env._("List price of the article")
        if item.pricelist_id == self.order_id.pricelist_id:
            origin = self.order_id.key_account_pricelist_origin
        else:
            origin = self.env._(
                "price list “%s”, the best of all", item.pricelist_id.name
            )
        return f"{item.price}; {origin}"

    @api.depends(
        "margin_percent",
        "product_id",
        "order_id.pricelist_id",
        "order_id.key_account_id",
    )
    def _compute_key_account_floor(self):
        for line in self:
            order = line.order_id
            # sudo: the floor is a figure of the company's own list.
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
        """Tell whether the line is as good as what was released, or better."""
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

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self.env["sale.order"]._check_release_fields(vals)
        return super().create(vals_list)

    def write(self, vals):
        self.env["sale.order"]._check_release_fields(vals)
        result = super().write(vals)
        if "purchase_price" in vals:
            # A cost corrected later changes the margin of what was invoiced.
            moves = self.invoice_lines.move_id
            moves.filtered(
                lambda move: move.state == "posted" and move.sudo().key_account_id
            )._take_key_account_cost()
            self.env["key.account.kpi.queue"]._add(moves._key_account_months())
        return result
