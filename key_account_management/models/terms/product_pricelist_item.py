# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ProductPricelistItem(models.Model):
    _inherit = "product.pricelist.item"

    def _key_account_discount(self):
        """Return how far the rule alone says it goes below the list price, in per cent.

        What depends on the product is seen in the prices that come out; a rule that
        can't be compared with list prices is for a director.
        """
        self.ensure_one()
        usual = self._get_lowest_list_price()
        if self.compute_price == "fixed":
            return 100 * (1 - self.fixed_price / usual) if usual else 100.0
        if self.base == "standard_price":
            return 100.0
        is_formula = self.compute_price == "formula"
        rest = 1 - (self.price_discount if is_formula else self.percent_price) / 100
        based = self.base == "pricelist" and self.base_pricelist_id
        if based and based != self.pricelist_id:
            rest *= 1 - based.key_account_max_discount / 100
        if is_formula:
            # What is taken off as an amount counts most for the cheapest product.
            off = self.price_round / 2 - min(self.price_surcharge, 0.0)
            off -= min(self.price_max_margin, 0.0)
            if off > 0:
                rest -= off / usual if usual else 1.0
        return 100 * (1 - rest)

    def _get_lowest_list_price(self):
        """Return the lowest list price of what the rule is on, for a single unit.

        :return: amount in the currency of the list, 0 where it can't be told: fixed
            prices of whole categories, and rules without a product that has a price
        """
        self.ensure_one()
        # sudo: prices count for every user.
        rule = self.sudo()
        variants = rule.product_id or rule.product_tmpl_id.product_variant_ids
        is_fixed = self.compute_price == "fixed"
        if is_fixed and not variants:
            return 0.0
        if is_fixed or self.compute_price == "formula":
            if not variants:
                variants = rule._get_cheapest_product()
            # A fixed price takes most off the dearest variant.
            choose = max if is_fixed else min
            price = choose(variants.mapped("lst_price"), default=0.0)
            currency = variants[:1].currency_id
            if not price or currency == rule.currency_id:
                return price
            company = rule.pricelist_id._get_key_account_companies()[:1]
            return currency._convert(
                price,
                rule.currency_id,
                company,
                company._get_key_account_today(),
                round=False,
            )
        return 0.0

    def _get_cheapest_product(self):
        """Return the cheapest product of the rule's category, or of all (sudo)."""
        domain = [("sale_ok", "=", True), ("list_price", ">", 0)]
        if self.categ_id:
            domain.append(("categ_id", "child_of", self.categ_id.id))
        # sudo: see _get_lowest_list_price.
        Template = self.env["product.template"].sudo()
        found = Template.search(domain, order="list_price, id", limit=1)
        return found.product_variant_ids

    def _key_account_terms(self):
        """Return what of the rule counts for an approval: see ``approval_rules``."""
        self.ensure_one()
        name = self.display_name or self.name
        records = (self.product_id, self.product_tmpl_id, self.categ_id)
        target = ":".join([*(str(record.id) for record in records), self.applied_on])
        kind = f"{self.compute_price}:{self.base}:{self.base_pricelist_id.id}"
        is_formula = self.compute_price == "formula"
        discount = self.price_discount if is_formula else self.percent_price
        fee, quantity = self.price_surcharge, self.min_quantity
        start = fields.Datetime.to_string(self.date_start) or None
        end = fields.Datetime.to_string(self.date_end) or None
        rounding, cap = self.price_round, self.price_max_margin
        terms = {
            "target": [self.env._("%s, applied on", name), target, "any"],
            "kind": [self.env._("%s, computed by", name), kind, "any"],
            "percent": [self.env._("%s, discount", name), discount, "higher"],
            "fixed": [self.env._("%s, price", name), self.fixed_price, "lower"],
            "surcharge": [self.env._("%s, extra fee", name), fee, "lower"],
            "margin": [self.env._("%s, margin", name), self.price_min_margin, "lower"],
            "cap": [self.env._("%s, highest margin", name), cap, "any"],
            "rounding": [self.env._("%s, rounding", name), rounding, "any"],
            "start": [self.env._("%s, from", name), start, "lower"],
            "quantity": [self.env._("%s, from quantity", name), quantity, "lower"],
            "end": [self.env._("%s, until", name), end, "higher"],
        }
        return {f"item_{self.id}_{key}": value for key, value in terms.items()}

    @api.constrains(
        "compute_price", "fixed_price", "applied_on", "pricelist_id", "categ_id"
    )
    def _check_key_account_fixed_price(self):
        """Refuse to give away a whole range: that price was forgotten."""
        for item in self:
            if (
                item.compute_price == "fixed"
                and not item.fixed_price
                and item.applied_on in ("3_global", "2_product_category")
                and item.pricelist_id.key_account_only
            ):
                raise ValidationError(
                    self.env._(
                        "The rule “%(rule)s” of “%(list)s” would sell everything for "
                        "0.00. Enter a price or a discount, or choose a product.",
                        rule=item.display_name or item.name,
                        list=item.pricelist_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        items = super().create(vals_list)
        items.pricelist_id._check_key_account_editable()
        items.pricelist_id._recheck_changed_lists()
        return items

    def write(self, vals):
        before = self.pricelist_id
        before._check_key_account_editable()
        result = super().write(vals)
        if "pricelist_id" in vals:
            # A rule that goes to another list takes the right to write that one.
            self.check_access("write")
        (self.pricelist_id - before)._check_key_account_editable()
        (before | self.pricelist_id)._recheck_changed_lists()
        return result

    def unlink(self):
        pricelists = self.pricelist_id
        pricelists._check_key_account_editable()
        result = super().unlink()
        # A rule with a higher price sheltered the product from the others.
        pricelists.exists()._recheck_changed_lists()
        return result
