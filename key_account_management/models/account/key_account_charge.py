# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from collections import Counter

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..tools.groups import ALL_ACCOUNTS, DIRECTOR


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
            self._check_hands_over(vals)
            self._check_may_reactivate(vals)
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

    def _check_hands_over(self, vals):
        """Refuse to put oneself in charge of an account with a confidential note.

        The account manager and the deputy read the note: that takes a second person.

        :raise AccessError: names the account and the manager to ask
        """
        user = self.env.user
        if user._is_superuser() or user.id not in (
            vals.get("manager_id"),
            vals.get("deputy_id"),
        ):
            return
        for account in self:
            in_charge = user in (account.manager_id, account.acting_manager_id)
            # sudo: only whether there is a note; a user who has left hands nothing over
            has_note = account.sudo().confidential_body
            if has_note and not in_charge and account.manager_id.active:
                raise AccessError(
                    self.env._(
                        "There is a confidential note on %(account)s. Ask %(manager)s, "
                        "or another user with access to all accounts, to hand the "
                        "account over to you.",
                        account=account.display_name,
                        manager=account.manager_id.name,
                    )
                )

    def _check_may_reactivate(self, vals):
        """Refuse to take up again what was ended: in between no rule of ours held.

        :raise AccessError: names the account; a director can do it
        """
        again = self.browse()
        if vals.get("state", "ended") != "ended":
            again |= self.filtered(lambda account: account.state == "ended")
        if vals.get("active"):
            again |= self.filtered(lambda account: not account.active)
        user = self.env.user
        if again and not user._is_superuser() and not user.has_group(DIRECTOR):
            raise AccessError(
                self.env._(
                    "%s was ended or archived. Ask a director of key accounts to "
                    "activate it again.",
                    again[0].display_name,
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
        """Return the colleagues whose customer this is, empty for the user's own.

        The salesperson on the customer is easily changed, so documents decide as well.
        Of the user's own those count that are confirmed: quotations are quickly made.
        """
        self.ensure_one()
        # sudo: only names of colleagues are taken, to say whom to ask.
        partner, user = self.sudo().partner_id, self.env.user
        if partner.user_id - user:
            return partner.user_id
        own = Domain("company_id", "=", self.company_id.id) & Domain(
            "partner_id", "child_of", partner.id
        )
        documents = Counter()
        for model, name, done in (
            ("sale.order", "user_id", "sale"),
            ("account.move", "invoice_user_id", "posted"),
        ):
            found = self.env[model].sudo()  # see above
            for other, state, count in found._read_group(
                own, [name, "state"], ["__count"]
            ):
                documents[other] += count if other != user or state == done else 0
        mine = documents.pop(user, 0)
        documents.pop(user.browse(), None)
        if mine >= sum(documents.values()):
            return user.browse()
        return user.browse().union(*documents).sudo(self.env.su)
