# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models


class ProductCategory(models.Model):
    _inherit = "product.category"

    def _get_key_account_line(self):
        """Return the ids of this category and those above it, nearest first."""
        self.ensure_one()
        return [int(key) for key in reversed(self.parent_path.split("/")[:-1])]
