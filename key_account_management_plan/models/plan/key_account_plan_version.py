# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dateutil.relativedelta import relativedelta

from odoo import models
from odoo.exceptions import UserError

#: What a new version, or the plan of the next period, takes along.
TEXTS = (
    "strategy",
    "swot_strengths",
    "swot_weaknesses",
    "swot_opportunities",
    "swot_threats",
)


class KeyAccountPlan(models.Model):
    """Versions of a plan, and the plan of the next period."""

    _inherit = "key.account.plan"

    def action_new_version(self):
        """Keep the plan as it is, and go on with a copy of all of it.

        :return: action that opens the new version
        """
        self.ensure_one()
        self.check_access("write")
        self._check_open()
        # sudo: the system's field; the new version takes the place of this one.
        self.sudo().state = "superseded"
        self.flush_recordset(["state"])
        plan = self._continue(self.date_from, self.date_to, self.version + 1)
        self.objective_ids._copy_to(plan)
        self.risk_ids._copy_to(plan)
        if self.objective_ids:
            plan.action_start()
        return plan._get_records_action(context={})

    def action_copy_to_next(self):
        """Make the plan of the next period, with what was left open.

        :return: action that opens the new plan
        :raise UserError: where there is one
        """
        self.ensure_one()
        self.check_access("read")
        first = self.date_to + relativedelta(days=1)
        months = relativedelta(self.date_to + relativedelta(days=1), self.date_from)
        last = first + months - relativedelta(days=1)
        if self.search_count(
            [
                ("account_id", "=", self.account_id.id),
                ("date_from", "=", first),
                ("state", "!=", "superseded"),
            ],
            limit=1,
        ):
            raise UserError(self.env._("There is a plan for the next period already."))
        plan = self._continue(first, last, 1)
        goals = self.objective_ids.filtered(lambda goal: goal.status != "reached")
        goals._copy_to(plan, in_new_period=True)
        self.risk_ids.filtered(lambda risk: not risk.is_over)._copy_to(plan)
        return plan._get_records_action(context={})

    def _continue(self, first, last, version):
        """Return a new plan of the account with the texts of this one."""
        plan = self.create(
            {
                "account_id": self.account_id.id,
                "date_from": first,
                "date_to": last,
                **{name: self[name] for name in TEXTS},
            }
        )
        # sudo: no user says which version this is.
        plan.sudo().write({"version": version, "previous_id": self.id})
        return plan
