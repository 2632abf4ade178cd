# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from collections import namedtuple
from datetime import timedelta

from odoo import api, models
from odoo.tools import format_date

from ..tools.batches import in_batches
from . import tier_rules
from .key_account_tier import CRITERIA

BATCH = 500

#: What the engine would do. ``kind``: promotion, demotion, below (the grace runs),
#: recovered (it stopped), locked (would move, but is locked). ``tier``: the new one.
Move = namedtuple("Move", "account kind tier reason")
#: The figures that tiers ask for, by criterion, of a period and its days.
Window = namedtuple("Window", "figures first last")


class KeyAccountTierEngine(models.AbstractModel):
    """Compare figures of key accounts with the tiers: figures propose, users decide.

    The key account inherits this; what it knows of its tier stands there.
    """

    _name = "key.account.tier.engine"
    _description = "Comparison of Figures and Tiers"

    def _evaluate_tiers(self, today=None):
        """Compare figures with criteria; change nothing.

        Accounts that are candidates or ended, or whose next tier waits for approval,
        are left out.

        :param today: the day to judge on, the company's today without it
        :return: list of :class:`Move`
        """
        moves = []
        considered = self.filtered(
            lambda account: account.state in ("active", "at_risk")
            and not account.pending_tier_change_id
        )
        for company, accounts in considered.grouped("company_id").items():
            day = today or company._get_key_account_today()
            tiers = self.env["key.account.tier"].search(
                [("company_id", "in", [False, company.id])]
            )
            ladder = [(tier, tier._get_criteria()) for tier in tiers]
            reasons = accounts._get_demotion_obstacles()
            windows = accounts._get_windows(day)
            for account in accounts:
                move = account._evaluate_tier(ladder, day, windows[account.id])
                if move and move.kind in ("demotion", "below") and reasons[account.id]:
                    text = " ".join([*reasons[account.id], move.reason])
                    move = move._replace(kind="locked", reason=text)
                if move:
                    moves.append(move)
        return moves

    def _evaluate_tier(self, ladder, today, windows):
        """Judge one account against all tiers, the highest first.

        :param list windows: of :class:`Window`; the best of them counts
        """
        self.ensure_one()
        keys = [tier for tier, _criteria in ladder]
        rank = keys.index(self.tier_id) if self.tier_id in keys else len(keys)
        earned, window = self._find_earned(ladder[:rank], windows)
        if earned is not None:
            kind = "locked" if self.is_tier_locked else "promotion"
            reason = self._figures_text(earned, "entry", window)
            return Move(self, kind, earned, reason)
        if rank == len(keys):
            return None
        keep = tier_rules.keep_thresholds(ladder[rank][1])
        if any(tier_rules.meets(each.figures, keep, unknown=True) for each in windows):
            recovered = self.below_tier_since and not self.is_tier_locked
            return recovered and Move(self, "recovered", self.tier_id, "") or None
        reason = " ".join(
            self._figures_text(self.tier_id, "keep", each) for each in windows
        )
        lower = self._find_lower(ladder[rank + 1 :], windows)
        if self.is_tier_locked:
            return Move(self, "locked", lower, reason)
        since = self.below_tier_since or today
        if today < since + timedelta(days=self.tier_id.grace_days):
            return Move(self, "below", lower, reason)
        return Move(self, "demotion", lower, reason)

    @api.model
    def _find_earned(self, ladder, windows):
        """Return the highest tier that a period earns, and the period, or None."""
        keys = [tier for tier, _criteria in ladder]
        found = [
            (keys.index(earned), number)
            for number, window in enumerate(windows)
            if (earned := tier_rules.earned_tier(window.figures, ladder)) is not None
        ]
        if not found:
            return None, None
        rank, number = min(found)
        return keys[rank], windows[number]

    @api.model
    def _find_lower(self, below, windows):
        """Return the tier to which the best period lets an account fall, or none."""
        keys = [tier for tier, _criteria in below]
        found = [
            keys.index(lower)
            for window in windows
            if (lower := tier_rules.tier_after_demotion(window.figures, below))
            is not None
        ]
        return keys[min(found)] if found else self.env["key.account.tier"]

    def _get_revenue_tiers(self):
        """Return the company's tiers that take revenue, lowest first."""
        return self.env["key.account.tier"].search(
            [
                ("company_id", "in", [False, *self.company_id.ids]),
                ("min_revenue", ">", 0),
            ],
            order="min_revenue",
        )

    def _get_near_tier(self, tiers, share, window, amount=0.0, orders=0):
        """Return the better tier that a little more revenue alone reaches.

        :param tiers: see :meth:`_get_revenue_tiers`
        :param float share: of the tier's revenue that may be missing
        :param window: the :class:`Window` that runs
        :param float amount: revenue that is about to come, company currency
        :param int orders: orders that are about to come
        :return: the tier, None where none is near, and the revenue that is missing
        """
        self.ensure_one()
        figures = window.figures | {
            "order_count_12m": window.figures["order_count_12m"] + orders
        }
        reached = figures["revenue_12m"] + amount
        for tier in tiers:
            if self.tier_id and tier.sequence >= self.tier_id.sequence:
                continue
            missing = self.currency_id.round(tier.min_revenue - reached)
            # Only what more revenue alone reaches is promised.
            others = {**figures, "revenue_12m": tier.min_revenue}
            thresholds = tier_rules.entry_thresholds(tier._get_criteria())
            is_near = 0 < missing <= share * tier.min_revenue
            if is_near and tier_rules.meets(others, thresholds):
                return tier, missing
        return None, 0.0

    def _get_criteria_figures(self):
        """Return the figures that tiers ask for, None where there is no data."""
        self.ensure_one()
        figures = {name: self[name] for name in CRITERIA}
        if not self.days_to_pay_weight:
            figures["days_to_pay"] = None
        return figures

    def _get_windows(self, today=None):
        """Return the figures of the periods in which tiers are earned.

        One for the last twelve months; of a year or quarter the one that runs and the
        one before, by one query each for all accounts of a company.

        :param today: the day to judge on, the company's today without it
        :return: dict of account id -> list of :class:`Window`, the one that runs first
        """
        windows = {}
        for company, accounts in self.grouped("company_id").items():
            day = today or company._get_key_account_today()
            periods = company._get_key_account_tier_periods(day)
            found = [
                self.env["key.account.figures"]._get_period_figures(
                    accounts, company, first, last
                )
                for first, last in periods
            ]
            for account in accounts:
                figures = account._get_criteria_figures()
                windows[account.id] = [
                    Window({**figures, **sums[account.id]}, first, last)
                    for (first, last), sums in zip(periods, found, strict=True)
                ] or [Window(figures, account.figures_from, account.figures_to)]
        return windows

    def _revenue_text(self, window):
        """Say what the account has bought in the period that runs."""
        self.ensure_one()
        revenue = self._format_amount(window.figures["revenue_12m"])
        if self.company_id.key_account_tier_window == "rolling":
            return self.env._("%s in the last twelve months.", revenue)
        return self.env._(
            "%(revenue)s since %(day)s.",
            revenue=revenue,
            day=format_date(self.env, window.first),
        )

    def _get_demotion_obstacles(self):
        """Return why these accounts must not be demoted now; rooms above add reasons.

        :return: dict of account id -> list of sentences
        """
        return {account.id: [] for account in self}

    def _figures_text(self, tier, which, window):
        """Put the figures beside the thresholds of a tier, for the reason.

        :param str which: ``entry`` or ``keep``
        :param window: the :class:`Window` with the figures
        """
        criteria = tier._get_criteria()
        thresholds = (
            tier_rules.entry_thresholds(criteria)
            if which == "entry"
            else tier_rules.keep_thresholds(criteria)
        )
        figures = window.figures
        parts = [
            self.env._(
                "%(name)s: %(threshold)s, reached %(value)s",
                name=tier._figure_label(name),
                threshold=f"{threshold:,.2f}",
                value="–" if figures[name] is None else f"{figures[name]:,.2f}",
            )
            for name, threshold in thresholds.items()
            if threshold
        ]
        return self.env._(
            "Figures from %(start)s to %(end)s. %(figures)s",
            start=format_date(self.env, window.first),
            end=format_date(self.env, window.last),
            figures="; ".join(parts),
        )

    def _propose_tiers(self):
        """Do what the figures say: propose promotions and demotions, start the grace.

        A change is approved at once where the account manager could approve it;
        otherwise it waits for a director. Done twice it does nothing more.
        """
        for move in self._evaluate_tiers():
            # sudo: the date is the system's, see _server_written_fields().
            account = move.account.sudo()
            if move.kind in ("promotion", "demotion"):
                move.account._propose_move(move)
            elif move.kind == "below" and not account.below_tier_since:
                account.below_tier_since = account.company_id._get_key_account_today()
                move.account._tell_manager(
                    self.env._(
                        "Below the criteria of tier %(tier)s; demotion from %(date)s",
                        tier=account.tier_id.name,
                        date=format_date(self.env, account.demotion_date),
                    ),
                    move.reason,
                )
            elif move.kind == "recovered":
                account.below_tier_since = False
                move.account._message_log(
                    body=self.env._(
                        "The figures meet the criteria of tier %s again.",
                        account.tier_id.name,
                    )
                )

    def _propose_move(self, move):
        """Make the change that a move stands for, within the manager's competence."""
        self.ensure_one()
        change = self.env["key.account.tier.change"].create(
            {
                "account_id": self.id,
                "to_tier_id": move.tier.id,
                "reason": move.reason,
            }
        )
        # sudo: no user claims that a change was found by the system.
        change.sudo().automatic = True
        tiers = self.tier_id | move.tier
        if tiers.with_user(self.manager_id)._user_may_approve():
            change.action_approve()
            self._tell_manager(
                self.env._("The tier is now %s", move.tier.name)
                if move.tier
                else self.env._("The account no longer has a tier"),
                move.reason,
            )
        else:
            change._ask_director()

    @api.model
    def _cron_propose_tiers(self):
        """Judge all accounts in batches; killed anywhere, the next run goes on."""
        accounts = self.search([("state", "in", ("active", "at_risk"))])
        in_batches(accounts, BATCH, lambda batch: batch._propose_tiers())
