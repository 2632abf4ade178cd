# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models


class KeyAccountComplaintWhy(models.Model):
    """One answer to "why?" on the way to the root cause."""

    _name = "key.account.complaint.why"
    _description = "Why of a Complaint"
    _order = "sequence, id"
    _rec_name = "answer"

    complaint_id = fields.Many2one(
        "key.account.complaint", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="complaint_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    question = fields.Char(string="Why?", required=True)
    answer = fields.Char(string="Because", required=True)
