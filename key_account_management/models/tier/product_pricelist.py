# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models


class ProductPricelist(models.Model):
    _inherit = "product.pricelist"

    key_account_tier_ids = fields.One2many(
        "key.account.tier",
        "pricelist_id",
        string="Key Account Tiers",
        groups="key_account_management.group_key_account_user",
    )
