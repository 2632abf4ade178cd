# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    key_account_plan_old_days = fields.Integer(
        string="Figures of Plans Are Old After",
        default=30,
        help="Days after which the workbook of a plan marks a figure as old.",
    )
