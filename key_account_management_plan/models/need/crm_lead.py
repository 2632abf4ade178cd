# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    key_account_need_ids = fields.One2many(
        "key.account.need",
        "lead_id",
        string="Needs",
        groups="key_account_management.group_key_account_user",
    )
