# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class KeyAccountComplaintCategory(models.Model):
    _name = "key.account.complaint.category"
    _description = "Category of Complaints"
    _inherit = ["key.account.server.written"]
    _parent_store = True
    _order = "complete_name, id"
    _rec_name = "complete_name"

    name = fields.Char(required=True, translate=True)
    complete_name = fields.Char(
        compute="_compute_complete_name", store=True, recursive=True
    )
    active = fields.Boolean(default=True)
    parent_id = fields.Many2one(
        "key.account.complaint.category", index=True, ondelete="restrict"
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("key.account.complaint.category", "parent_id")
    department_id = fields.Many2one(
        "key.account.complaint.department",
        help="Proposed on complaints of this category.",
    )
    portal_visible = fields.Boolean(
        string="On the Portal", default=True, help="Customers can choose it."
    )

    @api.depends("name", "parent_id.complete_name")
    def _compute_complete_name(self):
        for category in self:
            parent = category.parent_id.complete_name
            category.complete_name = (
                f"{parent} / {category.name}" if parent else category.name
            )

    @api.constrains("parent_id")
    def _check_parent(self):
        if self._has_cycle():
            raise ValidationError(
                self.env._("A category can't be below itself. Choose another parent.")
            )


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
