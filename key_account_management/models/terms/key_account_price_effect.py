# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from hashlib import sha256

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import formatLang

from .price_effect import highest_discount

#: How many products, quantities and days are looked at.
MAX_PRODUCTS = 200
SAMPLE = 50
MAX_QUANTITIES = 5
MAX_DAYS = 6
#: How many products the approver sees, those with the highest discounts.
SHOWN = 10


class KeyAccountPriceEffect(models.AbstractModel):
    """The prices that come out of a list: what is approved, and what an approver sees.

    Looked at are the products that rules name, a sample for rules on more than single
    products, each quantity and each day from which other rules hold.
    """

    _name = "key.account.price.effect"
    _description = "Prices That Come Out of a List"

    key_account_effect = fields.Html(
        string="Effect on Prices",
        compute="_compute_key_account_effect",
        groups="key_account_management.group_key_account_user",
        help="The products with the highest discounts: margin before and after.",
    )

    def _get_key_account_companies(self):
        """Return the companies that the list is for: its own, or all of them (sudo).

        Not the one that the user works in at the moment: users choose that.
        """
        self.ensure_one()
        # sudo: the limits of each company count.
        Company = self.env["res.company"].sudo()
        of_list = self.sudo().company_id
        return of_list or Company.search([("active", "=", True)], order="id")

    def _get_effect_rules(self):
        """Return the rules of the list and of the lists that it is based on."""
        rules, todo = self.item_ids, self.item_ids.base_pricelist_id
        seen = self
        while todo:
            seen |= todo
            rules |= todo.item_ids
            todo = todo.item_ids.base_pricelist_id - seen
        return rules

    def _get_effect_products(self, rules, known_ids=()):
        """Return the products to look at.

        :param rules: of the list, and of those below it
        :param known_ids: of products that were looked at before
        """
        Product = self.env["product.product"]
        products = rules.product_id | rules.product_tmpl_id.product_variant_ids
        products |= Product.browse(known_ids).exists()
        wide = self._get_wide_rules(rules)
        if known_ids:
            # The same sample as before, to compare like with like.
            return products[:MAX_PRODUCTS]
        for category in wide.categ_id:
            products |= Product.search(
                [("categ_id", "child_of", category.id)], limit=SAMPLE
            )
        if wide - wide.filtered("categ_id"):
            products |= Product.search(
                [("sale_ok", "=", True)], limit=SAMPLE, order="id"
            )
        return products[:MAX_PRODUCTS]

    @api.model
    def _get_wide_rules(self, rules):
        """Return the rules that aren't on single products."""
        return rules.filtered(
            lambda rule: not (rule.product_id or rule.product_tmpl_id)
        )

    @api.model
    def _is_part_of_effect(self, rules, products, quantities, days):
        """Tell whether there are more prices than are looked at."""
        named = rules.product_id | rules.product_tmpl_id.product_variant_ids
        return bool(
            self._get_wide_rules(rules)
            or named - products
            or len(quantities) > MAX_QUANTITIES
            or len(days) > MAX_DAYS
        )

    def _get_fingerprint(self, rules):
        """Return a fingerprint of what rules say."""
        # The values alone: the labels are in the reader's language.
        content = [
            str([(name, term[1]) for name, term in rule._key_account_terms().items()])
            for rule in rules
        ]
        return sha256("\n".join(sorted(content)).encode()).hexdigest()

    @api.model
    def _get_effect_days(self, rules, today):
        """Return today and the days after it on which a rule begins or ends."""
        starts = rules.filtered("date_start").mapped("date_start")
        ends = rules.filtered("date_end").mapped("date_end")
        days = {moment.date() for moment in starts}
        days |= {moment.date() + relativedelta(days=1) for moment in ends}
        return [today, *sorted(day for day in days if day > today)]

    def _get_price_effect(self, known=None):
        """Compute the prices of the list, in its currency.

        :param dict known: an earlier answer, to look at its products as well
        :return: dict with ``prices``, ``names`` and what isn't looked at, see
            ``price_effect``
        """
        self.ensure_one()
        # sudo: rules and costs count for every user; the caller decides what is shown.
        company = self._get_key_account_companies()[:1]
        pricelist = self.sudo().with_company(company)
        rules = pricelist._get_effect_rules()
        products = pricelist._get_effect_products(
            rules, [int(key) for key in (known or {}).get("prices", ())]
        ).with_company(company)
        currency = pricelist.currency_id
        today = company._get_key_account_today()
        days = self._get_effect_days(rules, today)
        quantities = sorted({1.0, *rules.mapped("min_quantity")} - {0.0})
        is_part = self._is_part_of_effect(rules, products, quantities, days)
        days, quantities = days[:MAX_DAYS], quantities[:MAX_QUANTITIES]
        prices = {str(product.id): [] for product in products}
        usual = self._get_list_prices(products, currency, company, today)
        for day in days:
            for quantity in quantities:
                found = pricelist._compute_price_rule(
                    products, quantity, currency=currency, date=day
                )
                for key, (price, _rule) in found.items():
                    entry = [quantity, str(day), round(price, 6), usual[key]]
                    prices[str(key)].append(entry)
        names = {str(product.id): product.display_name for product in products}
        return {
            "prices": prices,
            "names": names,
            "is_part": is_part,
            "own": sorted(pricelist.item_ids.ids),
            "below": self._get_fingerprint(rules - pricelist.item_ids),
        }

    @api.model
    def _get_list_prices(self, products, currency, company, today):
        """Return the list prices in a currency: dict of product id -> price."""
        return {
            product.id: round(
                product.currency_id._convert(
                    product.lst_price, currency, company, today, round=False
                ),
                6,
            )
            for product in products
        }

    def _get_highest_discount(self):
        """Return the highest discount that comes out, in per cent."""
        return highest_discount(self._get_price_effect()["prices"])

    def _get_comparison_list(self):
        """Return the list that customers would get otherwise; rooms above know it."""
        return self.browse()

    @api.depends_context("uid", "lang")
    def _compute_key_account_effect(self):
        for pricelist in self:
            if not pricelist._origin or pricelist.key_account_approval_state == "none":
                pricelist.key_account_effect = False
                continue
            rows = pricelist._origin._get_effect_rows()
            pricelist.key_account_effect = self.env["ir.qweb"]._render(
                "key_account_management.price_effect",
                {
                    "rows": rows[:SHOWN],
                    "summary": pricelist._describe_effect(rows),
                    "currency": pricelist.currency_id,
                },
            )

    def _describe_effect(self, rows):
        """Say in one paragraph what the table below shows."""
        highest = self._format_percent(
            max((row["discount"] for row in rows), default=0.0)
        )
        # sudo: the name of a list that the approver compares with.
        comparison = self._get_comparison_list().sudo()
        if comparison:
            return self.env._(
                "Highest discount: %(discount)s %%. Products looked at: %(count)s. "
                "Otherwise the price list “%(pricelist)s” would apply.",
                discount=highest,
                count=len(rows),
                pricelist=comparison.name,
            )
        return self.env._(
            "Highest discount: %(discount)s %%. Products looked at: %(count)s. "
            "Otherwise they cost the list price.",
            discount=highest,
            count=len(rows),
        )

    def _get_effect_rows(self):
        """Return what the approver has to know about each product.

        :return: list of dict, the highest discount first
        """
        # sudo: the approver sees costs as margins.
        pricelist = self.sudo()
        company = self._get_key_account_companies()[:1]
        effect = pricelist._get_price_effect()["prices"]
        products = self.env["product.product"].sudo().browse(map(int, effect))
        currency, other = pricelist.currency_id, pricelist._get_comparison_list().sudo()
        today = company._get_key_account_today()
        others = other._get_products_price(products, 1.0, currency=currency, date=today)
        rows = []
        for product in products.with_company(company):
            entries = effect[str(product.id)]
            worst = min(entries, key=lambda entry: entry[2])
            usual = worst[3]
            before = others[product.id] if other else usual
            cost = product.cost_currency_id._convert(
                product.standard_price, currency, company, today, round=False
            )
            rows.append(
                {
                    "name": product.display_name,
                    "usual": usual,
                    "before": before,
                    "after": worst[2],
                    "discount": 100 * (1 - worst[2] / usual) if usual else 0.0,
                    "margin_before": 100 * (before - cost) / before if before else None,
                    "margin_after": 100 * (worst[2] - cost) / worst[2]
                    if worst[2]
                    else None,
                }
            )
        return sorted(
            # Equal discounts differ in the last digits of a float.
            rows,
            key=lambda row: (-round(row["discount"], 6), row["margin_after"] or 0.0),
        )

    def _describe_discount(self, names):
        """Return the worst of the effect on prices in a few words.

        :param str names: of the customers
        """
        rows = self._get_effect_rows()
        if not rows:
            return self.env._("Prices for %s", names)
        worst = rows[0]
        if worst["margin_before"] is None or worst["margin_after"] is None:
            return self.env._(
                "%(discount)s %% for %(names)s",
                discount=self._format_percent(worst["discount"]),
                names=names,
            )
        return self.env._(
            "%(discount)s %% for %(names)s, margin %(before)s → %(after)s %%",
            discount=self._format_percent(worst["discount"]),
            names=names,
            before=self._format_percent(worst["margin_before"]),
            after=self._format_percent(worst["margin_after"]),
        )

    @api.model
    def _format_percent(self, rate):
        """Return a rate with one decimal, as the reader writes numbers."""
        return formatLang(self.env, rate, digits=1)
