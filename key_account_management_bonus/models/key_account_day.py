# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_date, formatLang

from odoo.addons.key_account_management.models.account.key_account_day import (
    Signal,
    Step,
)
from odoo.addons.key_account_management.models.agreement.key_account_agreement_lifecycle import (  # noqa: E501
    IN_FORCE,
)


class KeyAccountDay(models.AbstractModel):
    """Bonuses whose next step is near, and those to be settled."""

    _inherit = "key.account.day"

    @api.model
    def _day_kinds(self):
        return {
            **super()._day_kinds(),
            "settlement": ("owe", self.env._("Bonus to Settle")),
            "step": ("news", self.env._("Bonus Step Near")),
        }

    @api.model
    def _day_signals(self, accounts, today):
        """Add what the figures of last night say; what was settled since is gone."""
        signals = super()._day_signals(accounts, today)
        rebates = self.env["key.account.rebate"].search(
            Domain("account_id", "in", accounts.ids)
            & Domain("state", "in", IN_FORCE)
            & (Domain("due_amount", "!=", 0) | Domain("is_step_near", "=", True))
        )
        settled = self._get_settled_since(rebates)
        for rebate in rebates:
            if rebate.due_amount and rebate not in settled:
                signals.append(self._settlement_signal(rebate))
            if rebate.is_step_near and rebate.next_step_id:
                signals.append(self._step_signal(rebate))
        return signals

    @api.model
    def _get_settled_since(self, rebates):
        """Return those that were settled after their figures were taken."""
        settlements = self.env["key.account.rebate.settlement"].search(
            [("rebate_id", "in", rebates.ids), ("state", "!=", "cancelled")]
        )
        return settlements.filtered(
            lambda settlement: settlement.day >= settlement.rebate_id.figures_on
        ).rebate_id

    @api.model
    def _settlement_signal(self, rebate):
        amount = rebate.account_id._format_amount(abs(rebate.due_amount))
        return Signal(
            "settlement",
            rebate.account_id,
            rebate,
            self.env._("%(name)s: %(amount)s is due.", name=rebate.name, amount=amount)
            if rebate.due_amount > 0
            else self.env._(
                "%(name)s: %(amount)s is to be reclaimed.",
                name=rebate.name,
                amount=amount,
            ),
            self.env._("Figures of %s.", format_date(self.env, rebate.figures_on)),
            abs(rebate.due_amount),
            # The period before the present one is over since then.
            rebate.current_from + relativedelta(days=rebate.settle_days)
            if rebate.current_from
            else None,
            Step(self.env._("Settle"), "action_settle"),
        )

    @api.model
    def _step_signal(self, rebate):
        account = rebate.account_id
        unit = (
            account.currency_id.name
            if rebate.basis == "revenue"
            else rebate.uom_id.name or ""
        )
        return Signal(
            "step",
            account,
            rebate,
            self.env._(
                "%(name)s: %(missing)s %(unit)s to the next step.",
                name=rebate.name,
                missing=formatLang(self.env, rebate.missing, digits=0),
                unit=unit,
            ),
            self.env._(
                "Reached %(reached)s of %(bound)s by %(day)s.",
                reached=formatLang(self.env, rebate.reached, digits=0),
                bound=formatLang(self.env, rebate.reached + rebate.missing, digits=0),
                day=format_date(self.env, rebate.figures_on),
            ),
            rebate.missing if rebate.basis == "revenue" else 0.0,
            rebate.current_to or None,
            Step(self.env._("Call"), "action_log_call", record=account),
        )
