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
        help="Price of a unit for every customer, in the currency of the order.",
    )
    key_account_rule_price = fields.Float(
        string="Special Price",
        compute="_compute_key_account_price",
        store=True,
        precompute=True,
        min_display_digits="Product Price",
        groups="base.group_user",
        help="Price of a unit by the price list, before discounts given by hand.",
    )
    key_account_price_origin = fields.Char(
        string="Where the Price Comes from",
        compute="_compute_key_account_price",
        store=True,
        precompute=True,
        groups="base.group_user",
    )

    def _compute_pricelist_item_id(self):
        """Ask the price service for the rules of a key account's lines, all at once."""
        priced = self.browse()
        lines = self.filtered(lambda line: line.product_id and not line.display_type)
        for order, of_order in lines.grouped("order_id").items():
            # sudo: prices are the same for every user who writes the order.
            account = order.sudo().key_account_id
            if account and order.pricelist_id:
                of_order._take_key_account_rules(account)
                priced += of_order
        return super(SaleOrderLine, self - priced)._compute_pricelist_item_id()

    def _take_key_account_rules(self, account):
        """Take the rule that has the lowest price for each line of an order.

        :param account: the key account, with the rights to read its terms
        """
        Price = self.env["key.account.price"]
        lists = self.order_id._get_key_account_lists(account)
        # One list decides by itself which of its rules counts.
        compute_price = len(lists) > 1
        steps = Price._get_quantity_steps(lists, compute_price)
        for lines in self.grouped(lambda line: line._get_price_key(steps)).values():
            context = lines[0]._get_product_price_context()
            prices = Price._get_prices(
                account,
                lines.product_id.with_context(**context),
                **lines[0]._get_pricelist_kwargs(),
                lists=lists,
                compute_price=compute_price,
            )
            for line in lines:
                line.pricelist_item_id = prices[line.product_id.id].rule

    def _get_price_key(self, steps):
        """Return what the choice of a rule depends on, besides the product.

        :param steps: see ``key.account.price._get_quantity_steps``
        """
        self.ensure_one()
        asked = self._get_pricelist_kwargs()
        if steps is not None:
            quantity, uom = asked["quantity"], self.product_id.uom_id
            if asked["uom"] and asked["uom"] != uom:
                # As core does to find a rule, whose steps are in the product's unit.
                quantity = asked["uom"]._compute_quantity(
                    quantity, uom, raise_if_failure=False
                )
            asked["quantity"] = self.env["key.account.price"]._get_step(steps, quantity)
        return (*asked.values(), *self._get_product_price_context().items())

    def _get_pricelist_price(self):
        """Convert the price of a rule from a list in another currency."""
        rule = self.pricelist_item_id
        if not rule or rule.pricelist_id == self.order_id.pricelist_id:
            return super()._get_pricelist_price()
        return self.env["key.account.price"]._get_rule_price(
            rule,
            self.product_id.with_context(**self._get_product_price_context()),
            self.company_id,
            **self._get_pricelist_kwargs(),
        )

    @api.depends("price_unit", "product_id", "product_uom_id", "order_id.pricelist_id")
    def _compute_key_account_price(self):
        for order, lines in self.grouped("order_id").items():
            # sudo: only whether there is an account.
            is_special = bool(order.sudo().key_account_id)
            is_open = order.state in ("draft", "sent")
            for line in lines:
                if not is_special or not line.product_id:
                    line.key_account_list_price = 0.0
                    line.key_account_rule_price = 0.0
                    line.key_account_price_origin = False
                elif is_open or not line._origin:
                    # A confirmed order keeps the prices that it was made by.
                    line._set_key_account_price()

    def _set_key_account_price(self):
        """Write list price, special price and origin, without needless work.

        Where the rule is a percentage off the list price, one follows from the other,
        and core has put one of them on the line.
        """
        self.ensure_one()
        item, technical = self.pricelist_item_id, self.technical_price_unit
        is_by_rule = not float_compare(self.price_unit, technical, precision_digits=6)
        if (
            is_by_rule
            and technical
            and item.compute_price == "percentage"
            and item.base == "list_price"
            and 0 <= item.percent_price < 100
        ):
            rest = 1 - item.percent_price / 100
            is_list_price = item._show_discount()
            list_price = technical if is_list_price else technical / rest
            rule_price = technical * rest if is_list_price else technical
        else:
            list_price = item.browse()._compute_price(
                product=self.product_id.with_context(
                    **self._get_product_price_context()
                ),
                **self._get_pricelist_kwargs(),
            )
            rule_price = self._get_pricelist_price() if item else list_price
        self.key_account_list_price = list_price
        self.key_account_rule_price = rule_price
        self.key_account_price_origin = self._key_account_price_origin(is_by_rule)

    def _key_account_price_origin(self, is_by_rule):
        """Name the list and the rule of the price, or say that it was typed in."""
        self.ensure_one()
        item = self.pricelist_item_id
        name = item.pricelist_id.name
        if not is_by_rule:
            return (
                self.env._("Entered by hand (price list “%s”)", name)
                if item
                else self.env._("Entered by hand")
            )
        if not item:
            return self.env._("List price of the product")
        if item.pricelist_id != self.order_id.pricelist_id:
            return self.env._(
                "Best of all: price list “%(pricelist)s”, %(price)s",
                pricelist=name,
                price=item.price,
            )
        return self.env._(
            "%(origin)s, %(price)s",
            origin=self.order_id.key_account_pricelist_origin,
            price=item.price,
        )
