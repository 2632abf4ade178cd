# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    key_account_tier_id = fields.Many2one(
        "key.account.tier",
        compute="_compute_key_account_id",
        search="_search_key_account_tier_id",
        compute_sudo=True,
        groups="base.group_user",
    )
    key_account_tier_color = fields.Integer(
        compute="_compute_key_account_id", compute_sudo=True, groups="base.group_user"
    )

    @api.model
    def _search_key_account_tier_id(self, operator, value):
        return self._search_key_account_field("tier_id", operator, value)

    @api.depends("commercial_partner_id.key_account_ids.tier_id.color")
    def _compute_key_account_id(self):
        result = super()._compute_key_account_id()
        for partner in self:
            # sudo: the name of the tier is shown to every colleague.
            tier = partner.sudo().key_account_id.tier_id
            partner.key_account_tier_id = tier
            partner.key_account_tier_color = tier.color
        return result
