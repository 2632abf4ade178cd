# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class KeyAccount(models.Model):
    _inherit = "key.account"

    report_to_manager = fields.Boolean(
        string="Monthly Report to the Account Manager",
        default=True,
        help="Sent early each month for the month before, as PDF and workbook.",
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
                            "%(who)s is not a contact of %(customer)s.",
                            who=contact.display_name,
                            customer=account.partner_name,
                        )
                    )

    def action_monthly_report(self):
        """Open a new report on last month, to check and send it."""
        self.ensure_one()
        return self.env["key.account.monthly.report"]._get_records_action(
            name=self.env._("Monthly Report"),
            context={
                "default_account_id": self.id,
                "default_company_id": self.company_id.id,
                "default_partner_ids": self.env.user.partner_id.ids,
            },
        )
