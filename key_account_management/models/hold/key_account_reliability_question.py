# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: What is answered from documents -> field of the account with the figure.
FACTS = {
    "days_to_pay": "days_to_pay",
    "overdue_rate": "overdue_rate",
    "limit_use": "credit_limit_use",
}


class KeyAccountReliabilityQuestion(models.Model):
    """One line of the checklist by which the reliability of a customer is judged."""

    _name = "key.account.reliability.question"
    _description = "Question on Reliability"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    source = fields.Selection(
        [
            ("answer", "Answered by Hand"),
            ("days_to_pay", "Days to Pay (12 Months)"),
            ("overdue_rate", "Overdue, Share of What Is Open (%)"),
            ("limit_use", "Use of the Credit Limit (%)"),
        ],
        default="answer",
        required=True,
    )
    weight = fields.Float(default=1.0, help="0: asked, but doesn't count.")
    worst = fields.Float(help="Figure that scores 0, with all that is worse.")
    best = fields.Float(help="Figure that scores 100, with all that is better.")
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
                    "The weights of the checklist add up to zero. Give at least one "
                    "question a weight."
                )
            )
