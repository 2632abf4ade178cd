# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import format_date

from ..account.key_account_day import Signal, Step
from .key_account_agreement_lifecycle import LEAD_DAYS

#: An obligation is told this many days ahead.
OBLIGATION_DAYS = 7


class KeyAccountDay(models.AbstractModel):
    """Obligations, agreements that end, and commitments that will be missed."""

    _inherit = "key.account.day"

    @api.model
    def _day_kinds(self):
        return {
            **super()._day_kinds(),
            "obligation": ("owe", self.env._("Obligation")),
            "promise": ("close", self.env._("The Customer's Obligation")),
            "agreement": ("news", self.env._("Agreement Ends")),
            "commitment": ("news", self.env._("Commitment")),
        }

    @api.model
    def _day_signals(self, accounts, today):
        return [
            *super()._day_signals(accounts, today),
            *self._obligation_signals(accounts, today),
            *self._agreement_signals(accounts, today),
            *self._commitment_signals(accounts, today),
        ]

    @api.model
    def _obligation_signals(self, accounts, today):
        obligations = self.env["key.account.obligation"].search(
            [
                ("account_id", "in", accounts.ids),
                ("agreement_id.state", "=", "active"),
                ("date_done", "=", False),
                ("is_amended", "=", False),
                ("date_due", "<=", today + relativedelta(days=OBLIGATION_DAYS)),
            ]
        )
        return [
            Signal(
                "obligation" if obligation.side == "ours" else "promise",
                obligation.account_id,
                obligation,
                self.env._("We promised: %s", obligation.name)
                if obligation.side == "ours"
                else self.env._("The customer promised: %s", obligation.name),
                self.env._(
                    "%(agreement)s, owner %(owner)s.",
                    agreement=obligation.agreement_id.display_name,
                    owner=obligation.user_id.name,
                ),
                obligation.account_id.revenue_12m,
                obligation.date_due,
                Step(self.env._("Done"), "action_done"),
            )
            for obligation in obligations
        ]

    @api.model
    def _agreement_signals(self, accounts, today):
        """Name agreements whose notice date is near, unless the end is agreed."""
        agreements = self.env["key.account.agreement"].search(
            [
                ("account_id", "in", accounts.ids),
                ("state", "=", "active"),
                ("termination_date", "=", False),
                ("notice_date", "<=", today + relativedelta(days=LEAD_DAYS)),
                ("next_ids", "not any", [("state", "!=", "terminated")]),
            ]
        )
        return [
            Signal(
                "agreement",
                agreement.account_id,
                agreement,
                self.env._(
                    "%(name)s renews itself on %(day)s.",
                    name=agreement.display_name,
                    day=format_date(self.env, agreement.date_end),
                )
                if agreement.renewal == "automatic"
                else self.env._(
                    "%(name)s ends on %(day)s.",
                    name=agreement.display_name,
                    day=format_date(self.env, agreement.date_end),
                ),
                self.env._(
                    "Notice by %s.", format_date(self.env, agreement.notice_date)
                ),
                agreement.account_id.revenue_12m,
                max(agreement.notice_date, today)
                if agreement.renewal == "automatic"
                else agreement.notice_date,
                Step(self.env._("Renew"), "action_amend"),
            )
            for agreement in agreements
            # One that renews itself asks for nothing once the notice date is over.
            if agreement.renewal != "automatic" or agreement.notice_date >= today
        ]

    @api.model
    def _commitment_signals(self, accounts, today):
        commitments = self.env["key.account.commitment"]._find_missed(accounts, today)
        return [
            Signal(
                "commitment",
                commitment.account_id,
                commitment.agreement_id,
                self.env._("Commitment will be missed: %s", commitment.display_name),
                self.env._(
                    "%(rate).0f %% consumed. At this rate %(shortfall).0f will be "
                    "missing at the end.",
                    rate=commitment.rate,
                    shortfall=commitment.shortfall,
                ),
                commitment.shortfall if commitment.kind == "revenue" else 0.0,
                commitment.date_to,
                Step(self.env._("Open"), type="open"),
            )
            for commitment in commitments
        ]
