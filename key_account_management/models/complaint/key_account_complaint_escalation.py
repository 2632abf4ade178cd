# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models
from odoo.tools import format_datetime

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
