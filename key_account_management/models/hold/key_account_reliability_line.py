# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..figures.health_rules import component_score

#: What each answer scores; "unknown" doesn't count.
ANSWER_SCORES = {"good": 100.0, "fair": 50.0, "poor": 0.0}


class KeyAccountReliabilityLine(models.Model):
    """The answer to one question, with the weight that it had on that day."""

    _name = "key.account.reliability.line"
    _description = "Reliability Answer"
    _inherit = ["key.account.server.written"]
    _order = "sequence, id"
    _server_written = ("fact", "fact_known")

    assessment_id = fields.Many2one(
        "key.account.reliability", required=True, index=True, ondelete="cascade"
    )
    question_id = fields.Many2one(
        "key.account.reliability.question", required=True, ondelete="restrict"
    )
    sequence = fields.Integer(related="question_id.sequence", store=True)
    source = fields.Selection(related="question_id.source")
    help_text = fields.Text(related="question_id.help_text")
    weight = fields.Float(compute="_compute_weight", store=True, precompute=True)
    answer = fields.Selection(
        [
            ("good", "Good"),
            ("fair", "Fair"),
            ("poor", "Poor"),
            ("unknown", "Not Known"),
        ],
        default="unknown",
        required=True,
    )
    fact = fields.Float(string="Figure", readonly=True, digits=(16, 1))
    fact_known = fields.Boolean(readonly=True)
    is_known = fields.Boolean(compute="_compute_score", store=True)
    score = fields.Float(compute="_compute_score", store=True, digits=(5, 1))
    note = fields.Char(string="Remark")

    @api.depends("question_id")
    def _compute_weight(self):
        for line in self:
            line.weight = line.question_id.weight

    @api.depends("answer", "fact", "fact_known", "question_id")
    def _compute_score(self):
        for line in self:
            question = line.question_id
            if question.source == "answer":
                line.is_known = line.answer in ANSWER_SCORES
                line.score = ANSWER_SCORES.get(line.answer, 0.0)
            else:
                line.is_known = line.fact_known
                line.score = (
                    component_score(line.fact, question.worst, question.best)
                    if line.fact_known
                    else 0.0
                )

    def write(self, vals):
        if any(line.assessment_id.state == "done" for line in self):
            raise UserError(self.env._("The assessment is done and stays as it is."))
        return super().write(vals)
