# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    key_account_program_ids = fields.Many2many(
        "loyalty.program",
        string="Programs for Key Accounts",
        compute="_compute_key_account_program_ids",
        compute_sudo=True,
        groups="base.group_user",
        help="Programs with restricted participation in which the customer takes part.",
    )

    @api.depends_context("company")
    def _compute_key_account_program_ids(self):
        programs = self.env["loyalty.program"].search(
            [
                ("key_account_restricted", "=", True),
                ("company_id", "in", [False, self.env.company.id]),
            ]
        )
        accounts = {}
        if programs:
            accounts = self.env["key.account"]._get_by_partner(self, self.env.company)
        for partner in self:
            account = accounts.get(partner.commercial_partner_id.id)
            partner.key_account_program_ids = programs.filtered(
                lambda program, account=account: account
                and program._admits(account, account.tier_id)
            )

    @api.model
    def _load_pos_data_fields(self, config):
        return [*super()._load_pos_data_fields(config), "key_account_program_ids"]
