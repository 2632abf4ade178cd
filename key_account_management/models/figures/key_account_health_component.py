# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class KeyAccountHealthComponent(models.Model):
    """What the health score is made of; the weights are the company's own view."""

    _name = "key.account.health.component"
    _description = "Component of the Health Score"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        [
            ("growth", "Growth (%)"),
            ("margin", "Margin (%)"),
            ("payment", "Days to Pay"),
            ("overdue", "Overdue, Share of What Is Open (%)"),
            ("repeat", "Repeat Orders (%)"),
            ("contact", "Days Since the Last Contact"),
        ],
        required=True,
    )
    weight = fields.Float(
        default=1.0, help="A component with weight 0 is shown, but doesn't count."
    )
    worst = fields.Float(required=True, help="This value and any worse one score 0.")
    best = fields.Float(required=True, help="This value and any better one score 100.")

    _weight_not_negative = models.Constraint(
        "CHECK (weight >= 0)", "A weight can't be negative."
    )

    _worst_is_not_best = models.Constraint(
        "CHECK (worst != best)", "The worst and the best value must differ."
    )

    _kind_uniq = models.Constraint(
        "unique (kind)", "This figure is already a component of the health score."
    )

    @api.constrains("weight", "active")
    def _check_weights(self):
        if sum(self.search([("active", "=", True)]).mapped("weight")) <= 0:
            raise ValidationError(
                self.env._(
                    "The weights of the health score add up to zero. Give at least one "
                    "component a weight."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_last_weight(self):
        if sum((self.search([("active", "=", True)]) - self).mapped("weight")) <= 0:
            raise ValidationError(
                self.env._("The health score needs at least one component.")
            )
