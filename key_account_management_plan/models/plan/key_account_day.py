# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import format_date

from odoo.addons.key_account_management.models.account.key_account_day import (
    Signal,
    Step,
)

#: A plan that ends within this number of days wants the next one.
AHEAD_DAYS = 30


class KeyAccountDay(models.AbstractModel):
    """Plans that end, and those whose objectives are behind."""

    _inherit = "key.account.day"

    @api.model
    def _day_kinds(self):
        return {
            **super()._day_kinds(),
            "plan": ("close", self.env._("Account Plan")),
        }

    @api.model
    def _day_signals(self, accounts, today):
        signals = super()._day_signals(accounts, today)
        plans = self.env["key.account.plan"].search(
            [
                ("account_id", "in", accounts.ids),
                ("state", "=", "active"),
                ("date_to", "<=", today + relativedelta(days=AHEAD_DAYS)),
            ]
        )
        following = self.env["key.account.plan"].search(
            [("previous_id", "in", plans.ids)]
        )
        return signals + [
            Signal(
                "plan",
                plan.account_id,
                plan,
                self.env._(
                    "The plan ends on %s, and there is none for the next period.",
                    format_date(self.env, plan.date_to),
                ),
                self.env._(
                    "%(reached)s of %(all)s objectives reached.",
                    reached=plan.reached_count,
                    all=plan.objective_count,
                ),
                deadline=plan.date_to,
                step=Step(self.env._("Next Plan"), "action_copy_to_next"),
            )
            for plan in plans - following.previous_id
        ]
