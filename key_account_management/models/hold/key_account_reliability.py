# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..figures.health_rules import total_score
from .key_account_reliability_question import FACTS

GRADES = [
    ("reliable", "Reliable"),
    ("watch", "Watch"),
    ("unreliable", "Not Reliable"),
]


class KeyAccountReliability(models.Model):
    """A dated assessment of how reliable a customer or candidate is."""

    _name = "key.account.reliability"
    _description = "Reliability Assessment"
    _inherit = ["mail.thread", "key.account.server.written"]
    _order = "date desc, id desc"
    _rec_name = "account_id"
    _check_company_auto = True
    _server_written = ("state", "user_id")
    _scope_fields = ("account_id",)

    account_id = fields.Many2one(
        "key.account",
        string="Key Account",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(
        required=True, default=lambda self: self.env.company._get_key_account_today()
    )
    valid_until = fields.Date(
        compute="_compute_valid_until",
        store=True,
        readonly=False,
        help="One year after the assessment, unless you enter an earlier day.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Assessed by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
    )
    state = fields.Selection(
        [("draft", "Draft"), ("done", "Done")],
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )
    line_ids = fields.One2many(
        "key.account.reliability.line",
        "assessment_id",
        string="Checklist",
        copy=True,
        default=lambda self: self._default_line_ids(),
    )
    score = fields.Float(
        compute="_compute_score", store=True, digits=(5, 1), aggregator="avg"
    )
    grade = fields.Selection(
        GRADES, compute="_compute_score", store=True, tracking=True
    )
    answered_share = fields.Float(
        string="Known (%)",
        compute="_compute_score",
        store=True,
        digits=(5, 0),
        aggregator="avg",
        help="Share of the weights that was answered or is known from documents.",
    )
    proposed_credit_limit = fields.Monetary(
        tracking=True, help="A proposal; a director decides whether it is applied."
    )
    note = fields.Html(string="Reasons and Sources")

    @api.model
    def _default_line_ids(self):
        questions = self.env["key.account.reliability.question"].search(
            [("active", "=", True)]
        )
        return [Command.create({"question_id": question.id}) for question in questions]

    @api.depends("date")
    def _compute_valid_until(self):
        for assessment in self:
            assessment.valid_until = (
                assessment.date and assessment.date + relativedelta(years=1)
            )

    @api.depends("line_ids.score", "line_ids.is_known", "line_ids.weight")
    def _compute_score(self):
        for assessment in self:
            lines = assessment.line_ids
            known = lines.filtered("is_known")
            total = sum(lines.mapped("weight"))
            weight = sum(known.mapped("weight"))
            assessment.score = (
                total_score((line.score, line.weight) for line in known)
                if weight
                else 0.0
            )
            assessment.answered_share = 100 * weight / total if total else 0.0
            company = assessment.company_id or self.env.company
            if not weight:
                assessment.grade = False
            elif assessment.score >= company.key_account_reliable_score:
                assessment.grade = "reliable"
            elif assessment.score >= company.key_account_unreliable_score:
                assessment.grade = "watch"
            else:
                assessment.grade = "unreliable"

    def write(self, vals):
        closed = self.filtered(lambda assessment: assessment.state == "done")
        if closed and not {"state", "message_ids", "message_follower_ids"} >= set(vals):
            raise UserError(
                self.env._(
                    "The assessment is done and stays as it is. Create a new one, or "
                    "set it back to draft first."
                )
            )
        return super().write(vals)

    def action_take_facts(self):
        """Fill the checklist with the figures from the account's documents."""
        self.check_access("write")
        self.account_id.action_refresh_figures()
        # sudo: no user writes these figures; write access is checked above.
        for line in self.sudo().line_ids:
            fact = FACTS.get(line.source)
            if fact:
                # A customer without purchases has paid neither well nor badly.
                line.fact_known = line.assessment_id.account_id._has_reliability_fact(
                    line.source
                )
                line.fact = line.assessment_id.account_id[fact]

    def action_done(self):
        """Close the assessments: they count for their accounts from now on.

        :raise UserError: where nothing is answered
        """
        self.action_take_facts()
        for assessment in self:
            if not assessment.grade:
                raise UserError(
                    self.env._(
                        "Answer at least one question that has a weight before you "
                        "close the assessment of %s.",
                        assessment.account_id.display_name,
                    )
                )
            # sudo: no user writes the state; action_take_facts() checked the access.
            assessment.sudo().state = "done"
            assessment.account_id.message_post(
                body=self.env._(
                    "Reliability assessed by %(user)s: %(score).0f of 100, %(grade)s.",
                    user=assessment.user_id.name,
                    score=assessment.score,
                    grade=dict(
                        assessment._fields["grade"]._description_selection(self.env)
                    )[assessment.grade],
                )
            )

    def action_draft(self):
        """Reopen the assessment, to correct it."""
        self.check_access("write")
        # sudo: no user writes the state; write access is checked above.
        self.sudo().state = "draft"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        if any(assessment.state == "done" for assessment in self):
            raise UserError(
                self.env._("A closed assessment is kept. Create a new one instead.")
            )
