# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models
from odoo.tools import format_date

from ..account.key_account_day import Signal, Step


class KeyAccountDay(models.AbstractModel):
    """Customer data that is incomplete, or that wasn't verified for long."""

    _inherit = "key.account.day"

    @api.model
    def _day_kinds(self):
        return {**super()._day_kinds(), "data": ("close", self.env._("Customer Data"))}

    @api.model
    def _day_signals(self, accounts, today):
        signals = super()._day_signals(accounts, today)
        scores = accounts._get_data_scores()
        labels = self.env["key.account.data.rule"]._get_labels()
        minimum = accounts.company_id.key_account_data_minimum
        for account in accounts:
            score, gaps = scores[account.id]
            if gaps and score < minimum:
                reason = self.env._(
                    "Customer data is incomplete: %s",
                    accounts._name_gaps(gaps, labels),
                )
                step = Step(self.env._("Complete"), "action_view_customer")
            elif account.is_data_old:
                reason = self.env._("Customer data has to be verified.")
                step = Step(self.env._("Verified Today"), "action_verify_data")
            else:
                continue
            signals.append(
                Signal(
                    "data",
                    account,
                    account,
                    reason,
                    self._data_evidence(account, score),
                    step=step,
                )
            )
        return signals

    @api.model
    def _data_evidence(self, account, score):
        """Return how complete the data is, and when it was verified."""
        known = self.env._("Complete: %s %%.", score)
        if not account.data_verified_date:
            return known
        verified = self.env._(
            "Verified on %s.", format_date(self.env, account.data_verified_date)
        )
        return f"{known} {verified}"
