# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.tools import format_datetime

from . import clock_rules
from .batch import do_batch

BATCH = 200


class KeyAccountComplaintEscalation(models.Model):
    """Somebody was told that a clock has run out: once per level."""

    _name = "key.account.complaint.escalation"
    _description = "Escalation of a Complaint"
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
    user_id = fields.Many2one("res.users", string="Told", readonly=True)
    date = fields.Datetime(
        required=True, readonly=True, default=lambda self: fields.Datetime.now()
    )

    _clock_level_uniq = models.Constraint(
        "unique (clock_id, level)", "A clock is escalated once per level."
    )

    def _tell(self):
        """Leave an activity with who is told, and a note in the chatter."""
        self.ensure_one()
        complaint = self.complaint_id
        kind = dict(self.clock_id._fields["kind"]._description_selection(self.env)).get(
            self.clock_id.kind
        )
        text = self.env._(
            "%(kind)s of complaint %(number)s is late: it was due on %(deadline)s.",
            kind=kind,
            number=complaint.name,
            deadline=format_datetime(self.env, self.clock_id.deadline),
        )
        complaint.activity_schedule(
            "key_account_management.mail_activity_type_complaint_escalation",
            date_deadline=fields.Date.context_today(self),
            summary=self.env._("Complaint %s is late", complaint.name),
            note=text,
            user_id=self.user_id.id or self.env.uid,
        )
        complaint._message_log(body=text)


class KeyAccountComplaintClock(models.Model):
    _inherit = "key.account.complaint.clock"

    escalation_ids = fields.One2many("key.account.complaint.escalation", "clock_id")

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
            do_batch(self.env, lambda batch=batch: batch._escalate(now))
            if not Cron._commit_progress(len(batch)):
                return
