# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models


class KeyAccountCreate(models.TransientModel):
    """The tier of the new key accounts, or the request for it."""

    _inherit = "key.account.create"

    tier_id = fields.Many2one(
        "key.account.tier",
        check_company=True,
        domain="['|', ('company_id', '=', False), ('company_id', '=', company_id)]",
    )
    tier_needs_approval = fields.Boolean(compute="_compute_tier_needs_approval")

    @api.depends("tier_id")
    @api.depends_context("uid")
    def _compute_tier_needs_approval(self):
        for wizard in self:
            wizard.tier_needs_approval = not wizard.tier_id._user_may_approve()

    def _prepare_account_values(self, partner):
        return {
            **super()._prepare_account_values(partner),
            "tier_id": self.tier_id.id,
        }
