# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from collections import namedtuple
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from . import tier_rules
from .batch import do_batch
from .key_account_tier_criteria import CRITERIA

BATCH = 500

#: What the engine would do. ``kind``: promotion, demotion, below (the grace runs),
#: recovered (it stopped), locked (would move, but is locked). ``tier``: the new one.
Move = namedtuple("Move", "account kind tier reason")


class KeyAccount(models.Model):
    """The tier engine: figures propose, people decide."""

    _inherit = "key.account"

    tier_locked_until = fields.Date(
        tracking=True,
        help="Until this day the tier is left as it is, whatever the figures say.",
    )
    tier_lock_reason = fields.Char(tracking=True)
    is_tier_locked = fields.Boolean(compute="_compute_is_tier_locked")
    below_tier_since = fields.Date(
        readonly=True,
        copy=False,
        help="Since this day the figures miss what it takes to keep the tier. After "
        "the days of grace a demotion is proposed.",
    )
    demotion_date = fields.Date(compute="_compute_demotion_date")

    @api.depends("tier_locked_until")
    def _compute_is_tier_locked(self):
        today = fields.Date.context_today(self)
        for account in self:
            account.is_tier_locked = bool(
                account.tier_locked_until and account.tier_locked_until >= today
            )

    @api.depends("below_tier_since", "tier_id.grace_days")
    def _compute_demotion_date(self):
        for account in self:
            account.demotion_date = account.below_tier_since and (
                account.below_tier_since + timedelta(days=account.tier_id.grace_days)
            )

    @api.constrains("tier_locked_until", "tier_lock_reason")
    def _check_lock_reason(self):
        for account in self:
            if account.tier_locked_until and not account.tier_lock_reason:
                raise ValidationError(
                    self.env._("%s: say why the tier is locked.", account.display_name)
                )

    def _evaluate_tiers(self, today=None):
        """Compare figures with criteria; change nothing.

        Accounts that are candidates or ended, or whose next tier waits for approval,
        are left out.

        :param today: the day to judge on, today without it
        :return: list of :class:`Move`
        """
        today = today or fields.Date.context_today(self)
        moves = []
        considered = self.filtered(
            lambda account: account.state in ("active", "at_risk")
            and not account.pending_tier_change_id
        )
        for company, accounts in considered.grouped("company_id").items():
            tiers = self.env["key.account.tier"].search(
                [("company_id", "in", [False, company.id])]
            )
            ladder = [(tier, tier._get_criteria()) for tier in tiers]
            complaints = accounts._count_critical_complaints()
            for account in accounts:
                move = account._evaluate_tier(ladder, today)
                if move and complaints.get(account.id):
                    move = move._replace(**account._hold_back(move))
                if move:
                    moves.append(move)
        return moves

    def _evaluate_tier(self, ladder, today):
        """Judge one account against all tiers, the highest first."""
        self.ensure_one()
        figures = {name: self[name] for name in CRITERIA}
        keys = [tier for tier, _criteria in ladder]
        rank = keys.index(self.tier_id) if self.tier_id in keys else len(keys)
        earned = tier_rules.earned_tier(figures, ladder[:rank])
        if earned is not None:
            kind = "locked" if self.is_tier_locked else "promotion"
            return Move(self, kind, earned, self._figures_text(earned, "entry"))
        if rank == len(keys):
            return None
        keep = tier_rules.keep_thresholds(ladder[rank][1])
        if tier_rules.meets(figures, keep):
            recovered = self.below_tier_since and not self.is_tier_locked
            return recovered and Move(self, "recovered", self.tier_id, "") or None
        reason = self._figures_text(self.tier_id, "keep")
        lower = tier_rules.tier_after_demotion(figures, ladder[rank + 1 :])
        lower = lower if lower is not None else self.env["key.account.tier"]
        if self.is_tier_locked:
            return Move(self, "locked", lower, reason)
        since = self.below_tier_since or today
        if today < since + timedelta(days=self.tier_id.grace_days):
            return Move(self, "below", lower, reason)
        return Move(self, "demotion", lower, reason)

    def _hold_back(self, move):
        """Let a demotion wait while a critical complaint of the customer is open.

        Who was let down by us isn't demoted for buying less.

        :return: dict of what is different about the move
        """
        if move.kind not in ("demotion", "below"):
            return {}
        text = self.env._("An open critical complaint puts the demotion off.")
        return {"kind": "locked", "reason": f"{text} {move.reason}"}

    def _figures_text(self, tier, which):
        """Put the figures beside the thresholds of a tier, for the reason.

        :param str which: ``entry`` or ``keep``
        """
        criteria = tier._get_criteria()
        thresholds = (
            tier_rules.entry_thresholds(criteria)
            if which == "entry"
            else tier_rules.keep_thresholds(criteria)
        )
        period = self.env._(
            "Figures from %(start)s to %(end)s",
            start=format_date(self.env, self.figures_from),
            end=format_date(self.env, self.figures_to),
        )
        parts = [
            self.env._(
                "%(name)s: %(threshold)s, reached %(value)s",
                name=tier._figure_label(name),
                threshold=f"{threshold:,.2f}",
                value=f"{self[name]:,.2f}",
            )
            for name, threshold in thresholds.items()
            if threshold
        ]
        return f"{period}. {'; '.join(parts)}"

    def _propose_tiers(self):
        """Do what the figures say: propose promotions and demotions, start the grace.

        A change is approved at once where the account manager could approve it;
        otherwise it waits for a director. Done twice it does nothing more.
        """
        today = fields.Date.context_today(self)
        for move in self._evaluate_tiers(today):
            account = move.account
            if move.kind in ("promotion", "demotion"):
                account._propose_move(move)
            elif move.kind == "below" and not account.below_tier_since:
                account.below_tier_since = today
                account._tell_manager(
                    self.env._(
                        "Below what it takes to keep %(tier)s; demotion from %(date)s",
                        tier=account.tier_id.name,
                        date=format_date(self.env, account.demotion_date),
                    ),
                    move.reason,
                )
            elif move.kind == "recovered":
                account.below_tier_since = False
                account._message_log(
                    body=self.env._(
                        "The figures keep the tier %s again.", account.tier_id.name
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
                "automatic": True,
            }
        )
        tiers = self.tier_id | move.tier
        if tiers.with_user(self.manager_id)._user_may_approve():
            change.action_approve()
            self._tell_manager(
                self.env._("Tier is now %s", move.tier.name or self.env._("none")),
                move.reason,
            )
        else:
            change._request_approval()

    def _tell_manager(self, summary, note):
        """Leave a to-do with whoever is in charge, and a line in the chatter."""
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=fields.Date.context_today(self),
            summary=summary,
            note=note,
            user_id=self.acting_manager_id.id,
        )
        self._message_log(body=f"{summary}. {note}")

    @api.model
    def _cron_propose_tiers(self):
        """Judge all accounts in batches; killed anywhere, the next run goes on."""
        Cron = self.env["ir.cron"]
        accounts = self.search([("state", "in", ("active", "at_risk"))])
        Cron._commit_progress(remaining=len(accounts))
        for start in range(0, len(accounts), BATCH):
            batch = accounts[start : start + BATCH]
            do_batch(self.env, batch._propose_tiers)
            if not Cron._commit_progress(len(batch)):
                return
