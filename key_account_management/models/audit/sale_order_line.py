# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models

from .waterfall_rules import line_amounts


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    key_account_waterfall = fields.Json(
        string="Price Waterfall",
        compute="_compute_key_account_waterfall",
        groups="key_account_management.group_key_account_user",
    )

    @api.depends_context("lang")
    @api.depends("price_subtotal", "margin", "key_account_list_price")
    def _compute_key_account_waterfall(self):
        for line in self:
            line.key_account_waterfall = (
                line.order_id.key_account_id
                and line.product_id
                and line._get_key_account_waterfall(line.currency_id)
            ) or False

    def _is_priced_by_list(self):
        """Tell whether the price of the line comes from a price list; a hook.

        Rewards and down payments have none, expenses are passed on, and the parts of a
        combo share its price.
        """
        self.ensure_one()
        return not (
            self.is_reward_line
            or self.is_downpayment
            or self.is_expense
            or self.combo_item_id
        )

    def action_view_key_account_waterfall(self):
        """Open the price waterfall of the line."""
        self.ensure_one()
        self.check_access("read")
        form = self.env.ref(
            "key_account_management.sale_order_line_view_form_waterfall"
        )
        return self._get_records_action(
            name=self.env._("Price Waterfall"),
            views=[(form.id, "form")],
            target="new",
            context={},
        )

    def _get_key_account_waterfall(self, currency):
        """Return the steps of these lines together, net of taxes.

        :param currency: that of the order, in which the amounts are
        """
        totals = dict.fromkeys(("list", "special", "discount", "reward", "cost"), 0.0)
        for line in self.filtered(lambda line: not line.display_type):
            if line.is_reward_line:
                totals["reward"] += line.price_subtotal
                continue
            if line.product_id and line.product_id == (
                line.company_id.sale_discount_product_id
            ):
                # A discount on the whole order.
                totals["discount"] += line.price_subtotal
                continue
            quantity = line.product_uom_qty
            net = line.price_subtotal / quantity if quantity else 0.0
            list_price = rule_price = net
            # Expenses are passed on, and the parts of a combo share its price.
            if not (
                line.is_expense or line.combo_item_id or line.product_id.type == "combo"
            ):
                list_price, rule_price = line._get_key_account_net_prices()
                list_price, rule_price = list_price or net, rule_price or net
            for step, amount in line_amounts(
                list_price, rule_price, net, quantity
            ).items():
                totals[step] += amount
            totals["cost"] -= line.purchase_price * quantity
        totals |= self._get_key_account_later_steps()
        return self.env["key.account"]._waterfall_chart(totals, currency)

    def _get_key_account_later_steps(self):
        """Return what these lines will cost after they are invoiced: a hook.

        :return: dict of a step of ``key.account._waterfall_steps()`` -> amount in the
            currency of the order, deductions negative
        """
        return {}

    def _get_key_account_net_prices(self):
        """Return list price and special price of a unit, without taxes in them."""
        self.ensure_one()
        untaxed = self.env["key.account.price"]._get_untaxed
        return [
            untaxed(price, self.tax_ids, self.product_id, self.currency_id)
            for price in (self.key_account_list_price, self.key_account_rule_price)
        ]
