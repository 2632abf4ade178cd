# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.tools import float_compare


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
