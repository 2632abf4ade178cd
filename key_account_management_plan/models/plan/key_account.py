# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models

from odoo.addons.key_account_management.models.tools.records import (
    count_related,
    open_records,
)


class KeyAccount(models.Model):
    _inherit = "key.account"

    plan_ids = fields.One2many("key.account.plan", "account_id", string="Account Plans")
    plan_count = fields.Integer(
        compute="_compute_plan_count",
        string="Number of Plans",
        help="For the account team alone.",
    )

    def _compute_plan_count(self):
        counts = count_related(
            self, "key.account.plan", "account_id", [("state", "!=", "superseded")]
        )
        for account in self:
            account.plan_count = counts[account.id]

    def action_view_plans(self):
        """Open the plans of the account."""
        self.ensure_one()
        self.check_access("read")
        return open_records(
            self.env,
            "key_account_management_plan.key_account_plan_action",
            [("account_id", "=", self.id)],
            context={"default_account_id": self.id, "search_default_present": True},
        )
