# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    key_account_coverage_months = fields.Integer(
        string="Coverage, Months",
        default=6,
        help="Messages, calls and meetings of this time say how well a "
        "stakeholder is covered.",
    )
    key_account_stakeholder_days = fields.Integer(
        string="Contact With Deciders Every",
        default=90,
        help="Days without contact with a decider or an influential stakeholder after "
        "which it is a gap. 0 to leave it out.",
    )
