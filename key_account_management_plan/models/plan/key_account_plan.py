# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.key_account_management.models.tools.records import (
    check_export,
    download,
)

#: Plans in these states stay as they are.
CLOSED = ("superseded", "closed")


class KeyAccountPlan(models.Model):
    """What is to be reached with an account in a period, and how.

    The account team alone reads it, whatever the role: see the record rules.
    """

    _name = "key.account.plan"
    _description = "Account Plan"
    _inherit = ["mail.thread", "mail.activity.mixin", "key.account.server.written"]
    _order = "date_from desc, version desc, id desc"
    _check_company_auto = True

    account_id = fields.Many2one(
        "key.account", required=True, index=True, ondelete="cascade", tracking=True
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    manager_id = fields.Many2one(related="account_id.manager_id")
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: self.env.company._get_key_account_today().replace(
            month=1, day=1
        ),
        tracking=True,
        help="The first of a month, as figures are kept by month.",
    )
    date_to = fields.Date(
        string="Until",
        compute="_compute_date_to",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        tracking=True,
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("active", "In Work"),
            ("superseded", "Older Version"),
            ("closed", "Closed"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    version = fields.Integer(default=1, readonly=True, copy=False)
    previous_id = fields.Many2one(
        "key.account.plan",
        string="Continues",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The version, or the plan of the period, before this one.",
    )
    situation = fields.Html(
        readonly=True,
        copy=False,
        sanitize=False,
        help="What figures, documents and meetings said on the day below.",
    )
    situation_date = fields.Date(string="Situation As Of", readonly=True, copy=False)
    strategy = fields.Html(help="How we reach the objectives.")
    swot_strengths = fields.Html(string="Strengths")
    swot_weaknesses = fields.Html(string="Weaknesses")
    swot_opportunities = fields.Html(string="Opportunities")
    swot_threats = fields.Html(string="Threats")
    objective_ids = fields.One2many(
        "key.account.plan.objective", "plan_id", string="Objectives", copy=False
    )
    risk_ids = fields.One2many(
        "key.account.plan.risk", "plan_id", string="Risks", copy=False
    )
    reached_count = fields.Integer(
        compute="_compute_reached_count", string="Objectives Reached"
    )
    objective_count = fields.Integer(compute="_compute_reached_count")
    child_plan_ids = fields.Many2many(
        "key.account.plan",
        compute="_compute_child_plan_ids",
        string="Plans of Subsidiaries",
        help="Those of the same period that you may read.",
    )

    _period_order = models.Constraint(
        "CHECK (date_to > date_from)", "The period ends before it begins."
    )
    _one_active = models.UniqueIndex(
        "(account_id, date_from, date_to) WHERE state IN ('draft', 'active')",
        "There is a plan of this account for the period already. Make a new version "
        "of it.",
    )

    @api.depends("account_id", "date_from", "date_to", "version")
    def _compute_display_name(self):
        for plan in self:
            period = plan._get_period_name()
            plan.display_name = (
                self.env._(
                    "%(account)s, plan %(period)s, version %(version)s",
                    account=plan.account_id.display_name,
                    period=period,
                    version=plan.version,
                )
                if plan.version > 1
                else self.env._(
                    "%(account)s, plan %(period)s",
                    account=plan.account_id.display_name,
                    period=period,
                )
            )

    def _get_period_name(self):
        """Return the year, or both ends of a period that is no calendar year."""
        self.ensure_one()
        if not self.date_from or not self.date_to:
            return ""
        begins = (self.date_from.month, self.date_from.day) == (1, 1)
        if begins and self.date_to == self.date_from + relativedelta(month=12, day=31):
            return str(self.date_from.year)
        return f"{self.date_from:%m/%Y} - {self.date_to:%m/%Y}"

    @api.depends("date_from")
    def _compute_date_to(self):
        for plan in self:
            if plan.date_from and (not plan.date_to or plan.date_to <= plan.date_from):
                plan.date_to = plan.date_from + relativedelta(years=1, days=-1)

    @api.depends("objective_ids.status")
    def _compute_reached_count(self):
        for plan in self:
            plan.objective_count = len(plan.objective_ids)
            plan.reached_count = len(
                plan.objective_ids.filtered(lambda goal: goal.status == "reached")
            )

    @api.depends("account_id", "date_from", "date_to")
    def _compute_child_plan_ids(self):
        for plan in self:
            plan.child_plan_ids = plan._origin and self.search(
                Domain("account_id", "child_of", plan.account_id.id)
                & Domain("account_id", "!=", plan.account_id.id)
                & Domain("state", "in", ("draft", "active", "closed"))
                & Domain("date_from", "=", plan.date_from)
                & Domain("date_to", "=", plan.date_to)
            )

    @api.constrains("date_from", "date_to")
    def _check_months(self):
        for plan in self:
            after = plan.date_to + relativedelta(days=1)
            if plan.date_from.day != 1 or after.day != 1:
                raise ValidationError(
                    self.env._(
                        "Figures are kept by month: let the plan begin on the first "
                        "and end on the last day of a month."
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        plans = super().create(vals_list)
        plans._take_situation()
        return plans

    def write(self, vals):
        self._check_open()
        self._check_stays(
            vals, "account_id", self.env._("A plan stays with its account.")
        )
        return super().write(vals)

    def _check_open(self):
        """Refuse to change what is kept as it was.

        :raise UserError: names the plan
        """
        closed = self.filtered(lambda plan: plan.state in CLOSED)
        if closed and not self.env.su:
            raise UserError(
                self.env._(
                    "%s is kept as it was. Change the plan that is in work.",
                    closed[0].display_name,
                )
            )

    def _take_situation(self):
        """Fill in what is known today: the briefing, dated."""
        Briefing = self.env[
            "report.key_account_management_plan.report_key_account_briefing"
        ]
        template = "key_account_management_plan.report_key_account_briefing_page"
        for plan in self:
            # Without a language it is the account manager's.
            lang = self.env.lang or plan.manager_id.lang
            account = plan.account_id.with_context(lang=lang)
            page = account.env["ir.qweb"]._render(
                template,
                {
                    "account": account,
                    "briefing": Briefing.with_env(account.env)._get_briefing(account),
                },
            )
            # sudo: no user writes what the system found.
            plan.sudo().write(
                {
                    "situation": page,
                    "situation_date": plan.company_id._get_key_account_today(),
                }
            )

    def action_refresh(self):
        """Take situation and objectives again, from today's figures.

        :return: True
        """
        self.check_access("write")
        self._check_open()
        self._take_situation()
        self.objective_ids._take_values()
        return True

    def action_start(self):
        """Work with the plan from now on.

        :return: True
        :raise UserError: without objectives
        """
        self.check_access("write")
        for plan in self.filtered(lambda each: each.state == "draft"):
            if not plan.objective_ids:
                raise UserError(
                    self.env._("Enter an objective first: what is to be reached?")
                )
            # sudo: the system's field, after the check of access.
            plan.sudo().state = "active"
        return True

    def action_close(self):
        """Close the plan: its figures stay as they are today.

        :return: True
        """
        self.check_access("write")
        for plan in self.filtered(lambda each: each.state in ("draft", "active")):
            plan.action_refresh()
            plan.sudo().state = "closed"  # sudo: see action_start
        return True

    def action_print(self):
        """Print the plan."""
        self.ensure_one()
        self.check_access("read")
        report = self.env.ref(
            "key_account_management_plan.key_account_plan_report_action"
        )
        return report.report_action(self, config=False)

    def action_xlsx(self):
        """Download the workbook of the plan.

        :raise AccessError: for users who can't export
        """
        self.ensure_one()
        self.check_access("read")
        check_export(self.env)
        return download(f"/key_account/plan/{self.id}.xlsx")
