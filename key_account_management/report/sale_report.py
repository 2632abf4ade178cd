# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models

KEY_ACCOUNT_FIELDS = (
    "key_account_id",
    "key_account_tier_id",
    "key_account_manager_id",
)


class SaleReport(models.Model):
    _inherit = "sale.report"

    key_account_id = fields.Many2one("key.account", readonly=True)
    key_account_tier_id = fields.Many2one("key.account.tier", readonly=True)
    key_account_manager_id = fields.Many2one(
        "res.users", string="Key Account Manager", readonly=True
    )

    def _select_additional_fields(self):
        additional_fields = super()._select_additional_fields()
        for fname in KEY_ACCOUNT_FIELDS:
            additional_fields[fname] = f"s.{fname}"
        return additional_fields

    def _group_by_sale(self):
        columns = ", ".join(f"s.{fname}" for fname in KEY_ACCOUNT_FIELDS)
        return f"{super()._group_by_sale()}, {columns}"
