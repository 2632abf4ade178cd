# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What a product costs by the rules, and its way from list price to margin.

Slow and plain, rule by rule, in exact fractions. Kept apart from the product's helpers.
"""

from datetime import datetime, time
from decimal import ROUND_HALF_UP, Decimal

WIDTHS = {
    "0_product_variant": 0,
    "1_product": 1,
    "2_product_category": 2,
    "3_global": 3,
}


def exact(number):
    return Decimal(repr(number))


def cents(amount):
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


class PriceReference:
    """Prices of a key account on a day of the company.

    :param ordinary: price list of customers without terms
    """

    def __init__(self, account, day, ordinary):
        self.account = account
        self.ordinary = ordinary
        self.day = day
        self.moment = datetime.combine(day, time(10))

    def is_valid(self, pricelist):
        if not pricelist.active or pricelist.key_account_approval_state != "approved":
            return False
        first = pricelist.key_account_date_start
        last = pricelist.key_account_date_end
        return not (first and self.day < first or last and self.day > last)

    def agreement_lists(self, account):
        agreements = self.account.env["key.account.agreement"].search(
            [("account_id", "=", account.id), ("state", "=", "active")],
            order="date_start DESC, id DESC",
        )
        return [
            agreement.pricelist_id
            for agreement in agreements
            if agreement.date_start <= self.day
            and not (agreement.date_end and agreement.date_end < self.day)
        ]

    def lists(self):
        """Agreement before own list before the group's before the tier's."""
        own = [*self.agreement_lists(self.account), self.account.pricelist_id]
        group, parent = [], self.account.parent_id
        while parent:
            group += [*self.agreement_lists(parent), parent.pricelist_id]
            parent = parent.parent_id
        group.append(self.account.tier_id.pricelist_id)
        mode = self.account.pricelist_mode
        ranked = group + own if mode == "inherit" else own + group
        ranked = [each for each in ranked if each and self.is_valid(each)]
        if not ranked:
            return [self.ordinary]
        return ranked if mode == "best" else ranked[:1]

    def rule(self, pricelist, product, pieces):
        """The narrowest rule counts, then the largest quantity, then the latest."""
        found = []
        for rule in pricelist.item_ids:
            if rule.date_start and rule.date_start > self.moment:
                continue
            if rule.date_end and rule.date_end < self.moment:
                continue
            if exact(rule.min_quantity) > pieces:
                continue
            width = WIDTHS[rule.applied_on]
            if (
                width == 3
                or (width == 0 and rule.product_id == product)
                or (width == 1 and rule.product_tmpl_id == product.product_tmpl_id)
                or (width == 2 and rule.categ_id == product.categ_id)
            ):
                found.append((width, -rule.min_quantity, -rule.id, rule))
        return min(found)[-1] if found else None

    def price_of_piece(self, pricelist, product, pieces):
        """Return (price of a piece, rule or None)."""
        base = exact(product.list_price)
        rule = pricelist and self.rule(pricelist, product, pieces)
        if not rule:
            return base, None
        if rule.compute_price == "fixed":
            return exact(rule.fixed_price), rule
        if rule.base == "pricelist":
            base, _rule = self.price_of_piece(rule.base_pricelist_id, product, pieces)
        if rule.compute_price == "percentage":
            return base * (1 - exact(rule.percent_price) / 100), rule
        price = base * (1 - exact(rule.price_discount) / 100)
        return price + exact(rule.price_surcharge), rule

    def price(self, product, pieces):
        """Return (price of a piece, rule or None): that of the leading list, or lower.

        Another list counts only where it has a rule for the product.
        """
        leading, *others = self.lists()
        best = self.price_of_piece(leading, product, pieces)
        for pricelist in others:
            price, rule = self.price_of_piece(pricelist, product, pieces)
            if rule and price < best[0]:
                best = price, rule
        return best

    def waterfall(self, lines):
        """Return the steps of order lines together, net of taxes.

        :param lines: list of (product, pieces, charged per piece, tax in percent that
            the price includes, amount charged without taxes)
        """
        listed = special = charged = cost = Decimal(0)
        for product, pieces, tax, net in lines:
            without = 1 + exact(tax) / 100
            rule_price, _rule = self.price(product, pieces)
            listed += exact(product.list_price) * pieces / without
            special += rule_price * pieces / without
            charged += exact(net)
            cost += exact(product.standard_price) * pieces
        # Totals are rounded, and a step is what lies between two of them.
        steps = {
            "list": cents(listed),
            "special": cents(special) - cents(listed),
            "discount": charged - cents(special),
            "invoiced": charged,
            "pocket": charged,
            "margin": cents(charged - cost),
        }
        steps["cost"] = steps["margin"] - charged
        return steps
