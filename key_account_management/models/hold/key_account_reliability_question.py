# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: Source of an answer -> field of the account with that figure.
FACTS = {
    "days_to_pay": "days_to_pay",
    "overdue_rate": "overdue_rate",
    "limit_use": "credit_limit_use",
}


class KeyAccountReliabilityQuestion(models.Model):
    """One line of the checklist for assessing the reliability of a customer."""

    _name = "key.account.reliability.question"
    _description = "Reliability Question"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    source = fields.Selection(
        [
            ("answer", "Answered by Hand"),
            ("days_to_pay", "Days to Pay (12 Months)"),
            ("overdue_rate", "Overdue Share of the Open Amount (%)"),
            ("limit_use", "Use of the Credit Limit (%)"),
        ],
        default="answer",
        required=True,
    )
    weight = fields.Float(default=1.0, help="0: the question doesn't count.")
    worst = fields.Float(help="This value and any worse one score 0.")
    best = fields.Float(help="This value and any better one score 100.")
    help_text = fields.Text(
        string="How to Find Out", translate=True, help="Shown beside the question."
    )

    _weight_not_negative = models.Constraint(
        "CHECK (weight >= 0)", "A weight can't be negative."
    )

    _worst_is_not_best = models.Constraint(
        "CHECK (source = 'answer' OR worst != best)",
        "The worst and the best value must differ.",
    )

    @api.constrains("weight", "active")
    def _check_weights(self):
        if sum(self.search([("active", "=", True)]).mapped("weight")) <= 0:
            raise ValidationError(
                self.env._(
                    "The weights of the checklist add up to zero. Give a weight to at "
                    "least one question."
                )
            )
