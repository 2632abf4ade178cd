# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"
    key_account_rebate_settlement_id = fields.Many2one(
        "key.account.rebate.settlement",
        string="Bonus Settlement",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups="base.group_user",
    )
