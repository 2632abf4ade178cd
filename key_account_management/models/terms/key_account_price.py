# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain


class KeyAccount(models.Model):
    """What the customer's own people may see of their account."""

    _inherit = "key.account"

    def _get_portal_pricelists(self):
        """Return the lists that the account's prices come from, the leading one first.

        :return: list of ``product.pricelist`` records (sudo); its first one may be
            empty, where core's list prices hold
        """
        self.ensure_one()
        account = self.sudo().with_company(self.company_id)
        if not self.env["res.groups"]._is_feature_enabled(
            "product.group_product_pricelist"
        ):
            return [self.env["product.pricelist"].sudo()]
        partner = account.partner_id
        # Not from property_product_pricelist: on a page of a web shop's site that is
        # the shop's list, and here the customer reads what an order costs.
        manual = partner.specific_property_product_pricelist.filtered("active")
        terms = account._resolve_benefit("pricelist_id")[account.id].value
        lists = [manual or terms or partner.property_product_pricelist]
        if lists[0] and account.pricelist_mode == "best" and not manual:
            sources = account._benefit_sources("pricelist_id")[account.id]
            rivals = account._benefit_candidates("pricelist_id", sources)
            lists += [rival.value for rival in rivals if rival.value not in lists]
        return lists

    @api.model
    def _get_portal_rules(self, lists):
        """Return the rules that make the prices of today.

        :param lists: see :meth:`_get_portal_pricelists`
        """
        now = fields.Datetime.now()
        return (
            lists[0]
            .concat(*lists[1:])
            .item_ids.filtered(
                lambda rule: (not rule.date_start or rule.date_start <= now)
                and (not rule.date_end or rule.date_end >= now)
            )
        )

    def _get_portal_product_domain(self, search=""):
        """Return the products that the account's own prices name.

        A rule for all products opens the whole assortment; without a price list of its
        own the customer has no price list to look at.

        :param str search: words of name or code
        """
        self.ensure_one()
        rules = self._get_portal_rules(self._get_portal_pricelists())
        kinds = rules.grouped("applied_on")
        if "3_global" in kinds:
            named = Domain.TRUE
        else:
            none = rules.browse()
            categories = kinds.get("2_product_category", none).categ_id
            templates = kinds.get("1_product", none).product_tmpl_id
            variants = kinds.get("0_product_variant", none).product_id
            named = (
                Domain("categ_id", "child_of", categories.ids)
                | Domain("product_tmpl_id", "in", templates.ids)
                | Domain("id", "in", variants.ids)
            )
        ours = Domain("company_id", "in", (False, self.company_id.id))
        domain = named & ours & Domain("sale_ok", "=", True)
        if search:
            domain &= Domain("name", "ilike", search) | Domain(
                "default_code", "ilike", search
            )
        return domain

    def _get_portal_prices(self, products):
        """Return what these products cost the customer, as an order would.

        :param products: ``product.product`` records
        :return: list of dict: product, price and list_price of one unit in the price
            list's currency without taxes, breaks: list of (quantity, price), lowest
            quantity first
        """
        self.ensure_one()
        account = self.sudo().with_company(self.company_id)
        lists = account._get_portal_pricelists()
        currency = lists[0].currency_id or account.currency_id
        products = products.sudo().with_company(account.company_id)
        base = lists[0].browse()._compute_price_rule(products, 1.0, currency=currency)
        prices = account._cheapest(lists, products, 1.0, currency)
        breaks = account._get_portal_breaks(lists, products, prices, currency)
        rows = []
        for product in products:
            rows.append(
                {
                    "product": product,
                    "price": account._untaxed(product, prices[product.id], currency),
                    "list_price": account._untaxed(
                        product, base[product.id][0], currency
                    ),
                    "breaks": [
                        (quantity, account._untaxed(product, price, currency))
                        for quantity, price in breaks[product.id]
                    ],
                }
            )
        return rows

    def _get_portal_breaks(self, lists, products, prices, currency):
        """Return from which quantities on a product costs less.

        :param dict prices: product id -> price of a single unit
        :return: dict of product id -> list of (quantity, price), lowest quantity first
        """
        concerned = defaultdict(products.browse)
        variants = products.grouped("product_tmpl_id")
        for rule in self._get_portal_rules(lists):
            if rule.min_quantity <= 1.0:
                continue
            if rule.applied_on == "0_product_variant":
                found = rule.product_id if rule.product_id.id in prices else None
            elif rule.applied_on == "1_product":
                found = variants.get(rule.product_tmpl_id)
            else:
                found = products
            if found:
                concerned[rule.min_quantity] |= found
        breaks, last = defaultdict(list), dict(prices)
        for quantity, found in sorted(concerned.items(), key=lambda pair: pair[0]):
            lower = self._cheapest(lists, found, quantity, currency)
            for key, price in lower.items():
                if currency.compare_amounts(price, last[key]) < 0:
                    breaks[key].append((quantity, price))
                    last[key] = price
        return breaks

    @api.model
    def _cheapest(self, lists, products, quantity, currency):
        """Return the price of each product by the first list, or by a cheaper rule.

        :return: dict of product id -> price of a unit in the currency
        """
        prices = {
            key: price
            for key, (price, _rule) in lists[0]
            ._compute_price_rule(products, quantity, currency=currency)
            .items()
        }
        for rival in lists[1:]:
            found = rival._compute_price_rule(products, quantity, currency=currency)
            for key, (price, rule) in found.items():
                if rule and price < prices[key]:
                    prices[key] = price
        return prices

    def _untaxed(self, product, price, currency):
        """Return a price without the taxes that it may include."""
        taxes = product.taxes_id._filter_taxes_by_company(self.company_id)
        if not any(taxes.mapped("price_include")):
            return price
        return taxes.with_context(round=False).compute_all(
            price, currency=currency, product=product, partner=self.partner_id
        )["total_excluded"]
