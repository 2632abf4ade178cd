# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models
from odoo.exceptions import AccessError

from ..tools.groups import ALL_ACCOUNTS, DIRECTOR, USER
from .approval_rules import worsened

#: The terms that an account can have of its own.
OWN_TERMS = (
    "pricelist_id",
    "payment_term_id",
    "credit_limit",
    "pricelist_mode",
    "payment_term_mode",
    "credit_limit_mode",
)
#: The highest number of days to pay that a role can grant.
DAYS_USER = 30
DAYS_ALL = 60


class KeyAccountOwnTerms(models.AbstractModel):
    """The special terms of an account apply once somebody with the role approves them.

    Until then those that were approved before apply. Users whose role is enough
    approve by entering the terms.
    """

    _name = "key.account.own.terms"
    _description = "Approval of an Account's Own Terms"
    _inherit = ["key.account.approval.mixin"]

    def _approval_terms(self):
        labels = self.fields_get(OWN_TERMS, ["string"])
        label = {name: labels[name]["string"] for name in labels}
        days = max(self.payment_term_id.line_ids.mapped("nb_days") or [0])
        terms = {
            "pricelist_id": [
                label["pricelist_id"],
                self.pricelist_id.id,
                "any",
                self.pricelist_id.name or None,
            ],
            "payment_term_id": [
                label["payment_term_id"],
                self.payment_term_id.id,
                "kept",
            ],
            "payment_days": [label["payment_term_id"], days, "higher"],
            "credit_limit": [label["credit_limit"], self.credit_limit, "higher"],
        }
        modes = dict(self._selection_benefit_mode())
        for name in OWN_TERMS[3:]:
            terms[name] = [label[name], self[name], "any", modes.get(self[name])]
        return terms

    def _get_approved_term(self, name):
        """Return one of the own terms as it was approved; older ones count as they are.

        :param str name: of ``OWN_TERMS``
        """
        self.ensure_one()
        if self.key_account_approval_state in ("none", "approved"):
            return self[name]
        kept = self._get_frozen_terms().get(name)
        field = self._fields[name]
        if field.type == "many2one":
            return self.env[field.comodel_name].browse(kept and kept[1] or []).exists()
        return kept[1] if kept else field.default(self) if field.default else 0.0

    def _decision_groups(self):
        """The discount, the days to pay and the credit limit decide on the role."""
        self.ensure_one()
        # sudo: the user who asks may not read the list or the limits of the company.
        account = self.sudo()
        company, pricelist = account.company_id, account.pricelist_id
        # A list that waits for approval is judged by the user who approves it, and
        # who sees which accounts get it.
        waits = pricelist._is_unapproved()
        discount = 0.0 if waits else pricelist.key_account_max_discount
        days = max(account.payment_term_id.line_ids.mapped("nb_days") or [0])
        limit = account.credit_limit
        usual = account._get_usual_credit_limit()
        frozen = self._get_frozen_terms()
        is_plain = all(
            self[name] == "override" or frozen.get(name, [0, 0])[1] == self[name]
            for name in OWN_TERMS[3:]
        )
        groups = self._get_granting_groups(company, discount, days, limit, usual)
        return groups if is_plain else [group for group in groups if group != USER]

    @api.model
    def _get_granting_groups(self, company, discount, days, limit, usual):
        """Return the roles that can grant terms.

        :param company: whose limits count (sudo)
        :param float discount: highest one, in per cent
        :param int days: to pay
        :param float limit: of the credit, in company currency
        :param float usual: credit limit that the account has anyway
        :return: list of XML ids of groups, directors first
        """
        groups = [DIRECTOR]
        if (
            discount <= company.key_account_discount_limit_all
            and days <= DAYS_ALL
            and limit <= max(company.key_account_credit_limit_all, usual)
        ):
            groups.append(ALL_ACCOUNTS)
        if (
            discount <= company.key_account_discount_limit_user
            and days <= DAYS_USER
            and limit <= max(company.key_account_credit_limit_user, usual)
        ):
            groups.append(USER)
        return groups

    def _check_lent_terms(self):
        """Refuse a group that lends its members more than the user's role grants.

        :raise AccessError: says who can add the account to the group
        """
        for account in self.filtered("parent_id"):
            groups = account._get_lending_groups()
            user = self.env.user
            if not user._is_superuser() and not any(map(user.has_group, groups)):
                raise AccessError(
                    self.env._(
                        "%(account)s would get the terms of %(group)s, which are more "
                        "than your role can grant. Ask a director of key accounts to "
                        "enter the group.",
                        account=account.display_name,
                        group=account.parent_id.display_name,
                    )
                )

    def _get_lending_groups(self):
        """Return the roles that can give an account what its group has."""
        self.ensure_one()
        # sudo: the terms of the group count, colleagues' accounts too.
        account = self.sudo()
        company = account.company_id
        lent = {
            name: benefit.value
            for name in OWN_TERMS[:3]
            for benefit in [account._resolve_benefit(name)[account.id]]
            # Not its own, and not those of a tier or an agreement.
            if benefit.account and benefit.account != account
        }
        pricelist, term = lent.get("pricelist_id"), lent.get("payment_term_id")
        discount = pricelist.key_account_max_discount if pricelist else 0.0
        days = max(term.line_ids.mapped("nb_days"), default=0) if term else 0
        return self._get_granting_groups(
            company, discount, days, lent.get("credit_limit", 0.0), 0.0
        )

    def _get_usual_credit_limit(self):
        """Return the highest limit that the account would have without its own."""
        self.ensure_one()
        sources = self._benefit_sources()[self.id]
        others = [source.record for source in sources if source.record != self]
        return max(
            (
                record.credit_limit
                for record in others
                if "credit_limit" in record._fields
            ),
            default=0.0,
        )

    @api.model_create_multi
    def create(self, vals_list):
        accounts = super().create(vals_list)
        plain = dict.fromkeys(OWN_TERMS[:3], False) | dict.fromkeys(
            OWN_TERMS[3:], "override"
        )
        for account in accounts:
            if any((account[name] or False) != plain[name] for name in OWN_TERMS):
                account._submit_own_terms()
        return accounts

    def write(self, vals):
        if set(OWN_TERMS).isdisjoint(vals):
            return super().write(vals)
        for account in self:
            if account.key_account_approval_state == "none":
                # What was there before counts as approved, by no one.
                # sudo: the server's fields.
                account.sudo().write(
                    {
                        "key_account_approval_state": "approved",
                        "key_account_approved_terms": account._approval_terms(),
                    }
                )
        result = super().write(vals)
        for account in self:
            state = account.key_account_approval_state
            if state == "approved":
                continue
            frozen = account._get_frozen_terms()
            if frozen and not worsened(frozen, account._approval_terms()):
                # Back to what was approved.
                account._write_approval("approved")
                account._close_decision_request()
            elif state in ("draft", "rejected"):
                account._submit_own_terms()
        return result

    def _submit_own_terms(self):
        """Let the terms wait for approval; approve them where the role is enough."""
        self._write_approval("pending", key_account_requester_id=self.env.uid)
        if self._user_may_decide():
            self._write_approval("approved")
        else:
            self._request_decision(
                note=self.env._("Terms changed by %s", self.env.user.name)
            )

    def _get_decision_summary(self):
        return self.env._("Approve the terms of %s", self.display_name)
