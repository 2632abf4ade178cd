# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models

#: Kind of health component -> field of the account with its figure, and the field that
#: is zero where there is nothing to judge it by.
FACTS = {
    "growth": ("growth", "revenue_prev_12m"),
    "margin": ("margin_rate", "revenue_12m"),
    "payment": ("days_to_pay", "days_to_pay_weight"),
    "overdue": ("overdue_rate", "credit_exposure"),
    "repeat": ("repeat_order_rate", "order_count_12m"),
    "contact": ("days_since_contact", "last_contact_date"),
}
#: A year before with less than this share of the revenue says nothing about growth.
SCRAPS = 0.25


class KeyAccountHealthFacts(models.AbstractModel):
    """What the health of an account is judged by, and what follows from its score."""

    _name = "key.account.health.facts"
    _description = "What Health Is Judged By"

    @api.depends("overdue_amount", "credit_exposure", "last_contact_date")
    def _compute_health_raw(self):
        for account in self:
            account.overdue_rate = (
                100 * account.overdue_amount / account.credit_exposure
                if account.credit_exposure > 0
                else 0.0
            )
            company = account.company_id
            since = account.last_contact_date or company._to_key_account_day(
                account.create_date or fields.Datetime.now()
            )
            account.days_since_contact = max(
                (company._get_key_account_today() - since).days, 0
            )

    @api.depends("health_date")
    def _compute_health_ids(self):
        months = {
            account.id: account.health_date.replace(day=1)
            for account in self
            if account.health_date
        }
        rows = self.env["key.account.health"].search(
            [("account_id", "in", self.ids), ("month", "in", list(months.values()))]
        )
        by_account = rows.filtered(
            lambda row: row.month == months.get(row.account_id.id)
        ).grouped("account_id")
        for account in self:
            account.health_ids = by_account.get(account, False)

    def _health_facts(self):
        """Return the figures that health is judged by; rooms above add theirs.

        :return: dict of account id -> dict of component kind -> figure; a kind that is
            missing can't be judged, and the others weigh more
        """
        facts = {}
        for account in self:
            known = {
                kind: account[fname]
                for kind, (fname, basis) in FACTS.items()
                if account[basis]
            }
            if account.revenue_prev_12m < SCRAPS * account.revenue_12m:
                known.pop("growth", None)
            facts[account.id] = known
        return facts

    def _refresh_health(self):
        """Score these accounts by their figures, and flag those at risk.

        The figures must be fresh.
        """
        self.env["key.account.health"]._take(self)
        self._flag_risk()

    def _flag_risk(self):
        """Set accounts at risk by their score, with the reason, and back again."""
        # sudo: the flag is the system's, no matter who asked for fresh figures.
        for account in self.sudo():
            limit = account.company_id.key_account_risk_score
            if not account.health_date:
                continue
            if account.state == "active" and account.health_score < limit:
                reason = account.health_ids._get_reason()
                account.write(
                    {"state": "at_risk", "risk_reason": reason, "risk_automatic": True}
                )
                account._tell_manager(
                    self.env._("At risk: health score %.0f", account.health_score),
                    reason,
                )
            elif (
                account.state == "at_risk"
                and account.risk_automatic
                and account.health_score >= limit + 5
            ):
                account.write(
                    {"state": "active", "risk_reason": False, "risk_automatic": False}
                )
                account._message_log(
                    body=self.env._(
                        "Health score %.0f: no longer at risk.", account.health_score
                    )
                )
