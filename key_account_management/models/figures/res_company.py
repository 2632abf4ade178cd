# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    key_account_risk_score = fields.Float(
        string="At Risk Below",
        default=40.0,
        help="Key accounts with a lower health score are flagged as at risk.",
    )
