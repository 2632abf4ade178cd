# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models


class ProductPricelistItem(models.Model):
    _inherit = "product.pricelist.item"

    def _key_account_discount(self):
        """Return by how many per cent at most the rule goes below the list price."""
        self.ensure_one()
        if self.compute_price == "percentage":
            return self.percent_price
        if self.compute_price == "fixed":
            product = self.product_id or self.product_tmpl_id
            # What is fixed for whole categories can't be compared: for a director.
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
        name, key = self.display_name or self.name, f"item_{self.id}"
        target = (
            self.product_id.id,
            self.product_tmpl_id.id,
            self.categ_id.id,
            self.applied_on,
        )
        return {
            f"{key}_target": [
                self.env._("%s, applied on", name),
                ":".join(map(str, target)),
                "any",
            ],
            f"{key}_kind": [
                self.env._("%s, computed by", name),
                f"{self.compute_price}:{self.base}:{self.base_pricelist_id.id}",
                "any",
            ],
            f"{key}_percent": [
                self.env._("%s, discount", name),
                self.price_discount
                if self.compute_price == "formula"
                else self.percent_price,
                "higher",
            ],
            f"{key}_fixed": [self.env._("%s, price", name), self.fixed_price, "lower"],
            f"{key}_surcharge": [
                self.env._("%s, extra fee", name),
                self.price_surcharge,
                "lower",
            ],
            f"{key}_margin": [
                self.env._("%s, margin", name),
                self.price_min_margin,
                "lower",
            ],
            f"{key}_quantity": [
                self.env._("%s, from quantity", name),
                self.min_quantity,
                "lower",
            ],
            f"{key}_end": [
                self.env._("%s, until", name),
                fields.Datetime.to_string(self.date_end) or None,
                "higher",
            ],
        }

    @api.model_create_multi
    def create(self, vals_list):
        items = super().create(vals_list)
        items.pricelist_id._recheck_approval()
        return items

    def write(self, vals):
        result = super().write(vals)
        self.pricelist_id._recheck_approval()
        return result
