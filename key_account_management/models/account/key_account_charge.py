# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..tools.groups import ALL_ACCOUNTS


class KeyAccountCharge(models.AbstractModel):
    """Who decides on an account: its manager, the deputy meanwhile, and all-accounts.

    Everybody in the team can work on the account. What the customer gets, who is
    responsible and which customer becomes an account takes more.
    """

    _name = "key.account.charge"
    _description = "Who Is in Charge of a Key Account"

    @api.model
    def _fields_in_charge(self):
        """Return the fields that only users in charge write; rooms above add theirs."""
        return {
            "manager_id",
            "deputy_id",
            "parent_id",
            "team_member_ids",
            "state",
            "active",
        }

    def _is_in_charge(self):
        """Tell whether the user decides on the account today."""
        self.ensure_one()
        user = self.env.user
        return (
            user in (self.manager_id, self.acting_manager_id)
            or user._is_superuser()
            or user.has_group(ALL_ACCOUNTS)
        )

    def _check_in_charge(self):
        """Refuse users who work on the account but don't decide on it.

        :raise AccessError: names the account and its manager
        """
        for account in self:
            if not account._is_in_charge():
                raise AccessError(
                    self.env._(
                        "Only %(manager)s decides on this for %(account)s. During an "
                        "absence the deputy does.",
                        manager=account.manager_id.name,
                        account=account.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        accounts = super().create(vals_list)
        if not self.env.su:
            accounts._check_may_take_over()
            accounts._check_parents()
        return accounts

    def write(self, vals):
        if not self.env.su:
            if not self._fields_in_charge().isdisjoint(vals):
                self._check_in_charge()
            self._check_same_customer(vals)
        result = super().write(vals)
        if vals.get("parent_id") and not self.env.su:
            self._check_parents()
        return result

    def _check_same_customer(self, vals):
        """Refuse to turn an account into that of another customer or company.

        :raise UserError: names the account
        """
        for name in ("partner_id", "company_id"):
            for account in self if name in vals else ():
                if account[name].id != vals[name]:
                    raise UserError(
                        self.env._(
                            "%s stays the account of its customer. Create another key "
                            "account instead.",
                            account.display_name,
                        )
                    )

    def _check_parents(self):
        """Refuse a group parent that the user has no access to: it lends its terms.

        :raise AccessError: where the user can't read the parent's account
        """
        self.parent_id.check_access("read")

    def _check_may_take_over(self):
        """Refuse to take over customers of colleagues: that opens their documents.

        :raise AccessError: names the customer and the colleague who looks after it
        """
        if self.env.user._is_superuser() or self.env.user.has_group(ALL_ACCOUNTS):
            return
        for account in self:
            others = account._get_other_salespeople()
            is_theirs = account.manager_id in others and account.deputy_id not in (
                self.env.user
            )
            if others and not is_theirs:
                raise AccessError(
                    self.env._(
                        "%(customer)s is looked after by %(users)s. Ask a user with "
                        "access to all accounts to make the customer a key account.",
                        customer=account.partner_id.display_name,
                        users=", ".join(others.mapped("name")),
                    )
                )

    def _get_other_salespeople(self):
        """Return the colleagues whose customer this is, empty for the user's own."""
        self.ensure_one()
        # sudo: only names of colleagues are taken, to say whom to ask.
        partner, user = self.sudo().partner_id, self.env.user
        if partner.user_id:
            return partner.user_id - user
        here = Domain("company_id", "=", self.company_id.id)
        users = self.env["res.users"]
        for model, name in (
            ("sale.order", "user_id"),
            ("account.move", "invoice_user_id"),
        ):
            documents = self.env[model].sudo()  # see above
            own = here & Domain("partner_id", "child_of", partner.id)
            for (other,) in documents._read_group(own, [name]):
                users |= other
        return users.sudo(self.env.su) - user if user not in users else users.browse()
