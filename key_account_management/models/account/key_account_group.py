# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.records import count_related, open_records


class KeyAccountGroup(models.AbstractModel):
    """The group tree: a subsidiary's account under that of its parent company."""

    _name = "key.account.group"
    _description = "Group of Key Accounts"

    parent_id = fields.Many2one(
        "key.account",
        string="Group Parent",
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
        domain="[('company_id', '=', company_id), ('id', '!=', id)]",
        help="Key account of the group's parent company. Prices and terms of the "
        "parent apply where the subsidiary has none of its own.",
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("key.account", "parent_id", string="Subsidiaries")
    child_count = fields.Integer(
        compute="_compute_child_count", string="Number of Subsidiaries"
    )

    @api.depends("child_ids")
    def _compute_child_count(self):
        counts = count_related(self, self._name, "parent_id")
        for account in self:
            account.child_count = counts[account.id]

    @api.model_create_multi
    def create(self, vals_list):
        accounts = super().create(vals_list)
        accounts._join_group_of_parent_company(vals_list)
        return accounts

    def write(self, vals):
        if vals.get("parent_id"):
            self._check_no_circular_group(vals["parent_id"])
        return super().write(vals)

    def _check_no_circular_group(self, parent_id):
        """Refuse a parent that is one of these accounts or lies below one.

        Before the write and not as a constraint: with ``_parent_store`` the ORM stops
        a circle by itself, with nothing but "Recursion Detected.".
        """
        # sudo: the line of parents may pass through colleagues' accounts.
        line = self.sudo().search(
            [("id", "parent_of", parent_id), ("active", "in", (True, False))]
        )
        if line & self:
            raise ValidationError(
                self.env._(
                    "A group can't be circular: a key account would be its own "
                    "parent, directly or through its subsidiaries."
                )
            )

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        if self.partner_id and not self.parent_id:
            self.parent_id = self._find_group_parent()

    def _find_group_parent(self):
        """Return the account of the nearest parent company that has one."""
        self.ensure_one()
        # sudo: the nearest one counts, and no other one if it is a colleague's.
        Account = self.sudo().with_context(active_test=True)
        company_partner = self.partner_id.parent_id
        seen = self.partner_id
        while company_partner and company_partner not in seen:
            seen |= company_partner
            account = Account.search(
                [
                    ("partner_id", "=", company_partner.commercial_partner_id.id),
                    ("company_id", "=", self.company_id.id),
                    ("state", "!=", "ended"),
                ],
                limit=1,
            )
            if account:
                found = account.sudo(self.env.su)
                # A parent lends its terms: only where the user has access to it.
                return found if found.has_access("read") else self.browse()
            company_partner = company_partner.parent_id
        return self.browse()

    def _join_group_of_parent_company(self, vals_list):
        """Put new accounts under their parent company's unless told otherwise."""
        for account, vals in zip(self, vals_list, strict=True):
            if "parent_id" not in vals and account.partner_id.parent_id:
                account.parent_id = account._find_group_parent()

    def action_view_children(self):
        """Open the subsidiaries of any depth."""
        self.ensure_one()
        self.check_access("read")
        return open_records(
            self.env,
            "key_account_management.key_account_action",
            [("id", "child_of", self.id), ("id", "!=", self.id)],
            context={"default_parent_id": self.id},
        )

    def _get_group_line(self):
        """Return this account and its group parents, nearest first, ended ones out."""
        self.ensure_one()
        line, parent = self, self.parent_id
        while parent and parent not in line:
            line += parent
            parent = parent.parent_id
        return line.filtered(
            lambda account: account == self
            or (account.active and account.state != "ended")
        )
