# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models
from odoo.exceptions import UserError


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def action_make_candidate(self):
        """Make the customer of a lead a candidate, to be won as a key account.

        :return: action that opens the candidate, or the account where there is one
        :raise UserError: where the lead names no customer
        """
        self.ensure_one()
        self.check_access("write")
        if not self.partner_id and self.partner_name:
            self._handle_partner_assignment(create_missing=True)
        customer = self.partner_id.commercial_partner_id
        if not customer:
            raise UserError(
                self.env._(
                    "Enter the company's name or the customer of the lead first."
                )
            )
        company = self.company_id or self.env.company
        Account = self.env["key.account"]
        account = Account.search(
            [("partner_id", "=", customer.id), ("company_id", "=", company.id)]
        )
        if not account:
            account = Account.create(
                {
                    "partner_id": customer.id,
                    "company_id": company.id,
                    "manager_id": (self.user_id or self.env.user).id,
                    "state": "candidate",
                    "phase": "win",
                    "candidate_source": "lead",
                }
            )
            # sudo: no user says which lead it came from; it is this one.
            account.sudo().candidate_lead_id = self
        return account._get_records_action(context={})
