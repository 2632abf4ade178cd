# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models


class KeyAccountDocumentMixin(models.AbstractModel):
    """The tier that the customer had on the date of an order or invoice."""

    _inherit = "key.account.document.mixin"

    key_account_tier_id = fields.Many2one(
        "key.account.tier",
        compute="_compute_key_account_id",
        store=True,
        precompute=True,
        index="btree_not_null",
        copy=False,
        groups="base.group_user",
    )

    def _get_kept_fields(self):
        return [*super()._get_kept_fields(), "key_account_tier_id"]
