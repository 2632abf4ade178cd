# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models


class KeyAccountComplaintDepartment(models.Model):
    """The department that caused a complaint or has to solve it."""

    _name = "key.account.complaint.department"
    _description = "Department for Complaints"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    user_id = fields.Many2one("res.users", string="Head")

    _name_uniq = models.Constraint(
        "unique (name)", "Another department has this name already."
    )
