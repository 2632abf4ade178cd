# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import groups
from . import complaint_rules
from .key_account_complaint_clock import CLOCK_STATES


class KeyAccountComplaintDeadline(models.AbstractModel):
    """The deadlines of a complaint: until the answer, and until the resolution."""

    _name = "key.account.complaint.deadline"
    _description = "Deadlines of a Complaint"
    _inherit = "key.account.complaint.flow"
    _server_written = (
        "response_deadline",
        "resolution_deadline",
        "next_deadline",
        "response_state",
        "resolution_state",
        "response_hours",
        "resolution_hours",
        "responded_on",
    )

    clock_ids = fields.One2many("key.account.complaint.clock", "complaint_id")
    response_deadline = fields.Datetime(
        compute="_compute_deadlines",
        store=True,
        index=True,
        help="In working hours of the tier; empty while waiting for the customer.",
    )
    resolution_deadline = fields.Datetime(
        compute="_compute_deadlines",
        store=True,
        index=True,
        help="In working hours of the tier; empty while waiting for the customer.",
    )
    next_deadline = fields.Datetime(
        compute="_compute_deadlines",
        store=True,
        index=True,
        help="The earliest deadline of the running clocks.",
    )
    response_state = fields.Selection(
        CLOCK_STATES,
        compute="_compute_deadlines",
        store=True,
        string="Answered in Time",
    )
    resolution_state = fields.Selection(
        CLOCK_STATES,
        compute="_compute_deadlines",
        store=True,
        string="Resolved in Time",
    )
    response_hours = fields.Float(
        compute="_compute_deadlines",
        store=True,
        aggregator="avg",
        string="Hours to Respond",
        help="Working hours, pauses left out.",
    )
    resolution_hours = fields.Float(
        compute="_compute_deadlines",
        store=True,
        aggregator="avg",
        string="Hours to Resolve",
        help="Working hours, pauses left out.",
    )
    is_late = fields.Boolean(compute="_compute_is_late", search="_search_is_late")
    responded_on = fields.Datetime(readonly=True, copy=False)

    @api.depends(
        "clock_ids.kind",
        "clock_ids.round",
        "clock_ids.state",
        "clock_ids.deadline",
        "clock_ids.used_hours",
    )
    def _compute_deadlines(self):
        for complaint in self:
            running = []
            for kind in ("response", "resolution"):
                clock = complaint.clock_ids.filtered(
                    lambda clock, kind=kind: clock.kind == kind
                ).sorted("round")[-1:]
                complaint[f"{kind}_deadline"] = clock.deadline
                complaint[f"{kind}_state"] = clock.state
                complaint[f"{kind}_hours"] = clock.used_hours
                if clock.state == "running" and clock.deadline:
                    running.append(clock.deadline)
            complaint.next_deadline = min(running, default=False)

    @api.depends("next_deadline")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for complaint in self:
            complaint.is_late = bool(
                complaint.next_deadline and complaint.next_deadline < now
            )

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = Domain("next_deadline", "<", fields.Datetime.now())
        return late if True in value else ~late

    def _get_calendar(self):
        """Return the working hours of the clocks: the tier's, else the company's."""
        # sudo: everyone who handles the complaint works with the same hours.
        complaint = self.sudo()
        return (
            complaint.account_id.tier_id.complaint_calendar_id
            or complaint.company_id.resource_calendar_id
        )

    def _get_clock_hours(self, kind):
        """Return the working hours until the answer or the resolution.

        :param str kind: ``response`` or ``resolution``
        """
        self.ensure_one()
        # sudo: as above.
        complaint = self.sudo()
        hours = (
            complaint.account_id.tier_id[f"{kind}_hours"]
            or complaint.company_id[f"key_account_complaint_{kind}_hours"]
        )
        return complaint_rules.target_hours(hours, complaint.severity)

    def _get_escalation_user(self, level):
        """Return the user who is told about a late complaint.

        :param int level: 1 team lead, 2 director
        """
        self.ensure_one()
        # sudo: only the names of those who lead are taken.
        complaint = self.sudo()
        if level == 1:
            # Users who can't open the complaint can't do anything about it either.
            leads = (
                complaint.team_id.user_id
                | complaint.department_id.user_id
                | complaint.account_id.acting_manager_id
            ).filtered(
                lambda user: complaint.sudo(False).with_user(user).has_access("read")
            )
            if leads:
                return leads[0]
        return self.env["res.users"]._choose_key_account_decider(
            groups.DIRECTOR, complaint.company_id
        )

    def _start_clocks(self):
        """Start both clocks of new complaints; closed ones (imported) have none."""
        now = fields.Datetime.now()
        open_ones = self.filtered(lambda complaint: not complaint._is_closed())
        # sudo: only the server writes clocks.
        Clock = self.env["key.account.complaint.clock"].sudo()
        for kind in ("response", "resolution"):
            clocks = Clock._start(open_ones, kind, now)
            clocks.filtered(
                lambda clock: clock.complaint_id.stage_kind == "waiting"
            )._pause(now)

    def _register_response(self):
        """Stop the clock of the answer: the customer has heard from us."""
        now = fields.Datetime.now()
        # sudo: only the server writes clocks and the date of the answer; callers have
        # checked the access.
        unanswered = self.sudo().filtered(lambda complaint: not complaint.responded_on)
        unanswered.clock_ids.filtered(lambda clock: clock.kind == "response")._stop(now)
        unanswered.responded_on = now
        unanswered.filtered(lambda complaint: complaint.stage_kind == "new")._move_to(
            "open"
        )

    def action_respond(self):
        """Note that the customer was answered other than by a message here."""
        self.check_access("write")
        self._register_response()
        for complaint in self:
            complaint._message_log(
                body=self.env._("Customer answered by %s.", self.env.user.name)
            )

    def action_close(self):
        """Closing a complaint answers the customer, too."""
        self.check_access("write")
        self._register_response()
        return super().action_close()

    def _after_closing(self, now):
        # sudo: as in _register_response().
        complaint = self.sudo()
        complaint.clock_ids._stop(now)
        complaint.responded_on = complaint.responded_on or now
        self.activity_unlink(
            ["key_account_management.mail_activity_type_complaint_escalation"]
        )
        return super()._after_closing(now)

    def _after_cancelling(self, now):
        # sudo: as above.
        self.sudo().clock_ids._stop(now, cancel=True)
        return super()._after_cancelling(now)

    def _after_reopening(self, now):
        # sudo: as above.
        self.env["key.account.complaint.clock"].sudo()._start(self, "resolution", now)
        return super()._after_reopening(now)

    def _after_moving(self, now, old, new):
        # sudo: as above.
        clocks = self.sudo().clock_ids
        if new == "waiting":
            clocks._pause(now)
        elif old == "waiting":
            clocks._resume(now)
        return super()._after_moving(now, old, new)
