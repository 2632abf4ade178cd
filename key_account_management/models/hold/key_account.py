# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from collections import namedtuple

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.records import open_records
from .key_account_reliability import GRADES

#: What an order is compared with before it is confirmed, in company currency.
CreditFacts = namedtuple("CreditFacts", "limit origin used overdue oldest")


class KeyAccount(models.Model):
    """How reliable the customer is, and what is open against the credit limit."""

    _inherit = "key.account"

    reliability_ids = fields.One2many(
        "key.account.reliability", "account_id", string="Assessments"
    )
    reliability_grade = fields.Selection(
        string="Reliability",
        selection=GRADES,
        compute="_compute_reliability_grade",
        search="_search_reliability_grade",
    )
    # Counted by orders that use the limit, so that two at a time notice each other.
    credit_checks = fields.Integer(readonly=True, copy=False, groups=fields.NO_ACCESS)
    credit_limit_use = fields.Float(
        string="Use of the Credit Limit (%)",
        compute="_compute_credit_limit_use",
        help="Credit exposure as a share of the limit that applies. A limit of the "
        "group is used by all its members together.",
    )

    def _latest_assessments(self):
        """Return the latest closed assessment of each account, in one query."""
        assessments = self.env["key.account.reliability"].search(
            [("account_id", "in", self.ids), ("state", "=", "done")],
            order="date, id",
        )
        return {assessment.account_id.id: assessment for assessment in assessments}

    def _get_unreliable(self, today):
        """Return the assessments that rate these accounts as not reliable.

        The latest one counts, as long as it is valid.

        :param today: the company's day
        :return: dict of account id -> ``key.account.reliability`` (sudo)
        """
        # sudo: the clerk isn't shown the assessment but what follows from it.
        return {
            account_id: assessment
            for account_id, assessment in self.sudo()._latest_assessments().items()
            if assessment.grade == "unreliable"
            and (not assessment.valid_until or assessment.valid_until >= today)
        }

    @api.depends("reliability_ids.state", "reliability_ids.date")
    def _compute_reliability_grade(self):
        latest = self._latest_assessments()
        for account in self:
            assessment = latest.get(account.id, self.env["key.account.reliability"])
            account.reliability_grade = assessment.grade

    def _search_reliability_grade(self, operator, value):
        if operator != "in":
            return NotImplemented
        accounts = self.env["key.account"].search([("reliability_ids", "!=", False)])
        latest = accounts._latest_assessments()
        found = [key for key, assessment in latest.items() if assessment.grade in value]
        if False in value:
            return ["|", ("id", "in", found), ("id", "not in", list(latest))]
        return [("id", "in", found)]

    @api.depends("credit_exposure", "group_credit_exposure", "effective_credit_limit")
    def _compute_credit_limit_use(self):
        benefits = self._resolve_benefit("credit_limit")
        for account in self:
            limit, origin, _account = benefits[account.id]
            # sudo: the limit of a group is used by all of it, colleagues' accounts too.
            used = (
                origin.sudo().group_credit_exposure
                if origin._name == self._name and origin
                else account.credit_exposure
            )
            account.credit_limit_use = 100 * used / limit if limit else 0.0

    def _has_reliability_fact(self, source):
        """Tell whether there are documents that answer a question.

        :param str source: of ``key.account.reliability.question``
        """
        self.ensure_one()
        return {
            "days_to_pay": self.days_to_pay_weight > 0,
            "overdue_rate": self.credit_exposure > 0,
            "limit_use": self.effective_credit_limit > 0,
        }[source]

    def _get_credit_facts(self, date, lock=False):
        """Return what these accounts owe now, for orders that are to be confirmed.

        A limit that an account holds applies to its whole group together, for each of
        the members, the account itself included.

        :param date: the company's day of today
        :param bool lock: let no other transaction use the same limit meanwhile
        :return: dict of account id -> :class:`CreditFacts`
        """
        # sudo: limits, balances and due dates of the whole group count; the caller
        # decides which of them a user gets to see.
        accounts = self.sudo()
        benefits = accounts._resolve_benefit("credit_limit")
        if lock:
            accounts._lock_credit(benefits)
        facts = {}
        for company, of_company in accounts.grouped("company_id").items():
            members = {
                account.id: accounts._credit_members(account, benefits[account.id])
                for account in of_company
            }
            everybody = accounts.browse().union(*members.values()) | of_company
            amounts = everybody._get_open_amounts(
                company,
                date - relativedelta(days=company.key_account_overdue_days),
                # What is ordered matters only where there is a limit to it.
                with_orders=any(benefits[account.id].value for account in of_company),
            )
            for account in of_company:
                benefit, own = benefits[account.id], amounts[account.id]
                facts[account.id] = CreditFacts(
                    benefit.value,
                    benefit.origin,
                    sum(amounts[member].exposure for member in members[account.id].ids),
                    own.overdue_items,
                    (date - own.oldest).days if own.oldest else 0,
                )
        return facts

    def _lock_credit(self, benefits):
        """Let orders that are confirmed at the same time use a limit one by one.

        A lock alone wouldn't do: the transaction that waited would still see what was
        there before. A row that was changed makes the server start it again.

        :param benefits: of ``credit_limit``, by account id
        """
        holders = [
            origin.id if origin and origin._name == "key.account" else account.id
            for account in self
            for origin in [benefits[account.id].origin]
            if benefits[account.id].value
            and account.company_id.key_account_order_check == "block"
        ]
        if holders:
            self.env.cr.execute(
                SQL(
                    "UPDATE key_account SET credit_checks = "
                    "COALESCE(credit_checks, 0) + 1 WHERE id = ANY(%s)",
                    holders,
                )
            )

    def _credit_members(self, account, benefit):
        """Return the accounts that share the limit of one of them."""
        origin = benefit.origin
        if origin and origin._name == "key.account":
            # Those that are ended or archived, too: what they owe is still owed.
            return self.with_context(active_test=False).search(
                [
                    ("id", "child_of", origin.id),
                    ("company_id", "=", origin.company_id.id),
                ]
            )
        return account

    def action_view_reliability(self):
        """Open the assessments of the account, or a new one where there is none."""
        self.ensure_one()
        action = open_records(
            self.env,
            "key_account_management.key_account_reliability_action",
            [("account_id", "=", self.id)],
            context={"default_account_id": self.id},
        )
        if not self.reliability_ids:
            action["views"] = [(False, "form")]
        return action
