# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models

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
            "pricelist_id": [label["pricelist_id"], self.pricelist_id.id, "any"],
            "payment_term_id": [
                label["payment_term_id"],
                self.payment_term_id.id,
                "kept",
            ],
            "payment_days": [label["payment_term_id"], days, "higher"],
            "credit_limit": [label["credit_limit"], self.credit_limit, "higher"],
        }
        for name in OWN_TERMS[3:]:
            terms[name] = [label[name], self[name], "any"]
        return terms

    def _get_approved_term(self, name):
        """Return one of the own terms as it was approved; older ones count as they are.

        :param str name: of ``OWN_TERMS``
        """
        self.ensure_one()
        if self.key_account_approval_state in ("none", "approved"):
            return self[name]
        kept = (self.key_account_approved_terms or {}).get(name)
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
        frozen = self.key_account_approved_terms or {}
        is_plain = all(
            self[name] == "override" or frozen.get(name, [0, 0])[1] == self[name]
            for name in OWN_TERMS[3:]
        )
        groups = [DIRECTOR]
        if (
            discount <= company.key_account_discount_limit_all
            and days <= DAYS_ALL
            and limit <= max(company.key_account_credit_limit_all, usual)
        ):
            groups.append(ALL_ACCOUNTS)
        if (
            is_plain
            and discount <= company.key_account_discount_limit_user
            and days <= DAYS_USER
            and limit <= max(company.key_account_credit_limit_user, usual)
        ):
            groups.append(USER)
        return groups

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
            frozen = account.key_account_approved_terms or {}
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
                note=self.env._("Terms changed by %s", self.env.user.name),
                summary=self.env._("Approve the terms of %s", self.display_name),
            )
