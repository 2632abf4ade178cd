# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models

from odoo.addons.key_account_management.models.tools.records import open_records


class KeyAccount(models.Model):
    """The bonuses of an account: earned, settled and open."""

    _inherit = "key.account"

    rebate_ids = fields.One2many("key.account.rebate", "account_id", string="Bonuses")
    rebate_open_amount = fields.Monetary(
        string="Open Bonuses",
        compute="_compute_rebate_open_amount",
        help="Earned and not settled, as of last night.",
    )

    def _compute_rebate_open_amount(self):
        groups = self.env["key.account.rebate"]._read_group(
            [("account_id", "in", self.ids)], ["account_id"], ["open_amount:sum"]
        )
        amounts = {account.id: amount for account, amount in groups}
        for account in self:
            account.rebate_open_amount = amounts.get(account._origin.id, 0.0)

    def _get_tree_ids(self):
        """Return the ids of all accounts in the group tree of this one."""
        self.ensure_one()
        root = (self.parent_path or f"{self.id}/").split("/")[0]
        # sudo: the tree, whoever manages its accounts.
        return (
            self.sudo()
            .with_context(active_test=False)
            .search([("id", "child_of", int(root))])
            .ids
        )

    def action_view_rebates(self):
        """Open the bonuses of the account."""
        self.ensure_one()
        return open_records(
            self.env,
            "key_account_management_bonus.key_account_rebate_action",
            [("account_id", "=", self.id)],
            context={"default_account_id": self.id},
        )
