# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from bisect import bisect_right
from collections import defaultdict, namedtuple
from datetime import datetime

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import float_compare

from .key_account import Benefit

#: What a unit costs, the rule that says so (empty: the list price of the product), and
#: the price list that was asked, as a :class:`Benefit`.
Price = namedtuple("Price", "amount rule benefit")


class KeyAccountPrice(models.AbstractModel):
    """What a product costs a customer on a day, from which list and by which rule.

    Orders, invoices, the customer's price page and the price audit ask here, so that
    they can't disagree. There are two decisions: which lists count on a day, and which
    of them has the lowest price.
    """

    _name = "key.account.price"
    _description = "Prices of Key Accounts"

    @api.model
    def _get_lists(self, account, date=None):
        """Return the price lists by which an account buys.

        What was set by hand on the customer counts alone; then come the terms of the
        account, then what Odoo chooses for every customer.

        :param account: a ``key.account``
        :param date: day or moment of the document, today without it
        :return: list of :class:`Benefit`: the leading list first, which is empty where
            products cost their list price; others only where the best of all counts
        """
        # sudo: prices are the same for every user who writes the document.
        account = account.sudo().with_company(account.company_id)
        partner, none = account.partner_id, account.browse()
        if isinstance(date, datetime):
            date = account.company_id._to_key_account_day(date)
        if not self.env["res.groups"]._is_feature_enabled(
            "product.group_product_pricelist"
        ):
            return [Benefit(self.env["product.pricelist"].sudo(), none, none)]
        manual = partner._get_manual_pricelist()
        if manual and not manual._is_unapproved():
            return [Benefit(manual, partner, none)]
        # Terms before property_product_pricelist: on a web shop's pages that is the
        # shop's list, while the customer's price page shows what an order costs.
        lists = account._get_special_pricelists(date)[account.id]
        ordinary = partner.with_context(key_account_price_date=date)
        return lists or [Benefit(ordinary.property_product_pricelist, none, none)]

    @api.model
    def _describe_list(self, account, benefit):
        """Say in the user's language which price list counts and why."""
        if not benefit.value:
            return self.env._("Standard prices, without a price list")
        return self.env._(
            "%(origin)s: price list “%(pricelist)s”",
            origin=account._origin_label(benefit)
            or self.env._("As for every customer"),
            pricelist=benefit.value.name,
        )

    @api.model
    def _get_prices(
        self,
        account,
        products,
        quantity=1.0,
        *,
        date=None,
        currency=None,
        lists=None,
        **kwargs,
    ):
        """Return what a unit of each product costs an account.

        The leading list always has a price; another one only where it has a rule for
        the product, and wins where that price is lower.

        :param account: a ``key.account``
        :param products: ``product.product`` records
        :param float quantity: how many units are bought
        :param date: day or moment of the document, now without it
        :param currency: of the document; without it, that of the leading list
        :param lists: see :meth:`_get_lists`, where the caller has them
        :param kwargs: what else core's price lists take: ``uom``, ``compute_price``
        :return: dict of product id -> :class:`Price`, taxes as in the list price
        """
        company = account.company_id
        date = date or fields.Datetime.now()
        lists = lists or self._get_lists(account, date)
        currency = currency or lists[0].value.currency_id or company.currency_id
        products = products.with_company(company)
        prices = {}
        for benefit in lists:
            found = self._get_list_prices(
                benefit, products, company, quantity, date, currency, **kwargs
            )
            for product_id, price in found.items():
                best = prices.setdefault(product_id, price).amount
                if price.rule and float_compare(price.amount, best, 6) < 0:
                    prices[product_id] = price
        return prices

    @api.model
    def _get_quantity_steps(self, lists, compute_price=True):
        """Return the quantities from which other rules of these lists may count.

        Between two steps the quantity makes no difference, so that lines can be asked
        for together.

        :param lists: see :meth:`_get_lists`
        :param bool compute_price: whether prices are asked for, not rules alone
        :return: sorted list; None where each quantity matters, as prices are asked for
            and a rule takes its own from a list that has steps of its own
        """
        pricelists = self.env["product.pricelist"].union(*(b.value for b in lists))
        # sudo: what the lists of the account say, see _get_lists().
        found = (
            self.env["product.pricelist.item"]
            .sudo()
            ._read_group(
                [("pricelist_id", "in", pricelists.ids)], ["min_quantity", "base"]
            )
        )
        if compute_price and any(base == "pricelist" for _step, base in found):
            return None
        return sorted({step for step, _base in found})

    @api.model
    def _get_step(self, steps, quantity):
        """Return what of a quantity decides on the price: equal between two steps.

        :param steps: see :meth:`_get_quantity_steps`
        :param float quantity: in the product's unit
        """
        return quantity if steps is None else bisect_right(steps, quantity)

    @api.model
    def _get_list_prices(
        self, benefit, products, company, quantity, date, currency, **kwargs
    ):
        """Return the prices of one list, converted to a currency."""
        # The day of a rule begins when that of the company does.
        pricelist = benefit.value.with_company(company).with_context(
            tz=company._get_key_account_tz()
        )
        own = pricelist.currency_id or currency
        found = pricelist._compute_price_rule(
            products, quantity, currency=own, date=date, **kwargs
        )
        return {
            product_id: Price(
                own._convert(price, currency, company, date, round=False),
                self.env["product.pricelist.item"].browse(rule_id),
                benefit,
            )
            for product_id, (price, rule_id) in found.items()
        }

    @api.model
    def _get_rule_price(
        self, rule, product, company, *, date, currency, quantity, **kwargs
    ):
        """Return what a unit costs by a rule, from a list in whichever currency."""
        own = rule.currency_id or currency
        price = rule._compute_price(
            product, quantity, date=date, currency=own, **kwargs
        )
        return own._convert(price, currency, company, date, round=False)

    @api.model
    def _to_document_price(self, price, product, company, fiscal_position):
        """Turn a price into the one that goes on a document, by its fiscal position."""
        return product._get_tax_included_unit_price_from_price(
            price,
            product_taxes=product.taxes_id._filter_taxes_by_company(company),
            fiscal_position=fiscal_position,
        )

    @api.model
    def _get_untaxed(self, price, taxes, product, currency):
        """Return a price without the taxes that it includes."""
        if not any(taxes.mapped("price_include")):
            return price
        # Unrounded: it is a price, which quantities multiply.
        return taxes.with_context(round_base=False).compute_all(
            price,
            currency=currency,
            product=product,
            rounding_method="round_globally",
        )["total_excluded"]

    @api.model
    def _get_rules_of_today(self, lists):
        """Return the rules that make the prices of today.

        :param lists: see :meth:`_get_lists`
        """
        now = fields.Datetime.now()
        pricelists = self.env["product.pricelist"].union(*(b.value for b in lists))
        # sudo: what the lists of the account say, see _get_lists().
        return pricelists.sudo().item_ids.filtered(
            lambda rule: (not rule.date_start or rule.date_start <= now)
            and (not rule.date_end or rule.date_end >= now)
        )

    @api.model
    def _get_product_domain(self, account, search=""):
        """Return the products that the account's own prices name.

        A rule for all products opens the whole assortment; without a price list of its
        own the customer has no price list to look at.

        :param account: a ``key.account``
        :param str search: words of name or code
        """
        rules = self._get_rules_of_today(self._get_lists(account))
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
        ours = Domain("company_id", "in", (False, account.company_id.id))
        domain = named & ours & Domain("sale_ok", "=", True)
        if search:
            domain &= Domain("name", "ilike", search) | Domain(
                "default_code", "ilike", search
            )
        return domain

    @api.model
    def _get_price_rows(self, account, products):
        """Return what these products cost the customer, as an order would.

        :param account: a ``key.account``
        :param products: ``product.product`` records
        :return: list of dict: product, price and list_price of one unit in the currency
            of the leading list without taxes, breaks: list of (quantity, price), lowest
            quantity first
        """
        company = account.company_id
        lists = self._get_lists(account)
        currency = lists[0].value.currency_id or company.currency_id
        # sudo: products that the account's own lists name, with their taxes.
        products = products.sudo().with_company(company)
        no_list = lists[0].value.browse()
        base = no_list._compute_price_rule(products, 1.0, currency=currency)
        prices = self._get_prices(account, products, lists=lists)
        breaks = self._get_breaks(account, products, lists, prices)

        def untaxed(product, price):
            taxes = product.taxes_id._filter_taxes_by_company(company)
            return self._get_untaxed(price, taxes, product, currency)

        return [
            {
                "product": product,
                "price": untaxed(product, prices[product.id].amount),
                "list_price": untaxed(product, base[product.id][0]),
                "breaks": [
                    (quantity, untaxed(product, price))
                    for quantity, price in breaks[product.id]
                ],
            }
            for product in products
        ]

    @api.model
    def _get_breaks(self, account, products, lists, prices):
        """Return from which quantities on a product costs less.

        :param dict prices: see :meth:`_get_prices`, those of a single unit
        :return: dict of product id -> list of (quantity, price), lowest quantity first
        """
        concerned = defaultdict(products.browse)
        variants = products.grouped("product_tmpl_id")
        for rule in self._get_rules_of_today(lists):
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
        currency = lists[0].value.currency_id or account.company_id.currency_id
        breaks = defaultdict(list)
        last = {key: price.amount for key, price in prices.items()}
        for quantity, found in sorted(concerned.items(), key=lambda pair: pair[0]):
            lower = self._get_prices(account, found, quantity, lists=lists)
            for key, price in lower.items():
                if currency.compare_amounts(price.amount, last[key]) < 0:
                    breaks[key].append((quantity, price.amount))
                    last[key] = price.amount
        return breaks
