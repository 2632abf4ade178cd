# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models
from odoo.fields import Domain

#: How many quantity breaks of a price list are worked out for the customer.
MAX_BREAKS = 12


class KeyAccount(models.Model):
    """What the customer's own people may see of their account."""

    _inherit = "key.account"

    @api.model
    def _get_portal_accounts(self):
        """Return the accounts that the current user's company is, as superuser.

        :return: ``key.account`` records, one for each of our companies at most
        """
        customer = self.env.user.partner_id.commercial_partner_id
        # sudo: portal users have no right on the model; these are their own company's.
        return self.sudo().search(
            [("partner_id", "=", customer.id), ("state", "in", ("active", "at_risk"))],
            order="company_id, id",
        )

    def _get_portal_pricelists(self):
        """Return the lists that the account's prices come from, the leading one first.

        :return: list of ``product.pricelist`` records (sudo); its first one may be
            empty, where core's list prices hold
        """
        self.ensure_one()
        account = self.sudo().with_company(self.company_id)
        lists = [account.partner_id.property_product_pricelist]
        if (
            lists[0]
            and account.pricelist_mode == "best"
            and not account.partner_id._has_manual_pricelist()
        ):
            rivals = account._benefit_candidates("pricelist_id", account.tier_id)
            lists += [rival.value for rival in rivals if rival.value not in lists]
        return lists

    def _get_portal_product_domain(self, search=""):
        """Return the products that the account's own prices name.

        A rule for all products opens the whole assortment; without a price list of its
        own the customer has no price list to look at.

        :param str search: words of name or code
        """
        self.ensure_one()
        named = Domain.FALSE
        # sudo: rules of the customer's own lists.
        for item in self.sudo()._get_portal_pricelists()[0].item_ids:
            if item.applied_on == "3_global":
                named = Domain.TRUE
                break
            if item.applied_on == "2_product_category":
                named |= Domain("categ_id", "child_of", item.categ_id.id)
            elif item.applied_on == "1_product":
                named |= Domain("product_tmpl_id", "=", item.product_tmpl_id.id)
            else:
                named |= Domain("id", "=", item.product_id.id)
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
        quantities = sorted(
            {item.min_quantity for pricelist in lists for item in pricelist.item_ids}
            - {0.0, 1.0}
        )[:MAX_BREAKS]
        base = lists[0].browse()._compute_price_rule(products, 1.0, currency=currency)
        tiers = {
            quantity: account._cheapest(lists, products, quantity, currency)
            for quantity in (1.0, *quantities)
        }
        rows = []
        for product in products:
            price = last = tiers[1.0][product.id]
            breaks = []
            for quantity in quantities:
                if currency.compare_amounts(tiers[quantity][product.id], last) < 0:
                    last = tiers[quantity][product.id]
                    breaks.append((quantity, account._untaxed(product, last, currency)))
            rows.append(
                {
                    "product": product,
                    "price": account._untaxed(product, price, currency),
                    "list_price": account._untaxed(
                        product, base[product.id][0], currency
                    ),
                    "breaks": breaks,
                }
            )
        return rows

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
