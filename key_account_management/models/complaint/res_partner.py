# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.records import count_related, open_records
from .key_account_complaint_stage import OPEN, READERS


class ResPartner(models.Model):
    """Customers with an open critical complaint get no payment reminders.

    Reminders are sent by other addons; they look at the field.
    """

    _inherit = "res.partner"

    key_account_reminder_paused = fields.Boolean(
        string="Payment Reminders Paused",
        compute="_compute_key_account_reminder_paused",
        search="_search_key_account_reminder_paused",
        groups="base.group_user",
        help="While a critical complaint of this customer is open.",
    )
    key_account_complaint_count = fields.Integer(
        compute="_compute_key_account_complaint_count",
        groups=READERS,
        string="Complaints",
    )

    @api.depends("commercial_partner_id")
    def _compute_key_account_reminder_paused(self):
        paused = self._get_key_account_reminder_paused(
            Domain("commercial_partner_id", "in", self.commercial_partner_id.ids)
        )
        for partner in self:
            partner.key_account_reminder_paused = (
                partner.commercial_partner_id._origin.id in paused
            )

    @api.model
    def _search_key_account_reminder_paused(self, operator, value):
        if operator != "in":
            return NotImplemented
        paused = Domain(
            "commercial_partner_id",
            "in",
            self._get_key_account_reminder_paused(Domain.TRUE),
        )
        return paused if True in value else ~paused

    @api.model
    def _get_key_account_reminder_paused(self, domain):
        """Return the ids of customers with open critical complaints.

        :param domain: of the complaints that count
        """
        # sudo: only that there is one, not what it is.
        Complaint = self.env["key.account.complaint"].sudo()
        groups = Complaint._read_group(
            OPEN
            & Domain("severity", "=", "critical")
            & Domain("company_id", "in", self.env.companies.ids)
            & domain,
            ["commercial_partner_id"],
        )
        return [customer.id for (customer,) in groups]

    def _compute_key_account_complaint_count(self):
        # A contact shows those of its company.
        customers = self.commercial_partner_id
        counts = count_related(
            customers, "key.account.complaint", "commercial_partner_id"
        )
        for partner in self:
            partner.key_account_complaint_count = counts.get(
                partner.commercial_partner_id._origin.id, 0
            )

    def action_view_key_account_complaints(self):
        """Open the complaints of the customer's company."""
        self.ensure_one()
        return open_records(
            self.env,
            "key_account_management.key_account_complaint_action",
            [("commercial_partner_id", "=", self.commercial_partner_id.id)],
            context={"default_partner_id": self.id},
        )

    @api.model
    def _key_account_topics(self):
        """Every role sees the complaints."""
        roles = {"purchasing", "service"}
        return {**super()._key_account_topics(), "complaints": roles}
