# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    key_account_order_check = fields.Selection(
        related="company_id.key_account_order_check", readonly=False
    )
    key_account_overdue_days = fields.Integer(
        related="company_id.key_account_overdue_days", readonly=False
    )
    key_account_margin_floor = fields.Float(
        related="company_id.key_account_margin_floor", readonly=False
    )
    key_account_floor_tolerance = fields.Float(
        related="company_id.key_account_floor_tolerance", readonly=False
    )
    key_account_release_days = fields.Integer(
        related="company_id.key_account_release_days", readonly=False
    )
    key_account_reliable_score = fields.Float(
        related="company_id.key_account_reliable_score", readonly=False
    )
    key_account_unreliable_score = fields.Float(
        related="company_id.key_account_unreliable_score", readonly=False
    )
    key_account_unreliable_check = fields.Selection(
        related="company_id.key_account_unreliable_check", readonly=False
    )
    key_account_unreliable_term_id = fields.Many2one(
        related="company_id.key_account_unreliable_term_id", readonly=False
    )
