# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models


class KeyAccountInvitation(models.Model):
    """One stakeholder at an occasion: the answer, and what follows."""

    _name = "key.account.invitation"
    _description = "Invitation of a Stakeholder"
    _inherit = ["key.account.server.written"]
    _order = "occasion_id desc, account_id, id"
    _server_written = ("occasion_id", "stakeholder_id", "event_id")

    occasion_id = fields.Many2one(
        "key.account.occasion", required=True, index=True, ondelete="cascade"
    )
    stakeholder_id = fields.Many2one(
        "key.account.stakeholder", required=True, index=True, ondelete="cascade"
    )
    account_id = fields.Many2one(
        related="stakeholder_id.account_id", store=True, index=True
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    event_id = fields.Many2one(
        "calendar.event",
        string="Meeting",
        index="btree_not_null",
        ondelete="set null",
    )
    start = fields.Datetime(related="occasion_id.start", store=True)
    answer = fields.Selection(
        [
            ("needsAction", "No Answer"),
            ("tentative", "Perhaps"),
            ("declined", "Declined"),
            ("accepted", "Accepted"),
        ],
        compute="_compute_answer",
        help="As the stakeholder answered the invitation in the calendar.",
    )
    preferences = fields.Text(string="What to Know", compute="_compute_preferences")
    followed_date = fields.Date(
        string="Followed Up on", readonly=True, help="When the follow-up was planned."
    )

    _once = models.Constraint(
        "unique (occasion_id, stakeholder_id)",
        "This stakeholder is invited to the occasion already.",
    )

    @api.depends("event_id.attendee_ids.state", "stakeholder_id.partner_id")
    def _compute_answer(self):
        # sudo: the answer, for every user who reads the invitation.
        attendees = self.sudo().event_id.attendee_ids
        answers = {
            (attendee.event_id.id, attendee.partner_id.id): attendee.state
            for attendee in attendees
        }
        for invitation in self:
            key = (
                invitation.sudo().event_id.id,
                invitation.stakeholder_id.partner_id.id,
            )
            invitation.answer = answers.get(key, "needsAction")

    @api.depends("account_id", "stakeholder_id.partner_id")
    @api.depends_context("lang")
    def _compute_preferences(self):
        Preference = self.env["key.account.preference"]
        found = Preference._find(self.account_id, "on_invitation")
        for invitation in self:
            told = found.get(invitation.account_id.id, Preference)
            partner = invitation.stakeholder_id.partner_id
            invitation.preferences = told._of_person(partner.sudo())._as_text()

    def _takes_part(self):
        """Tell whether the stakeholder comes, or came."""
        self.ensure_one()
        return self.answer == "accepted"

    def action_follow_up(self):
        """Plan a call with the stakeholder, for our owner.

        :return: True
        """
        self.check_access("write")
        for invitation in self.filtered(lambda each: not each.followed_date):
            who = invitation.stakeholder_id
            today = invitation.company_id._get_key_account_today()
            who.activity_schedule(
                "mail.mail_activity_data_call",
                date_deadline=today,
                summary=self.env._(
                    "After “%(occasion)s”: call %(name)s",
                    occasion=invitation.occasion_id.name,
                    name=who.name,
                ),
                user_id=(who.owner_id or self.env.user).id,
            )
            # sudo: the system's date, after the check of access.
            invitation.sudo().followed_date = today
        return True
