# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models


class KeyAccountTier(models.Model):
    _inherit = "key.account.tier"

    complaint_calendar_id = fields.Many2one(
        "resource.calendar",
        string="Working Hours for Complaints",
        help="Deadlines of complaints count in these hours; if empty, in those of the "
        "company.",
    )
