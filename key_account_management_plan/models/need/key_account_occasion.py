# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from ast import literal_eval

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.key_account_management.models.tools.records import open_records

#: What the meetings in the calendar say as well.
OF_MEETINGS = frozenset(["name", "start", "stop", "location", "description"])


class KeyAccountOccasion(models.Model):
    """A fair, presentation or promotion to which stakeholders are invited."""

    _name = "key.account.occasion"
    _description = "Occasion to Meet Stakeholders"
    _inherit = ["mail.thread"]
    _order = "start desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    kind = fields.Selection(
        [
            ("fair", "Trade Fair"),
            ("presentation", "Presentation"),
            ("promotion", "Promotion"),
            ("other", "Other"),
        ],
        required=True,
        default="fair",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    user_id = fields.Many2one(
        "res.users",
        string="Organizer",
        required=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    start = fields.Datetime(required=True, tracking=True)
    stop = fields.Datetime(
        compute="_compute_stop",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    location = fields.Char()
    description = fields.Html(help="What the invitation says.")
    stakeholder_domain = fields.Char(
        string="Whom to Invite",
        default="[('left_date', '=', False)]",
        help="A filter over stakeholders.",
    )
    invitation_ids = fields.One2many(
        "key.account.invitation", "occasion_id", string="Invitations"
    )
    invited_count = fields.Integer(compute="_compute_counts", string="Invited")
    accepted_count = fields.Integer(compute="_compute_counts", string="Accepted")

    _order_of_days = models.Constraint(
        "CHECK (stop > start)", "The occasion ends before it begins."
    )

    @api.depends("start")
    def _compute_stop(self):
        for occasion in self:
            if occasion.start and (
                not occasion.stop or occasion.stop <= occasion.start
            ):
                occasion.stop = fields.Datetime.add(occasion.start, hours=2)

    @api.depends("invitation_ids.answer")
    def _compute_counts(self):
        for occasion in self:
            occasion.invited_count = len(occasion.invitation_ids)
            occasion.accepted_count = len(
                occasion.invitation_ids.filtered(lambda each: each._takes_part())
            )

    def write(self, vals):
        """Take the meetings along, so that those invited hear of a new date."""
        result = super().write(vals)
        if OF_MEETINGS.intersection(vals):
            for occasion in self:
                occasion.invitation_ids.event_id.write(occasion._meeting_values())
        return result

    def _meeting_values(self):
        """Return what a meeting takes from the occasion."""
        Event = self.env["calendar.event"]
        return {
            **{name: self[name] for name in OF_MEETINGS},
            # Without it, core keeps the former duration and moves the end.
            "duration": Event._get_duration(self.start, self.stop),
        }

    def _find_stakeholders(self):
        """Return whom the filter finds, of those whom the user may read.

        :raise UserError: where the filter can't be read
        """
        self.ensure_one()
        Stakeholder = self.env["key.account.stakeholder"]
        try:
            domain = Domain(literal_eval(self.stakeholder_domain or "[]"))
            return Stakeholder.search(
                domain
                & Domain("company_id", "=", self.company_id.id)
                & Domain("partner_id", "!=", False)
                & Domain("left_date", "=", False)
            )
        except (ValueError, TypeError, KeyError, SyntaxError) as error:
            raise UserError(
                self.env._("The filter of whom to invite can't be read: %s", error)
            ) from error

    def action_invite(self):
        """Invite all whom the filter finds and who aren't invited yet.

        The meeting in the calendar is one for each account: customers don't see each
        other. Its attendees answer by Odoo's own mail.

        :return: True
        :raise UserError: where the filter finds no stakeholder
        """
        self.ensure_one()
        self.check_access("write")
        found = self._find_stakeholders()
        invited = self.invitation_ids.stakeholder_id
        if not found:
            raise UserError(
                self.env._("The filter finds no stakeholder with a contact.")
            )
        for account, members in (found - invited).grouped("account_id").items():
            event = self._get_event(account)
            event.partner_ids = [
                Command.link(partner.id) for partner in members.partner_id
            ]
            # sudo: no user enters invitations; whom one may read is invited.
            self.env["key.account.invitation"].sudo().create(
                [
                    {
                        "occasion_id": self.id,
                        "stakeholder_id": who.id,
                        "event_id": event.id,
                    }
                    for who in members
                ]
            )
        return True

    def _get_event(self, account):
        """Return the meeting of an account at this occasion, a new one at first."""
        ours = self.invitation_ids.filtered(
            lambda each: each.account_id == account and each.event_id
        )
        return ours.event_id[:1] or self.env["calendar.event"].create(
            {
                **self._meeting_values(),
                "user_id": self.user_id.id,
                "partner_ids": [Command.set(self.user_id.partner_id.ids)],
                "res_model_id": self.env["ir.model"]._get_id(account._name),
                "res_id": account.id,
            }
        )

    def action_view_invitations(self):
        """Open the invitations with their answers."""
        self.ensure_one()
        self.check_access("read")
        return open_records(
            self.env,
            "key_account_management_plan.key_account_invitation_action",
            [("occasion_id", "=", self.id)],
        )
