# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    key_account_audit_monthly = fields.Boolean(
        string="Monthly Price Audit",
        default=True,
        help="After each month its invoices are audited. Account managers and a "
        "director hear of what was found, and of what is coming.",
    )
