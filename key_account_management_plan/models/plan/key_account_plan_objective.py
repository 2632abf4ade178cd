# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import float_compare

from odoo.addons.key_account_management.models.tools.batches import in_batches

from .key_account_plan_measure import FLOWS, MEASURES

#: Values of two measures are compared to the cent.
DIGITS = 2


class KeyAccountPlanObjective(models.Model):
    """What is to be reached: a measure, its start and target, today and forecast."""

    _name = "key.account.plan.objective"
    _description = "Objective of an Account Plan"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "key.account.server.written",
        "key.account.plan.measure",
    ]
    _order = "sequence, id"

    plan_id = fields.Many2one(
        "key.account.plan", required=True, index=True, ondelete="cascade"
    )
    account_id = fields.Many2one(related="plan_id.account_id", store=True, index=True)
    company_id = fields.Many2one(related="plan_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(
        string="Objective",
        compute="_compute_name",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    measure = fields.Selection(MEASURES, required=True, default="revenue")
    category_id = fields.Many2one("product.category", ondelete="restrict")
    unit = fields.Char(compute="_compute_unit")
    start_value = fields.Float(
        string="Start",
        digits=(16, 2),
        help="The same period of the year before, or a state as it was when the "
        "objective was entered. Filled in, and yours to correct.",
    )
    target_value = fields.Float(string="Target", required=True, digits=(16, 2))
    manual_value = fields.Float(
        string="Entered Value",
        digits=(16, 2),
        help="Today's value of a measure that no figure gives.",
    )
    current_value = fields.Float(
        string="Today", readonly=True, copy=False, digits=(16, 2), aggregator=None
    )
    forecast_value = fields.Float(
        string="Forecast",
        readonly=True,
        copy=False,
        digits=(16, 2),
        aggregator=None,
        help="At the end of the period, at the pace so far.",
    )
    taken_on = fields.Date(string="As Of", readonly=True, copy=False)
    progress = fields.Float(compute="_compute_status", string="Progress (%)")
    status = fields.Selection(
        [
            ("reached", "Reached"),
            ("on_track", "On Track"),
            ("behind", "Behind"),
            ("missed", "Missed"),
        ],
        compute="_compute_status",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        required=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    note = fields.Text()
    group_target = fields.Float(
        compute="_compute_group_values",
        string="Target With Subsidiaries",
        digits=(16, 2),
        help="With the same objectives in the subsidiaries' plans of the period, as "
        "far as you may read them.",
    )
    group_value = fields.Float(
        compute="_compute_group_values",
        string="Today With Subsidiaries",
        digits=(16, 2),
    )

    @api.depends("measure", "category_id")
    def _compute_name(self):
        labels = dict(self._fields["measure"]._description_selection(self.env))
        for goal in self:
            if not goal.name or goal.name in labels.values():
                goal.name = labels.get(goal.measure)
            if goal.measure == "category_share" and goal.category_id:
                goal.name = self.env._("Share of %s", goal.category_id.name)

    @api.depends("measure")
    def _compute_unit(self):
        for goal in self:
            if goal.measure in ("revenue", "margin"):
                goal.unit = goal.company_id.currency_id.symbol
            else:
                is_share = goal.measure in ("category_share", "otif", "coverage")
                goal.unit = "%" if is_share else ""

    @api.depends(
        "measure", "start_value", "target_value", "current_value", "forecast_value"
    )
    def _compute_status(self):
        for goal in self:
            start = goal.start_value if goal._counts_from_start() else 0.0
            # Fewer complaints than before: then the way down is the way.
            sign = -1 if goal._is_less_better() else 1
            distance = goal.target_value - start
            goal.progress = (
                100 * (goal.current_value - start) / distance if distance else 0.0
            )

            def is_met(value, goal=goal, sign=sign):
                compared = float_compare(
                    value, goal.target_value, precision_digits=DIGITS
                )
                return sign * compared >= 0

            today = goal.company_id._get_key_account_today()
            is_over = goal.plan_id.date_to and today > goal.plan_id.date_to
            # What may not be exceeded isn't reached before the end.
            counts = is_over or (sign > 0 or goal.measure not in FLOWS)
            if is_met(goal.current_value) and counts and goal.taken_on:
                goal.status = "reached"
            elif is_over:
                goal.status = "missed"
            else:
                goal.status = "on_track" if is_met(goal.forecast_value) else "behind"

    def _is_flow(self):
        """Tell whether the measure adds up over the period."""
        self.ensure_one()
        return self.measure in FLOWS

    def _is_less_better(self):
        """Tell whether the objective is to have less of something."""
        self.ensure_one()
        if self.measure == "other":
            return self.target_value < self.start_value
        return self.measure == "complaints"

    def _counts_from_start(self):
        """Tell whether progress begins at the start; what adds up begins at nothing."""
        self.ensure_one()
        return not self._is_flow() and (
            self.target_value > self.start_value or self._is_less_better()
        )

    @api.depends("plan_id", "measure", "target_value", "current_value")
    def _compute_group_values(self):
        for plan, goals in self.grouped("plan_id").items():
            below = plan.child_plan_ids.objective_ids
            for goal in goals:
                same = below.filtered(
                    lambda other, goal=goal: goal.measure in FLOWS
                    and other.measure == goal.measure
                )
                goal.group_target = goal.target_value + sum(same.mapped("target_value"))
                goal.group_value = goal.current_value + sum(
                    same.mapped("current_value")
                )

    @api.constrains("measure", "category_id")
    def _check_category(self):
        for goal in self:
            if goal.measure == "category_share" and not goal.category_id:
                raise ValidationError(
                    self.env._("Choose the product category whose share is meant.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        goals = super().create(vals_list)
        goals.plan_id._check_open()
        missing = goals.browse(
            [
                goal.id
                for goal, vals in zip(goals, vals_list, strict=True)
                if "start_value" not in vals
            ]
        )
        missing._fill_start()
        goals._take_values()
        return goals

    def write(self, vals):
        self.plan_id._check_open()
        self._check_stays(
            vals, "plan_id", self.env._("An objective stays with its plan.")
        )
        result = super().write(vals)
        is_other = not {"measure", "category_id"}.isdisjoint(vals)
        if is_other and "start_value" not in vals:
            self._fill_start()
        if not {
            "measure",
            "category_id",
            "manual_value",
            "start_value",
        }.isdisjoint(vals):
            self._take_values()
        return result

    def unlink(self):
        self.plan_id._check_open()
        return super().unlink()

    def _fill_start(self):
        """Enter where these objectives start, from the figures."""
        for goal_id, value in self._get_start_values().items():
            self.browse(goal_id).start_value = value

    def _copy_to(self, plan, in_new_period=False):
        """Copy these objectives into another plan.

        :param plan: the key.account.plan
        :param bool in_new_period: take new starting values instead of these
        """
        names = ["name", "measure", "target_value", "manual_value", "note", "sequence"]
        if not in_new_period:
            names.append("start_value")
        return self.create(
            [
                {
                    "plan_id": plan.id,
                    "category_id": goal.category_id.id,
                    "user_id": goal.user_id.id,
                    **{name: goal[name] for name in names},
                }
                for goal in self
            ]
        )

    @api.model
    def _cron_take_values(self):
        """Take today's values of the objectives of all plans in work."""
        goals = self.search([("plan_id.state", "in", ("draft", "active"))])
        in_batches(goals, 500, lambda batch: batch._take_values(), step="plans")
