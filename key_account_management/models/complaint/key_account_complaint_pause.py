# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models


class KeyAccountComplaintPause(models.Model):
    _name = "key.account.complaint.pause"
    _description = "Pause of a Complaint's Clock"
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
