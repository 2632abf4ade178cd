# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models

LEVELS = [("1", "Low"), ("2", "Medium"), ("3", "High")]


class KeyAccountPlanRisk(models.Model):
    """What could go wrong with an account, and what we do about it."""

    _name = "key.account.plan.risk"
    _description = "Risk of an Account Plan"
    _inherit = ["key.account.server.written"]
    _order = "rating desc, id"

    plan_id = fields.Many2one(
        "key.account.plan", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="plan_id.company_id", store=True)
    name = fields.Char(string="Risk", required=True)
    probability = fields.Selection(LEVELS, required=True, default="2")
    impact = fields.Selection(LEVELS, required=True, default="2")
    rating = fields.Integer(
        compute="_compute_rating", store=True, help="Probability times impact, 1 to 9."
    )
    measure = fields.Char(string="What We Do")
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    is_over = fields.Boolean(string="Over")

    @api.depends("probability", "impact")
    def _compute_rating(self):
        for risk in self:
            risk.rating = int(risk.probability or 0) * int(risk.impact or 0)

    @api.model_create_multi
    def create(self, vals_list):
        risks = super().create(vals_list)
        risks.plan_id._check_open()
        return risks

    def write(self, vals):
        self.plan_id._check_open()
        self._check_stays(vals, "plan_id", self.env._("A risk stays with its plan."))
        return super().write(vals)

    def unlink(self):
        self.plan_id._check_open()
        return super().unlink()

    def _copy_to(self, plan):
        """Copy these risks into another plan."""
        names = ("name", "probability", "impact", "measure", "is_over")
        return self.create(
            [
                {
                    "plan_id": plan.id,
                    "user_id": risk.user_id.id,
                    **{name: risk[name] for name in names},
                }
                for risk in self
            ]
        )
