# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    key_account_rebate_account_id = fields.Many2one(
        related="company_id.key_account_rebate_account_id", readonly=False
    )
    key_account_rebate_accrual_account_id = fields.Many2one(
        related="company_id.key_account_rebate_accrual_account_id", readonly=False
    )
    key_account_rebate_journal_id = fields.Many2one(
        related="company_id.key_account_rebate_journal_id", readonly=False
    )
    key_account_rebate_credit_journal_id = fields.Many2one(
        related="company_id.key_account_rebate_credit_journal_id", readonly=False
    )
    key_account_rebate_note = fields.Boolean(
        related="company_id.key_account_rebate_note", readonly=False
    )
