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

    def _get_key_account_holders(self):
        # sudo: see the room below.
        Tier = self.env["key.account.tier"].sudo().with_context(active_test=False)
        tiers = Tier.search([("pricelist_id", "in", self.ids)])
        return [*super()._get_key_account_holders(), tiers]

    def _get_comparison_list(self):
        """Compare with the list of the tier that the accounts of the list are in."""
        for records in self._get_key_account_holders():
            accounts = (
                records
                if records._name == "key.account"
                else records.account_id
                if "account_id" in records._fields
                else self.env["key.account"].sudo()
            )
            lists = accounts.tier_id.pricelist_id - self
            if lists:
                return lists[:1]
        return super()._get_comparison_list()
