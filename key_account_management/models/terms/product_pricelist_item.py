# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models


class ProductPricelistItem(models.Model):
    _inherit = "product.pricelist.item"

    def _key_account_discount(self):
        """Return how far the rule goes below the list price at most, in per cent."""
        self.ensure_one()
        if self.compute_price == "percentage":
            return self.percent_price
        if self.compute_price == "fixed":
            product = self.product_id or self.product_tmpl_id
            # A fixed price for a whole category can't be compared: for a director.
            list_price = product.list_price
            if not list_price:
                return 100.0
            return max(100 * (list_price - self.fixed_price) / list_price, 0.0)
        if self.base != "list_price":
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
        end = fields.Datetime.to_string(self.date_end) or None
        terms = {
            "target": [self.env._("%s, applied on", name), target, "any"],
            "kind": [self.env._("%s, computed by", name), kind, "any"],
            "percent": [self.env._("%s, discount", name), discount, "higher"],
            "fixed": [self.env._("%s, price", name), self.fixed_price, "lower"],
            "surcharge": [self.env._("%s, extra fee", name), fee, "lower"],
            "margin": [self.env._("%s, margin", name), self.price_min_margin, "lower"],
            "quantity": [self.env._("%s, from quantity", name), quantity, "lower"],
            "end": [self.env._("%s, until", name), end, "higher"],
        }
        return {f"item_{self.id}_{key}": value for key, value in terms.items()}

    @api.model_create_multi
    def create(self, vals_list):
        items = super().create(vals_list)
        items.pricelist_id._recheck_approval()
        return items

    def write(self, vals):
        result = super().write(vals)
        self.pricelist_id._recheck_approval()
        return result
