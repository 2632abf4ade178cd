# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models
from odoo.fields import Domain

from odoo.addons.key_account_management.models.account.key_account_documents import (
    OPPORTUNITIES,
)
from odoo.addons.key_account_management.models.tools.records import open_page


class KeyAccount(models.Model):
    _inherit = "key.account"

    white_space_ids = fields.One2many("key.account.white.space", "account_id")
    white_space_top_ids = fields.One2many(
        "key.account.white.space",
        "account_id",
        string="Where Potential Is",
        domain=[("potential", ">", 0), ("category_id.child_id", "=", False)],
    )
    white_space_amount = fields.Monetary(
        compute="_compute_white_space_amount",
        help="The potential of all product categories at the top.",
    )

    def _compute_white_space_amount(self):
        groups = self.env["key.account.white.space"]._read_group(
            [("account_id", "in", self.ids), ("category_level", "=", 1)],
            ["account_id"],
            ["potential:sum"],
        )
        amounts = {account.id: amount for account, amount in groups}
        for account in self:
            account.white_space_amount = amounts.get(account._origin.id, 0.0)

    def action_view_white_space(self):
        """Open the matrix of this account and its subsidiaries.

        :return: client action
        """
        self.ensure_one()
        self.check_access("read")
        return open_page(
            self.env,
            "key_account_management_plan.key_account_white_space_action_matrix",
            self.env._("White Space of %s", self.display_name),
            account_id=self.id,
        )

    def _open_category_opportunities(self, category):
        """Open the opportunities about a category and those below it."""
        return self._open_documents(
            OPPORTUNITIES, Domain("key_account_category_id", "child_of", category.id)
        )
