# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models
from odoo.tools import format_date, formatLang

from .rebate_rules import Item, entitlement, exact, is_near, missing


class SaleOrder(models.Model):
    """Tell which bonus step is near while more can be ordered."""

    _inherit = "sale.order"

    def _nudge_texts(self, account, amount):
        return [
            *super()._nudge_texts(account, amount),
            *self._rebate_nudges(account),
        ]

    def _rebate_nudges(self, account):
        """Tell what is missing to the next step, and what it is worth to both sides."""
        today = self.company_id._get_key_account_today()
        for rebate in account._get_running_rebates(today):
            lines = self.order_line.filtered(
                lambda line, rebate=rebate: not line.display_type
                and rebate._matches_product(line.product_id)
            )
            text = rebate._get_nudge(self._get_rebate_item(rebate, lines), self)
            if text:
                yield text

    def _get_rebate_item(self, rebate, lines):
        """Return revenue and quantity of order lines as a bonus counts them."""
        revenue = self._to_company_currency(sum(lines.mapped("price_subtotal")))
        quantity = sum(
            line.product_uom_id._compute_quantity(line.product_uom_qty, rebate.uom_id)
            for line in lines
            if rebate.uom_id
            and line.product_uom_id._has_common_reference(rebate.uom_id)
            and not line.is_reward_line
        )
        return Item(exact(revenue), exact(quantity))


class KeyAccountRebate(models.Model):
    """What an order does for a bonus."""

    _inherit = "key.account.rebate"

    def _matches_product(self, product):
        """Tell whether a product counts, as the basis does in SQL."""
        self.ensure_one()

        def named(products, categories, tags):
            line = product.categ_id
            while line:
                if line in categories:
                    return True
                line = line.parent_id
            return product in products or bool(product.all_product_tag_ids & tags)

        inside = not self._is_limited() or named(
            self.product_ids, self.categ_ids, self.tag_ids
        )
        return inside and not named(
            self.excluded_product_ids, self.excluded_categ_ids, self.excluded_tag_ids
        )

    def _get_nudge(self, item, order):
        """Return the sentence on the next step, or nothing where it is far.

        :param item: what the order adds
        :param order: the ``sale.order``, for its margin
        """
        self.ensure_one()
        terms = self._get_rules()
        base = exact(self.growth_base)
        before = Item(exact(self.reached_revenue), exact(self.reached_quantity))
        after = Item(before.revenue + item.revenue, before.quantity + item.quantity)
        reached = after.of(terms.by)
        gap, number = missing(terms, reached, base)
        if gap is None or reached <= 0:
            return None
        # An order that is as much as what is missing comes near by itself.
        if not is_near(reached + max(item.of(terms.by), 0), reached + gap):
            return None
        factor = (reached + gap) / reached
        then = Item(after.revenue * factor, after.quantity * factor)
        gain = entitlement(terms, [then], base) - entitlement(terms, [after], base)
        more = float(then.revenue - after.revenue)
        margin = more * (order.margin_percent or 0.0) - float(gain)

        def money(value):
            return formatLang(self.env, value, currency_obj=self.currency_id)

        return self.env._(
            "%(missing)s more by %(day)s reach %(step)s in “%(bonus)s”: the customer "
            "gains %(gain)s, our margin changes by %(margin)s.",
            missing=self._format_basis(float(gap)),
            day=format_date(self.env, self.current_to),
            step=self._format_value(self.step_ids.sorted("bound")[number].value),
            bonus=self.name,
            gain=money(float(gain)),
            margin=money(margin),
        )
