# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models


class KeyAccountComplaintAction(models.Model):
    """A step of the 8D work, with somebody who answers for it and a date."""

    _name = "key.account.complaint.action"
    _description = "Action for a Complaint"
    _order = "kind, date_deadline, id"

    complaint_id = fields.Many2one(
        "key.account.complaint", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="complaint_id.company_id", store=True)
    kind = fields.Selection(
        [
            ("containment", "Containment"),
            ("corrective", "Corrective"),
            ("preventive", "Preventive"),
        ],
        required=True,
        default="corrective",
    )
    name = fields.Char(string="What", required=True)
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        required=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
    )
    date_deadline = fields.Date(
        string="Due", required=True, default=fields.Date.context_today
    )
    done_on = fields.Date()
    is_late = fields.Boolean(compute="_compute_is_late")

    @api.depends("date_deadline", "done_on")
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        for action in self:
            action.is_late = bool(
                action.date_deadline
                and (action.done_on or today) > action.date_deadline
            )

    @api.model_create_multi
    def create(self, vals_list):
        actions = super().create(vals_list)
        for action in actions.filtered(lambda action: not action.done_on):
            action.complaint_id.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=action.date_deadline,
                summary=action.name,
                user_id=action.user_id.id,
            )
        return actions

    def action_done(self):
        """Mark the steps as done today."""
        self.write({"done_on": fields.Date.context_today(self)})
