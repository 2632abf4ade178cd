# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    key_account_complaint_response_hours = fields.Float(
        related="company_id.key_account_complaint_response_hours", readonly=False
    )
    key_account_complaint_resolution_hours = fields.Float(
        related="company_id.key_account_complaint_resolution_hours", readonly=False
    )
    key_account_complaint_check_days = fields.Integer(
        related="company_id.key_account_complaint_check_days", readonly=False
    )
