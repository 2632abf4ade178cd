# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dateutil.relativedelta import relativedelta

from odoo import api, models

#: From this influence on, a stakeholder mustn't be left alone.
INFLUENTIAL = "4"
#: Days in which a champion who left is missed, unless there is another.
MISSED_DAYS = 180


class KeyAccountStakeholderGap(models.AbstractModel):
    """Where an account is weak: what the map of its stakeholders doesn't have."""

    _name = "key.account.stakeholder.gap"
    _description = "Gaps Among Stakeholders"

    @api.model
    def _get_gaps(self, accounts):
        """Return what is missing among the stakeholders of accounts.

        An account without stakeholders has no map yet, which is no gap.

        :param accounts: key.account records
        :return: dict of account id -> list of texts, accounts without gaps left out
        """
        members = self.env["key.account.stakeholder"].search(
            [("account_id", "in", accounts.ids)]
        )
        gaps = {}
        for account, group in members.grouped("account_id").items():
            if found := self._find_gaps(account, group):
                gaps[account.id] = found
        return gaps

    @api.model
    def _find_gaps(self, account, members):
        active = members.filtered(lambda who: not who.left_date)
        known = active.filtered("partner_id")
        gaps = []
        if not known.filtered(lambda who: who.buying_role == "decider"):
            gaps.append(self.env._("No decider is known."))
        covered = known.filtered(lambda who: who.coverage != "none")
        if len(covered) == 1:
            gaps.append(self.env._("We know one contact alone: %s.", covered.name))
        gaps += self._find_champion_gap(account, members, active)
        gaps += self._find_contact_gap(account, known)
        if unknown := active.filtered("is_placeholder"):
            gaps.append(
                self.env._("Not known yet: %s.", ", ".join(unknown.mapped("name")))
            )
        return gaps

    @api.model
    def _find_champion_gap(self, account, members, active):
        """Return the gap of a champion who left, while there is no other."""
        today = account.company_id._get_key_account_today()
        since = today - relativedelta(days=MISSED_DAYS)
        champions = members.filtered(lambda who: who.attitude == "champion")
        left = champions.filtered(lambda who: who.left_date and who.left_date >= since)
        if not left or champions & active:
            return []
        names = ", ".join(left.mapped("name"))
        return [self.env._("Our champion has left: %s.", names)]

    @api.model
    def _find_contact_gap(self, account, known):
        """Return the gap of those who matter and weren't spoken with for long."""
        days = account.company_id.key_account_stakeholder_days
        if days <= 0:
            return []
        since = account.company_id._get_key_account_today() - relativedelta(days=days)
        silent = known.filtered(
            lambda who: (who.buying_role == "decider" or who.influence >= INFLUENTIAL)
            and (not who.last_contact_date or who.last_contact_date < since)
        )
        if not silent:
            return []
        return [
            self.env._(
                "No contact for %(days)s days: %(names)s.",
                days=days,
                names=", ".join(silent.mapped("name")),
            )
        ]
