# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ..account.key_account_day import LANES, Step
from ..tools.groups import ALL_ACCOUNTS
from . import day_rules


class KeyAccountDayPage(models.AbstractModel):
    """The page of the day: whose accounts, which matters, in which order."""

    _name = "key.account.day.page"
    _description = "Page of the Day"

    @api.model
    def get_day(self, manager_id=None):
        """Return the matters of the day, ranked.

        :param manager_id: the account manager whose day it is, the user without it;
            0 for that of all accounts that the user sees
        :return: dict of plain values for the page
        :raise AccessError: for the day of a colleague, unless one sees all accounts
        """
        sees_all = self._sees_all()
        if manager_id is None:
            manager_id = self.env.uid
        if manager_id != self.env.uid and not sees_all:
            raise AccessError(self.env._("You can see your own day only."))
        signals = self._collect_day(manager_id)
        kinds = self.env["key.account.day"]._day_kinds()
        rows = self._rank(signals, kinds)
        shown = {row["kind"] for row in rows}
        return {
            "manager": manager_id,
            "managers": self._get_day_managers() if sees_all else [],
            "lanes": self._get_lanes(),
            "kinds": [
                {"key": key, "label": label}
                for key, (_lane, label) in kinds.items()
                if key in shown
            ],
            "tiers": self._get_day_tiers(rows),
            "rows": rows,
        }

    @api.model
    def _get_lanes(self):
        labels = {
            "owe": self.env._("We Owe Them"),
            "news": self.env._("News for Them"),
            "close": self.env._("Stay Close"),
        }
        return [{"key": lane, "label": labels[lane]} for lane in LANES]

    @api.model
    def _get_day_managers(self):
        """Return the account managers of the accounts that the user sees."""
        groups = self.env["key.account"]._read_group(
            [("state", "!=", "ended")], ["manager_id"], ["__count"]
        )
        found = [
            {"id": manager.id, "name": manager.name, "count": count}
            for manager, count in groups
        ]
        return sorted(found, key=lambda manager: manager["name"])

    @api.model
    def _get_day_tiers(self, rows):
        tiers = {row["tier_id"]: row["tier"] for row in rows if row["tier_id"]}
        return [{"id": key, "name": name} for key, name in tiers.items()]

    @api.model
    def _get_day_accounts(self, manager_id):
        """Return the accounts that a manager is in charge of today, 0 for all."""
        domain = [("state", "!=", "ended")]
        if manager_id:
            domain.append(("acting_manager_id", "in", [manager_id]))
        return self.env["key.account"].search(domain)

    @api.model
    def _collect_day(self, manager_id):
        """Return the signals of a manager's day that no one has skipped."""
        Day = self.env["key.account.day"]
        accounts = self._get_day_accounts(manager_id)
        signals = []
        for company, of_company in accounts.grouped("company_id").items():
            signals += Day._day_signals(of_company, company._get_key_account_today())
        if manager_id == self.env.uid:
            signals += Day._approval_signals(self.env.user)
            # What the user decides on is one matter, not a held order besides.
            asked = {s.record for s in signals if s.kind == "approval"}
            signals = [
                s for s in signals if s.kind == "approval" or s.record not in asked
            ]
        skips = self.env["key.account.day.skip"]._find(signals)
        return [
            signal
            for signal in signals
            for skip in (skips.get(_key(signal)),)
            if not skip or not skip._hides(signal, self._get_day_of(signal))
        ]

    @api.model
    def _get_day_of(self, signal):
        company = signal.account.company_id or self.env.company
        return company._get_key_account_today()

    @api.model
    def _rank(self, signals, kinds):
        """Return the rows of signals, the most important first."""
        tiers = self.env["key.account.tier"].search([("active", "=", True)])
        ranks = {tier: rank for rank, tier in enumerate(tiers)}
        rows, days_of = [], {}
        for signal in signals:
            # Once for each company: telling its day takes as long as the rest of a row.
            company = signal.account.company_id
            if company not in days_of:
                days_of[company] = self._get_day_of(signal)
            today = days_of[company]
            days = (signal.deadline - today).days if signal.deadline else None
            tier = signal.account.tier_id
            score = day_rules.score(
                days, self._to_common(signal), ranks.get(tier), len(tiers)
            )
            rows.append(self._prepare_row(signal, kinds, days, score))
        return sorted(rows, key=lambda row: (-row["score"], row["key"]))

    @api.model
    def _to_common(self, signal):
        """Return the value at stake in the currency of the user's company."""
        account, company = signal.account, self.env.company
        if not account or account.currency_id == company.currency_id:
            return signal.value
        return account.currency_id._convert(
            signal.value, company.currency_id, company, self._get_day_of(signal)
        )

    @api.model
    def _prepare_row(self, signal, kinds, days, score):
        """Return a matter as plain values."""
        account, record = signal.account, signal.record
        lane, label = kinds[signal.kind]
        step = signal.step or Step(self.env._("Open"), type="open")
        target = record if step.record is None else step.record
        manager = account.manager_id
        return {
            "key": "-".join(map(str, _key(signal))),
            "kind": signal.kind,
            "kind_label": label,
            "lane": lane,
            "account_id": account.id,
            "account": account.display_name or "",
            "tier_id": account.tier_id.id,
            "tier": account.tier_id.name or "",
            "manager": manager.name if manager != self.env.user else "",
            "reason": signal.reason,
            "evidence": signal.evidence,
            "value": account._format_amount(signal.value)
            if signal.value and account
            else "",
            "deadline": format_date(self.env, signal.deadline)
            if signal.deadline
            else "",
            "days": days,
            "score": score.total,
            "formula": self._explain(score, signal, days),
            "model": record._name,
            "id": record.id,
            "step": {
                "label": step.label,
                "type": step.type,
                "name": step.name,
                "model": target._name,
                "id": target.id,
            },
        }

    @api.model
    def _explain(self, score, signal, days):
        """Return the rank as the figures that it is made of."""
        if days is None:
            when = self.env._("no deadline")
        elif days < 0:
            when = self.env._("%s days late", -days)
        else:
            when = self.env._("%s days left", days)
        return self.env._(
            "Rank %(total).1f = urgency %(urgency).2f (%(when)s) × value %(value).2f "
            "(%(amount)s) × tier %(tier).2f (%(name)s)",
            total=score.total,
            urgency=score.urgency,
            when=when,
            value=score.value,
            amount=signal.account._format_amount(signal.value)
            if signal.account
            else signal.value,
            tier=score.tier,
            name=signal.account.tier_id.name or self.env._("none"),
        )

    @api.model
    def _sees_all(self):
        """Tell whether the user sees the day of each account manager."""
        return self.env.user.has_group(ALL_ACCOUNTS)

    @api.model
    def _find_signal(self, kind, model, res_id):
        """Return a matter of the user's page.

        :raise UserError: where there is none like this
        """
        for manager_id in (self.env.uid, 0) if self._sees_all() else (self.env.uid,):
            for signal in self._collect_day(manager_id):
                if _key(signal) == (kind, model, res_id):
                    return signal
        raise UserError(self.env._("This matter isn't open any more."))

    @api.model
    def skip(self, kind, model, res_id, reason, until=None):
        """Keep a matter off the page, for some days or for good.

        :param str kind: of the matter
        :param str model: of its record
        :param int res_id: of its record
        :param str reason: why; the director reads it
        :param until: day on which it is back; without one it is left until it gets
            another deadline
        :return: True, as XML-RPC can't return nothing
        :raise UserError: without a reason, for a past day, or where the matter isn't on
            the user's page
        """
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why, so that others understand it."))
        signal = self._find_signal(kind, model, res_id)
        until = fields.Date.to_date(until)
        if until and until <= self._get_day_of(signal):
            raise UserError(self.env._("Choose a day that is still to come."))
        # sudo: only the server writes what was skipped; the matter is the user's own.
        self.env["key.account.day.skip"].sudo().create(
            {
                "account_id": signal.account.id,
                "company_id": signal.account.company_id.id or self.env.company.id,
                "user_id": self.env.uid,
                "kind": kind,
                "res_model": model,
                "res_id": res_id,
                "matter": signal.reason,
                "deadline": signal.deadline,
                "until": until,
                "reason": reason,
            }
        )
        return True


def _key(signal):
    """Return what tells a matter from others."""
    return signal.kind, signal.record._name, signal.record.id
