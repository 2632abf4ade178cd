# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models


class KeyAccountRebateStep(models.Model):
    """A step of a bonus: from a bound on, up to the bound of the next one."""

    _name = "key.account.rebate.step"
    _description = "Bonus Step"
    _inherit = ["key.account.server.written"]
    _order = "rebate_id, bound, id"
    _scope_fields = ("rebate_id",)

    rebate_id = fields.Many2one(
        "key.account.rebate", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="rebate_id.company_id", store=True)
    bound = fields.Float(
        string="From",
        digits=(16, 2),
        help="Revenue, quantity or percent of growth from which this step applies.",
    )
    value = fields.Float(
        string="Rate",
        digits=(16, 4),
        help="Percent, amount per unit or fixed amount, as the bonus says.",
    )

    _bound_uniq = models.Constraint(
        "unique (rebate_id, bound)",
        "Two steps of a bonus can't begin at the same bound.",
    )
    _positive = models.Constraint(
        "CHECK (value >= 0)", "The rate of a step can't be negative."
    )

    @api.depends("bound", "value", "rebate_id.reward", "rebate_id.is_growth")
    def _compute_display_name(self):
        for step in self:
            step.display_name = self.env._(
                "%(value)s from %(bound)s",
                value=step.rebate_id._format_value(step.value),
                bound=step.rebate_id._format_bound(step.bound),
            )

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        steps._check_draft()
        return steps

    def write(self, vals):
        self._check_draft()
        result = super().write(vals)
        self._check_draft()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_agreed(self):
        self._check_draft()

    def _check_draft(self):
        """Refuse to change the steps of what is agreed, or being decided on."""
        if not self.env.su:
            self.rebate_id._check_agreed_unchanged({"step_ids": self.ids})
