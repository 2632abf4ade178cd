# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta

from odoo import api, fields, models
from odoo.service.model import retrying

from . import clock_rules
from .key_account_complaint_escalation import BATCH

CLOCK_KINDS = [("response", "Response"), ("resolution", "Resolution")]


class KeyAccountComplaintClock(models.Model):
    """How long a complaint may take until it is answered, or resolved.

    One record per complaint, kind and round; reopening starts another round.
    """

    _name = "key.account.complaint.clock"
    _description = "Clock of a Complaint"
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
        [
            ("running", "Running"),
            ("paused", "Paused"),
            ("met", "Met"),
            ("missed", "Missed"),
            ("cancelled", "Cancelled"),
        ],
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
        help="Empty while the clock is paused: it is set anew when it goes on.",
    )
    director_from = fields.Datetime(
        readonly=True, help="From then on the director is told."
    )
    stopped_at = fields.Datetime(readonly=True)
    pause_ids = fields.One2many("key.account.complaint.pause", "clock_id")
    pause_count = fields.Integer(compute="_compute_pause_count")

    _complaint_kind_round_uniq = models.Constraint(
        "unique (complaint_id, kind, round)",
        "A complaint has one clock of each kind and round.",
    )

    _due_idx = models.Index("(deadline) WHERE state = 'running'")
    escalation_ids = fields.One2many("key.account.complaint.escalation", "clock_id")

    @api.depends("pause_ids")
    def _compute_pause_count(self):
        counts = dict(
            self.env["key.account.complaint.pause"]._read_group(
                [("clock_id", "in", self.ids)], ["clock_id"], ["__count"]
            )
        )
        for clock in self:
            clock.pause_count = counts.get(clock, 0)

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
        """Plan what is left of the target from the moment on that the clock runs."""
        for clock in self.filtered(lambda clock: clock.state == "running"):
            left = clock_rules.remaining_hours(clock.target_hours, clock.used_hours)
            clock.deadline = clock._plan(clock.running_since, left)
            clock.director_from = clock._plan(
                clock.running_since,
                left + clock.target_hours * clock_rules.DIRECTOR_SHARE,
            )

    def _plan(self, start, hours):
        """Return the moment after so many working hours of the complaint's calendar."""
        calendar = self.complaint_id._get_calendar()
        # A calendar of nothing but holidays has no such moment: then the hours count
        # as they pass.
        planned = calendar and calendar.plan_hours(hours, start, compute_leaves=True)
        moment = planned or start + timedelta(hours=hours)
        return (moment + timedelta(microseconds=500000)).replace(microsecond=0)

    def _worked(self, start, end):
        """Return the working hours between two moments (naive UTC)."""
        calendar = self.complaint_id._get_calendar()
        if not calendar:
            return clock_rules.hours_of([(start, end)])
        return calendar.get_work_hours_count(start, end)

    def _refresh_targets(self):
        """Take other hours (of another severity or customer) into running clocks."""
        clocks = self.filtered(lambda clock: clock.state in ("running", "paused"))
        for clock in clocks:
            clock.target_hours = clock.complaint_id._get_clock_hours(clock.kind)
        clocks._set_deadline()

    def _pause(self, now):
        """Stop counting: the customer has to do something."""
        for clock in self.filtered(lambda clock: clock.state == "running"):
            used = clock.used_hours + clock._worked(clock.running_since, now)
            if used >= clock.target_hours:
                # What is late stays late: waiting doesn't heal it.
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
        :param bool cancel: the complaint turned out to be none
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
                    else clock_rules.outcome(clock.deadline, now),
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
            levels = clock_rules.escalation_levels(
                now, clock.deadline, clock.director_from
            )
            new += [(clock, level) for level in levels if level not in done]
        # sudo: whoever may see the clock; nobody can write escalations.
        escalations = (
            self.env["key.account.complaint.escalation"]
            .sudo()
            .create(
                [
                    {
                        "clock_id": clock.id,
                        "level": level,
                        "user_id": clock.complaint_id._get_escalation_user(level).id,
                    }
                    for clock, level in new
                ]
            )
        )
        for escalation in escalations:
            escalation._tell()
        return escalations

    @api.model
    def _cron_escalate(self):
        """Escalate what ran out, in batches; done again, nobody is told twice."""
        Cron = self.env["ir.cron"]
        now = fields.Datetime.now()
        # Those that went up to the top are done with.
        clocks = self.search(
            [
                ("state", "=", "running"),
                ("deadline", "<=", now),
                ("escalation_ids", "not any", [("level", ">", 1)]),
            ]
        )
        Cron._commit_progress(remaining=len(clocks))
        for start in range(0, len(clocks), BATCH):
            batch = clocks[start : start + BATCH]
            retrying(lambda batch=batch: batch._escalate(now), self.env)
            if not Cron._commit_progress(len(batch)):
                return
