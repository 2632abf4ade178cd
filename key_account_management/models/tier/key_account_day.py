# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import format_date

from ..account.key_account_day import Signal, Step

#: Without a tier, or where the tier doesn't say.
CONTACT_DAYS = 90
#: How many days ahead a review is announced, and a demotion.
AHEAD_DAYS = 14
#: The next tier is near when no more than this share of its revenue is missing.
NEAR = 0.1


class KeyAccountDay(models.AbstractModel):
    """How often the tier wants contact and review, and demotions that are near."""

    _inherit = "key.account.day"

    @api.model
    def _day_kinds(self):
        return {
            **super()._day_kinds(),
            "tier": ("news", self.env._("Tier Change Ahead")),
            "threshold": ("news", self.env._("Tier Near")),
            "contact": ("close", self.env._("Contact Overdue")),
            "review": ("close", self.env._("Review Due")),
        }

    @api.model
    def _day_signals(self, accounts, today):
        return [
            *super()._day_signals(accounts, today),
            *self._tier_signals(accounts, today),
            *self._threshold_signals(accounts),
            *self._contact_signals(accounts, today),
            *self._review_signals(accounts, today),
        ]

    @api.model
    def _tier_signals(self, accounts, today):
        ahead = today + relativedelta(days=AHEAD_DAYS)
        return [
            Signal(
                "tier",
                account,
                account,
                self.env._(
                    "Falls out of %(tier)s on %(day)s.",
                    tier=account.tier_id.name,
                    day=format_date(self.env, account.demotion_date),
                ),
                self.env._(
                    "Below the criteria since %s.",
                    format_date(self.env, account.below_tier_since),
                ),
                account.revenue_12m,
                account.demotion_date,
                Step(self.env._("Plan a Meeting"), "action_plan_meeting"),
            )
            for account in accounts
            if account.below_tier_since
            and account.demotion_date <= ahead
            and not account.is_tier_locked
        ]

    @api.model
    def _threshold_signals(self, accounts):
        """Name customers whom a little more revenue lifts to a better tier."""
        tiers = accounts._get_revenue_tiers()
        windows = accounts._get_windows() if tiers else {}
        signals = []
        for account in accounts if tiers else ():
            window = windows[account.id][0]
            tier, missing = account._get_near_tier(tiers, NEAR, window)
            if tier:
                signals.append(
                    Signal(
                        "threshold",
                        account,
                        account,
                        self.env._(
                            "%(missing)s more revenue reaches tier %(tier)s.",
                            missing=account._format_amount(missing),
                            tier=tier.name,
                        ),
                        account._revenue_text(window),
                        missing,
                        step=Step(self.env._("Plan a Meeting"), "action_plan_meeting"),
                    )
                )
        return signals

    @api.model
    def _contact_signals(self, accounts, today):
        """Name accounts that hear nothing from us; a planned meeting is contact."""

        def wanted(account):
            return account.tier_id.contact_interval_days or CONTACT_DAYS

        def deadline(account, last):
            since = last or account.company_id._to_key_account_day(account.create_date)
            return since + relativedelta(days=wanted(account))

        # The figures are of last night: who was called since is looked up again.
        quiet = accounts.filtered(
            lambda account: deadline(account, account.last_contact_date) < today
        )
        contacts = quiet._get_last_contacts()
        planned = quiet._get_next_meetings()
        signals = []
        for account in quiet:
            last = contacts.get(account.id)
            due = deadline(account, last)
            if due >= today or account.id in planned:
                continue
            signals.append(
                Signal(
                    "contact",
                    account,
                    account,
                    self.env._("No contact for %s days.", (today - last).days)
                    if last
                    else self.env._("No contact with the customer is known."),
                    self.env._("Wanted every %s days.", wanted(account)),
                    account.revenue_12m,
                    due,
                    Step(self.env._("Call"), "action_log_call"),
                )
            )
        return signals

    @api.model
    def _review_signals(self, accounts, today):
        ahead = today + relativedelta(days=AHEAD_DAYS)
        return [
            Signal(
                "review",
                account,
                account,
                self.env._("Review on %s.", format_date(self.env, due))
                if due >= today
                else self.env._("The review of %s is due.", format_date(self.env, due)),
                self.env._(
                    "Wanted every %s days.", account.tier_id.review_interval_days
                )
                if account.tier_id.review_interval_days
                else "",
                account.revenue_12m,
                due,
                Step(self.env._("Reviewed"), "action_review_done"),
            )
            for account in accounts
            for due in (account._get_review_day(),)
            if due and due <= ahead
        ]
