# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class KeyAccount(models.Model):
    _inherit = "key.account"

    report_to_manager = fields.Boolean(
        string="Monthly Report to the Account Manager",
        help="Early each month on the month before, as PDF and workbook.",
    )
    report_to_director = fields.Boolean(string="Monthly Report to the Directors")
    report_contact_ids = fields.Many2many(
        "res.partner",
        "key_account_report_contact_rel",
        string="Monthly Report to Contacts",
        domain="[('commercial_partner_id', '=', partner_id)]",
        help="These contacts of the customer get an edition without margins and "
        "scores, in their language.",
    )

    @api.constrains("report_contact_ids", "partner_id")
    def _check_report_contacts(self):
        for account in self:
            for contact in account.report_contact_ids:
                if contact.commercial_partner_id != account.partner_id:
                    raise ValidationError(
                        self.env._(
                            "%(who)s is no contact of %(customer)s.",
                            who=contact.display_name,
                            customer=account.partner_name,
                        )
                    )

    def action_monthly_report(self):
        """Open a new report on last month, to look at and to send."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Monthly Report"),
            "res_model": "key.account.monthly.report",
            "view_mode": "form",
            "context": {
                "default_account_id": self.id,
                "default_company_id": self.company_id.id,
                "default_partner_ids": self.env.user.partner_id.ids,
            },
        }


class ResCompany(models.Model):
    _inherit = "res.company"

    key_account_report_day = fields.Integer(
        string="Day of the Monthly Reports",
        default=3,
        help="From this day of the month on, last month's reports are sent; in a "
        "shorter month on its last day.",
    )
    key_account_manager_report = fields.Boolean(
        string="Monthly Report to Each Manager",
        help="On all of his accounts together.",
    )

    @api.constrains("key_account_report_day")
    def _check_key_account_report_day(self):
        for company in self:
            if not 1 <= company.key_account_report_day <= 31:
                raise ValidationError(
                    self.env._("The day of the monthly reports is one from 1 to 31.")
                )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    key_account_report_day = fields.Integer(
        related="company_id.key_account_report_day", readonly=False
    )
    key_account_manager_report = fields.Boolean(
        related="company_id.key_account_manager_report", readonly=False
    )
