# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    key_account_discount_limit_user = fields.Float(
        related="company_id.key_account_discount_limit_user", readonly=False
    )
    key_account_discount_limit_all = fields.Float(
        related="company_id.key_account_discount_limit_all", readonly=False
    )
    key_account_credit_limit_user = fields.Monetary(
        related="company_id.key_account_credit_limit_user", readonly=False
    )
    key_account_credit_limit_all = fields.Monetary(
        related="company_id.key_account_credit_limit_all", readonly=False
    )
    key_account_money_limit_user = fields.Monetary(
        related="company_id.key_account_money_limit_user", readonly=False
    )
    key_account_money_limit_all = fields.Monetary(
        related="company_id.key_account_money_limit_all", readonly=False
    )
