# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.fields import Domain

from .key_account_complaint_stage import OPEN, READERS


class ResPartner(models.Model):
    """Nobody is dunned while something critical of his is open.

    Reminders are Odoo Enterprise's (``account_followup``) or an addon's; where one
    asks as the former does, it is answered here. Others look at the field.
    """

    _inherit = "res.partner"

    key_account_reminder_paused = fields.Boolean(
        string="Payment Reminders Paused",
        compute="_compute_key_account_reminder_paused",
        search="_search_key_account_reminder_paused",
        groups="base.group_user",
        help="While a critical complaint of this customer is open.",
    )
    complaint_count = fields.Integer(
        compute="_compute_complaint_count", groups=READERS, string="Complaints"
    )

    @api.depends("commercial_partner_id")
    def _compute_key_account_reminder_paused(self):
        paused = self._reminder_paused_customers(
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
            "commercial_partner_id", "in", self._reminder_paused_customers(Domain.TRUE)
        )
        return paused if True in value else ~paused

    @api.model
    def _reminder_paused_customers(self, domain):
        """Return the ids of customers with open critical complaints."""
        # sudo: that there is one holds reminders up, whoever sends them.
        groups = (
            self.env["key.account.complaint"]
            .sudo()
            ._read_group(
                OPEN
                & Domain("severity", "=", "critical")
                & Domain("company_id", "in", self.env.companies.ids)
                & domain,
                ["commercial_partner_id"],
            )
        )
        return [customer.id for (customer,) in groups]

    def _execute_followup_partner(self, options=None):
        """Let the follow-up of Odoo Enterprise pass over who has reason to complain.

        A person who sends a reminder by hand is not held up.
        """
        self.ensure_one()
        by_hand = (options or {}).get("manual_followup")
        if self.key_account_reminder_paused and not by_hand:
            return None
        follow_up = getattr(super(), "_execute_followup_partner", None)
        return follow_up(options) if follow_up else None

    def _compute_complaint_count(self):
        counts = {}
        if self.ids:
            # A contact shows those of its company.
            counts = dict(
                self.env["key.account.complaint"]._read_group(
                    [("commercial_partner_id", "in", self.commercial_partner_id.ids)],
                    ["commercial_partner_id"],
                    ["__count"],
                )
            )
        for partner in self:
            partner.complaint_count = counts.get(partner.commercial_partner_id, 0)

    def action_view_complaints(self):
        """Open the complaints of the customer's company."""
        self.ensure_one()
        return self.env["key.account.complaint"]._action_for(
            Domain("commercial_partner_id", "=", self.commercial_partner_id.id),
            {"default_partner_id": self.id},
        )

    @api.model
    def _key_account_topics(self):
        """Every role sees the complaints."""
        roles = {"purchasing", "service"}
        return {**super()._key_account_topics(), "complaints": roles}
