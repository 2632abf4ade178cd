# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    _inherit = "res.company"

    key_account_report_day = fields.Integer(
        string="Day of the Monthly Reports",
        default=3,
        help="Last month's reports are sent from this day of the month on; in a "
        "shorter month, on its last day.",
    )
    key_account_manager_report = fields.Boolean(
        string="Monthly Report to Each Manager",
        help="One report on all accounts of the manager.",
    )

    @api.constrains("key_account_report_day")
    def _check_key_account_report_day(self):
        for company in self:
            if not 1 <= company.key_account_report_day <= 31:
                raise ValidationError(
                    self.env._("The day of the monthly reports must be from 1 to 31.")
                )
