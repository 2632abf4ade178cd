# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..tools import groups

STAGE_KINDS = [
    ("new", "New"),
    ("open", "In Progress"),
    ("waiting", "Waiting for the Customer"),
    ("done", "Closed"),
    ("cancelled", "Cancelled"),
]

CLOSED_KINDS = ("done", "cancelled")

READERS = f"{groups.USER},{groups.COMPLAINT}"

OPEN = Domain("stage_kind", "not in", ("done", "cancelled"))


class KeyAccountComplaintStage(models.Model):
    _name = "key.account.complaint.stage"
    _description = "Stage of Complaints"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        STAGE_KINDS,
        required=True,
        default="open",
        help="What the stage means: the clocks stand still while waiting for the "
        "customer, and stop when the complaint is closed.",
    )
    fold = fields.Boolean(string="Folded", help="Folded on the board.")
    template_id = fields.Many2one(
        "mail.template",
        string="Mail to the Customer",
        domain=[("model", "=", "key.account.complaint")],
        ondelete="set null",
        help="Sent when a complaint reaches this stage.",
    )
    requirements = fields.Text(
        translate=True, help="What has to be done before a complaint moves on."
    )

    @api.constrains("kind", "active")
    def _check_kinds(self):
        kinds = set(self.search([("active", "=", True)]).mapped("kind"))
        missing = [
            label
            for kind, label in self._fields["kind"]._description_selection(self.env)
            if kind not in kinds and kind in ("new", "open", "done", "cancelled")
        ]
        # The flow needs a stage of each kind. While modules are loaded there are none.
        if kinds and missing and self.env.registry.ready:
            raise ValidationError(
                self.env._(
                    "Keep at least one stage for each of: %s", ", ".join(missing)
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_last_of_kind(self):
        left = self.search([("id", "not in", self.ids)]).mapped("kind")
        if set(self.mapped("kind")) - set(left):
            raise UserError(
                self.env._(
                    "Keep one stage of each kind: the flow of complaints needs it. "
                    "Rename it instead."
                )
            )

    @api.model
    def _first(self, *kinds):
        """Return the first stage of one of these kinds, in this order of kinds."""
        stages = self.search([("kind", "in", kinds)])
        return stages.sorted(lambda stage: (kinds.index(stage.kind), stage.sequence))[
            :1
        ]
