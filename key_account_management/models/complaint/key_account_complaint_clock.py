# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_datetime

from ..tools.batches import in_batches
from ..tools.records import count_related
from . import complaint_rules

CLOCK_KINDS = [("response", "Response"), ("resolution", "Resolution")]
CLOCK_STATES = [
    ("running", "Running"),
    ("paused", "Paused"),
    ("met", "Met"),
    ("missed", "Missed"),
    ("cancelled", "Cancelled"),
]
#: Late clocks are escalated so many at a time.
BATCH = 200


class KeyAccountComplaintClock(models.Model):
    """How long a complaint may take until it is answered, or resolved.

    One record per complaint, kind and round; reopening starts another round.
    """

    _name = "key.account.complaint.clock"
    _description = "Clock of a Complaint"
    _inherit = ["key.account.server.written"]
    _order = "deadline, id"
    _rec_name = "kind"

    complaint_id = fields.Many2one(
        "key.account.complaint",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="complaint_id.company_id", store=True)
    account_id = fields.Many2one(related="complaint_id.account_id", store=True)
    user_id = fields.Many2one(related="complaint_id.user_id", store=True)
    severity = fields.Selection(related="complaint_id.severity", store=True)
    kind = fields.Selection(CLOCK_KINDS, required=True, readonly=True)
    round = fields.Integer(default=1, required=True, readonly=True)
    state = fields.Selection(
        CLOCK_STATES,
        default="running",
        required=True,
        readonly=True,
        index=True,
    )
    target_hours = fields.Float(readonly=True, help="Working hours.")
    used_hours = fields.Float(
        readonly=True,
        help="Working hours used until the last pause or the end.",
    )
    started_at = fields.Datetime(required=True, readonly=True)
    running_since = fields.Datetime(
        readonly=True, help="Start, or end of the last pause."
    )
    deadline = fields.Datetime(
        readonly=True,
        index=True,
        help="Empty while the clock is paused. A new one is set when it goes on.",
    )
    director_from = fields.Datetime(
        readonly=True, help="From this moment on a director is told."
    )
    stopped_at = fields.Datetime(readonly=True)
    pause_ids = fields.One2many("key.account.complaint.pause", "clock_id")
    pause_count = fields.Integer(compute="_compute_pause_count")
    escalation_ids = fields.One2many("key.account.complaint.escalation", "clock_id")

    _complaint_kind_round_uniq = models.Constraint(
        "unique (complaint_id, kind, round)",
        "A complaint has one clock of each kind and round.",
    )

    _due_idx = models.Index("(deadline) WHERE state = 'running'")

    @api.depends("pause_ids")
    def _compute_pause_count(self):
        counts = count_related(self, "key.account.complaint.pause", "clock_id")
        for clock in self:
            clock.pause_count = counts.get(clock.id, 0)

    @api.model
    def _start(self, complaints, kind, now):
        """Start a clock of a kind for these complaints, as their next round.

        :param complaints: ``key.account.complaint`` records
        :param str kind: ``response`` or ``resolution``
        :param now: naive UTC datetime of the start
        :return: the new clocks
        """
        rounds = dict(
            self._read_group(
                [("complaint_id", "in", complaints.ids), ("kind", "=", kind)],
                ["complaint_id"],
                ["round:max"],
            )
        )
        clocks = self.create(
            [
                {
                    "complaint_id": complaint.id,
                    "kind": kind,
                    "round": rounds.get(complaint, 0) + 1,
                    "started_at": now,
                    "running_since": now,
                    "target_hours": complaint._get_clock_hours(kind),
                }
                for complaint in complaints
            ]
        )
        clocks._set_deadline()
        return clocks

    def _set_deadline(self):
        """Plan what is left of the target, from the moment the clock runs."""
        for clock in self.filtered(lambda clock: clock.state == "running"):
            left = max(clock.target_hours - clock.used_hours, 0.0)
            clock.deadline = clock._plan(clock.running_since, left)
            clock.director_from = clock._plan(
                clock.running_since,
                left + clock.target_hours * complaint_rules.DIRECTOR_SHARE,
            )

    def _plan(self, start, hours):
        """Return the moment after so many working hours of the complaint's calendar."""
        calendar = self.complaint_id._get_calendar()
        # A calendar without working hours has no such moment: then all hours count.
        planned = calendar and calendar.plan_hours(hours, start, compute_leaves=True)
        moment = planned or start + timedelta(hours=hours)
        return (moment + timedelta(microseconds=500000)).replace(microsecond=0)

    def _worked(self, start, end):
        """Return the working hours between two moments (naive UTC)."""
        calendar = self.complaint_id._get_calendar()
        if not calendar:
            return (end - start).total_seconds() / 3600.0
        return calendar.get_work_hours_count(start, end)

    def _refresh_targets(self):
        """Give clocks that aren't stopped the hours of the new severity or customer."""
        clocks = self.filtered(lambda clock: clock.state in ("running", "paused"))
        for clock in clocks:
            clock.target_hours = clock.complaint_id._get_clock_hours(clock.kind)
        clocks._set_deadline()

    def _pause(self, now):
        """Stop counting: the customer has to do something."""
        for clock in self.filtered(lambda clock: clock.state == "running"):
            used = clock.used_hours + clock._worked(clock.running_since, now)
            if used >= clock.target_hours:
                # What is late stays late, even while we wait.
                continue
            clock.write(
                {
                    "state": "paused",
                    "used_hours": used,
                    "running_since": False,
                    "deadline": False,
                    "director_from": False,
                    "pause_ids": [(0, 0, {"start": now})],
                }
            )

    def _resume(self, now):
        """Go on counting with what was left."""
        paused = self.filtered(lambda clock: clock.state == "paused")
        paused.pause_ids.filtered(lambda pause: not pause.end).end = now
        paused.write({"state": "running", "running_since": now})
        paused._set_deadline()

    def _stop(self, now, cancel=False):
        """End the clocks: met or missed, or cancelled.

        :param now: naive UTC datetime
        :param bool cancel: the complaint was cancelled
        """
        for clock in self.filtered(lambda clock: clock.state in ("running", "paused")):
            used = clock.used_hours
            if clock.running_since:
                used += clock._worked(clock.running_since, now)
            clock.pause_ids.filtered(lambda pause: not pause.end).end = now
            clock.write(
                {
                    "state": "cancelled"
                    if cancel
                    else complaint_rules.outcome(clock.deadline, now),
                    "used_hours": used,
                    "stopped_at": now,
                }
            )

    def _escalate(self, now):
        """Tell team lead and director about clocks that ran out, once per level.

        :param now: naive UTC datetime
        :return: the new ``key.account.complaint.escalation`` records
        """
        new = []
        for clock in self.filtered(lambda clock: clock.state == "running"):
            done = set(clock.escalation_ids.mapped("level"))
            levels = complaint_rules.escalation_levels(
                now, clock.deadline, clock.director_from
            )
            new += [(clock, level) for level in levels if level not in done]
        # sudo: only the server writes escalations.
        Escalation = self.env["key.account.complaint.escalation"].sudo()
        escalations = Escalation.create(
            [
                {
                    "clock_id": clock.id,
                    "level": level,
                    "user_id": clock.complaint_id._get_escalation_user(level).id,
                }
                for clock, level in new
            ]
        )
        for escalation in escalations:
            escalation._tell()
        return escalations

    @api.model
    def _cron_escalate(self):
        """Escalate late clocks, in batches; each level is told once."""
        now = fields.Datetime.now()
        # Those that a director knows of are done with.
        clocks = self.search(
            [
                ("state", "=", "running"),
                ("deadline", "<=", now),
                ("escalation_ids", "not any", [("level", ">", 1)]),
            ]
        )
        in_batches(clocks, BATCH, lambda batch: batch._escalate(now))


class KeyAccountComplaintPause(models.Model):
    _name = "key.account.complaint.pause"
    _description = "Pause of a Complaint's Clock"
    _inherit = ["key.account.server.written"]
    _order = "start, id"

    clock_id = fields.Many2one(
        "key.account.complaint.clock",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    start = fields.Datetime(required=True, readonly=True)
    end = fields.Datetime(readonly=True)


class KeyAccountComplaintEscalation(models.Model):
    """A user was told that a clock has run out: once per level."""

    _name = "key.account.complaint.escalation"
    _description = "Escalation of a Complaint"
    _inherit = ["key.account.server.written"]
    _order = "id desc"
    _rec_name = "level"

    clock_id = fields.Many2one(
        "key.account.complaint.clock",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    complaint_id = fields.Many2one(
        related="clock_id.complaint_id", store=True, index=True
    )
    company_id = fields.Many2one(related="clock_id.company_id", store=True)
    level = fields.Integer(required=True, readonly=True)
    user_id = fields.Many2one("res.users", string="Notified", readonly=True)
    date = fields.Datetime(
        required=True, readonly=True, default=lambda self: fields.Datetime.now()
    )

    _clock_level_uniq = models.Constraint(
        "unique (clock_id, level)", "A clock is escalated once per level."
    )

    def _tell(self):
        """Leave an activity with the user who is told, and a note in the chatter."""
        self.ensure_one()
        complaint = self.complaint_id
        company = complaint.company_id
        due = format_datetime(
            self.env, self.clock_id.deadline, tz=company._get_key_account_tz()
        )
        if self.clock_id.kind == "response":
            text = self.env._(
                "The answer to complaint %(number)s is late: it was due on "
                "%(deadline)s.",
                number=complaint.name,
                deadline=due,
            )
        else:
            text = self.env._(
                "The resolution of complaint %(number)s is late: it was due on "
                "%(deadline)s.",
                number=complaint.name,
                deadline=due,
            )
        complaint.activity_schedule(
            "key_account_management.mail_activity_type_complaint_escalation",
            date_deadline=company._get_key_account_today(),
            summary=self.env._("Complaint %s is late", complaint.name),
            note=text,
            user_id=self.user_id.id or self.env.uid,
        )
        complaint._message_log(body=text)
