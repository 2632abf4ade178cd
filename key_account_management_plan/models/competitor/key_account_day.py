# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_date

from odoo.addons.key_account_management.models.account.key_account_day import (
    Signal,
    Step,
)

from .key_account_share import CONTRACT_MONTHS


class KeyAccountDay(models.AbstractModel):
    """A competitor's contract ends: now is the time to make an offer."""

    _inherit = "key.account.day"

    @api.model
    def _day_kinds(self):
        return {
            **super()._day_kinds(),
            "incumbent": ("news", self.env._("Competitor's Contract Ends")),
        }

    @api.model
    def _day_signals(self, accounts, today):
        signals = super()._day_signals(accounts, today)
        soon = today + relativedelta(months=CONTRACT_MONTHS)
        entries = self.env["key.account.share"].search(
            Domain("account_id", "in", accounts.ids)
            & Domain("is_current", "=", True)
            & Domain("contract_end", ">=", today)
            & Domain("contract_end", "<=", soon)
        )
        # Who makes an offer in time has done it.
        worked_on = self._get_worked_on(entries)
        for entry in entries:
            key = (entry.account_id.partner_id.id, entry.competitor_id.id)
            if key not in worked_on:
                signals.append(self._incumbent_signal(entry))
        return signals

    @api.model
    def _get_worked_on(self, entries):
        """Return customers and competitors of open opportunities, as pairs of ids."""
        # sudo: only whether somebody works on it.
        leads = (
            self.env["crm.lead"]
            .sudo()
            .search(
                [
                    ("key_account_competitor_id", "in", entries.competitor_id.ids),
                    ("won_status", "=", "pending"),
                ]
            )
        )
        return {
            (
                lead.partner_id.commercial_partner_id.id,
                lead.key_account_competitor_id.id,
            )
            for lead in leads
        }

    @api.model
    def _incumbent_signal(self, entry):
        day = format_date(self.env, entry.contract_end)
        what = entry.category_id.display_name or self.env._("all products")
        return Signal(
            "incumbent",
            entry.account_id,
            entry,
            self.env._(
                "The contract of %(competitor)s ends on %(day)s.",
                competitor=entry.competitor_id.name,
                day=day,
            ),
            self.env._(
                "%(what)s: %(share).0f %% of the demand.", what=what, share=entry.share
            )
            if entry.is_known
            else what,
            deadline=entry.contract_end,
            step=Step(self.env._("New Opportunity"), "action_new_opportunity"),
        )
