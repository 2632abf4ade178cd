# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models


class ProductPricelistItem(models.Model):
    _inherit = "product.pricelist.item"

    def _key_account_discount(self):
        """Return how far the rule alone says it goes below the list price, in per cent.

        What depends on the product is seen in the prices that come out; a rule that
        can't be compared with list prices is for a director.
        """
        self.ensure_one()
        if self.compute_price == "percentage":
            based = self.base == "pricelist" and self.base_pricelist_id
            rest = 1 - self.percent_price / 100
            if based and based != self.pricelist_id:
                rest *= 1 - based.key_account_max_discount / 100
            return 100.0 if self.base == "standard_price" else 100 * (1 - rest)
        if self.compute_price == "fixed":
            product = self.product_id or self.product_tmpl_id
            return 0.0 if product.list_price else 100.0
        if self.base == "standard_price":
            return 100.0
        return max(self.price_discount, 0.0)

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

    @api.model_create_multi
    def create(self, vals_list):
        items = super().create(vals_list)
        items.pricelist_id._check_key_account_editable()
        items.pricelist_id._get_dependent_lists()._recheck_approval()
        return items

    def write(self, vals):
        before = self.pricelist_id
        before._check_key_account_editable()
        result = super().write(vals)
        (self.pricelist_id - before)._check_key_account_editable()
        (before | self.pricelist_id)._get_dependent_lists()._recheck_approval()
        return result

    def unlink(self):
        pricelists = self.pricelist_id
        pricelists._check_key_account_editable()
        result = super().unlink()
        # A rule with a higher price sheltered the product from the others.
        pricelists.exists()._get_dependent_lists()._recheck_approval()
        return result
