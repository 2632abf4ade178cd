# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    key_account_risk_score = fields.Float(
        related="company_id.key_account_risk_score", readonly=False
    )
    key_account_order_check = fields.Selection(
        related="company_id.key_account_order_check", readonly=False
    )
    key_account_overdue_days = fields.Integer(
        related="company_id.key_account_overdue_days", readonly=False
    )
    key_account_reliable_score = fields.Float(
        related="company_id.key_account_reliable_score", readonly=False
    )
    key_account_unreliable_score = fields.Float(
        related="company_id.key_account_unreliable_score", readonly=False
    )
