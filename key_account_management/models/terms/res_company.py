# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    key_account_discount_limit_user = fields.Float(
        string="Discount Approved by Account Managers (%)",
        default=5.0,
        help="Account managers can approve special price lists up to this discount.",
    )
    key_account_discount_limit_all = fields.Float(
        string="Discount Approved by Users of All Accounts (%)",
        default=15.0,
        help="Beyond this discount, a director must approve special price lists.",
    )
