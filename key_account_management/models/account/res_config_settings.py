# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    key_account_decider_ids = fields.Many2many(
        related="company_id.key_account_decider_ids", readonly=False
    )
    key_account_contact_on_documents = fields.Boolean(
        related="company_id.key_account_contact_on_documents", readonly=False
    )
