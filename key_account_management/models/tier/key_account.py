# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from collections import namedtuple
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.service.model import retrying
from odoo.tools import format_date

from ..terms.key_account import Source
from . import tier_rules
from .key_account_tier import CRITERIA

BATCH = 500

#: What the engine would do. ``kind``: promotion, demotion, below (the grace runs),
#: recovered (it stopped), locked (would move, but is locked). ``tier``: the new one.
Move = namedtuple("Move", "account kind tier reason")


class KeyAccount(models.Model):
    """The tier engine: figures propose, people decide."""

    _inherit = "key.account"
    _order = "tier_sequence, partner_name, id"

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
    tier_change_ids = fields.One2many("key.account.tier.change", "account_id")
    tier_id = fields.Many2one(
        "key.account.tier",
        compute="_compute_tier_id",
        store=True,
        index=True,
        tracking=True,
        check_company=True,
        group_expand="_read_group_tier_id",
        help="Changes only through a tier change, so that the history is complete.",
    )
    tier_sequence = fields.Integer(
        related="tier_id.sequence", store=True, string="Rank of the Tier"
    )
    tier_color = fields.Integer(related="tier_id.color", string="Colour of the Tier")
    pending_tier_change_id = fields.Many2one(
        "key.account.tier.change", compute="_compute_pending_tier_change_id"
    )

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
            reasons = accounts._get_demotion_obstacles()
            for account in accounts:
                move = account._evaluate_tier(ladder, today)
                if move and move.kind in ("demotion", "below") and reasons[account.id]:
                    text = " ".join([*reasons[account.id], move.reason])
                    move = move._replace(kind="locked", reason=text)
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

    def _get_demotion_obstacles(self):
        """Return why these accounts must not be demoted now; rooms above add reasons.

        :return: dict of account id -> list of sentences
        """
        return {account.id: [] for account in self}

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

    @api.model
    def _cron_propose_tiers(self):
        """Judge all accounts in batches; killed anywhere, the next run goes on."""
        Cron = self.env["ir.cron"]
        accounts = self.search([("state", "in", ("active", "at_risk"))])
        Cron._commit_progress(remaining=len(accounts))
        for start in range(0, len(accounts), BATCH):
            batch = accounts[start : start + BATCH]
            retrying(batch._propose_tiers, self.env)
            if not Cron._commit_progress(len(batch)):
                return

    @api.depends(
        "tier_change_ids.state",
        "tier_change_ids.effective_date",
        "tier_change_ids.to_tier_id",
    )
    def _compute_tier_id(self):
        changes = self.env["key.account.tier.change"].search(
            [("account_id", "in", self.ids), ("state", "=", "approved")],
            order="effective_date, id",
        )
        latest = {change.account_id.id: change.to_tier_id for change in changes}
        for account in self:
            account.tier_id = latest.get(account.id, False)

    @api.depends("tier_change_ids.state")
    def _compute_pending_tier_change_id(self):
        for account in self:
            account.pending_tier_change_id = account.tier_change_ids.filtered(
                lambda change: change.state == "proposed"
            )[:1]

    @api.model
    def _read_group_tier_id(self, tiers, domain):
        """Show every tier as a column of the board, those without accounts too."""
        return self.env["key.account.tier"].search(
            [("company_id", "in", [False, *self.env.companies.ids])]
        )

    @api.model_create_multi
    def create(self, vals_list):
        """Create key accounts; a ``tier_id`` becomes the first entry of its history.

        Where the user may not approve the tier, the account starts without one and
        the change waits for approval.
        """
        # A column of the board passes its tier as a default: it takes the same way.
        default_tier_id = self.env.context.get("default_tier_id", False)
        tiers = [vals.get("tier_id", default_tier_id) for vals in vals_list]
        accounts = super().create([{**vals, "tier_id": False} for vals in vals_list])
        by_tier = {}
        for account, tier_id in zip(accounts, tiers, strict=True):
            if tier_id:
                by_tier.setdefault(tier_id, []).append(account.id)
        for tier_id, account_ids in by_tier.items():
            self.browse(account_ids)._propose_tier(
                self.env["key.account.tier"].browse(tier_id),
                self.env._("First tier of the key account"),
            )
        return accounts

    def write(self, vals):
        vals = dict(vals)
        new_tier = vals.pop("tier_id", None)
        result = super().write(vals) if vals else True
        if new_tier is not None:
            self._write_tier(self.env["key.account.tier"].browse(new_tier or []))
        return result

    def _write_tier(self, tier):
        """Turn a written tier (a card dragged, an import) into an approved change."""
        accounts = self.filtered(lambda account: account.tier_id != tier)
        if not accounts:
            return
        if not (tier | accounts.tier_id)._user_may_approve():
            raise UserError(
                self.env._(
                    "You may not decide on this tier yourself. Open the key account "
                    "and propose the change with the button “Change Tier”."
                )
            )
        accounts._propose_tier(tier, self.env._("Tier set directly"))

    def _propose_tier(self, tier, reason, effective_date=None):
        """Propose a tier for these accounts, and approve it where the user may.

        :param tier: record of ``key.account.tier``, empty for no tier
        :param str reason: why, kept in the history
        :param effective_date: date from which it holds, today without it
        :return: the new ``key.account.tier.change`` records
        """
        changes = self.env["key.account.tier.change"].create(
            [
                {
                    "account_id": account.id,
                    "to_tier_id": tier.id,
                    "reason": reason,
                    "effective_date": effective_date
                    or fields.Date.context_today(account),
                }
                for account in self
            ]
        )
        approvable = changes.filtered(lambda change: change.user_may_approve)
        approvable.action_approve()
        return changes

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        if self.sudo().with_context(active_test=False).tier_change_ids:
            raise UserError(
                self.env._(
                    "A key account with a tier history can't be deleted. End it or "
                    "archive it instead."
                )
            )

    def action_change_tier(self):
        """Open the form in which a change of tier is proposed or made."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change Tier"),
            "res_model": "key.account.tier.change",
            "view_mode": "form",
            "views": [
                (
                    self.env.ref(
                        "key_account_management.key_account_tier_change_view_form_propose"
                    ).id,
                    "form",
                )
            ],
            "target": "new",
            "context": {"default_account_id": self.id},
        }

    def _get_kept_values(self, day):
        values = super()._get_kept_values(day)
        for account_id, tier in self._get_tiers_at(day).items():
            values[account_id]["key_account_tier_id"] = tier.id
        return values

    def _benefit_sources(self, date=None):
        """Put the tier of the day behind the accounts of the group."""
        sources = super()._benefit_sources(date)
        for account_id, tier in self._get_tiers_at(date).items():
            if tier:
                sources[account_id].append(Source(tier, self.browse()))
        return sources

    def _get_benefit_in_tier(self, fname, tier):
        """Return what the account would get if it were in another tier.

        :param str fname: see ``_resolve_benefit``
        :param tier: ``key.account.tier``, empty for none
        """
        self.ensure_one()
        # sudo: as for the terms that hold, see _resolve_benefit().
        account = self.sudo()
        sources = [
            source
            for source in account._benefit_sources()[account.id]
            if source.record._name != tier._name
        ]
        if tier:
            sources.append(Source(tier.sudo(), account.browse()))
        return account._choose_benefit(fname, sources)

    @api.depends(
        "tier_id.pricelist_id", "tier_id.payment_term_id", "tier_id.credit_limit"
    )
    def _compute_effective_terms(self):
        return super()._compute_effective_terms()

    def _origin_label(self, benefit):
        if benefit.origin._name == "key.account.tier":
            return self.env._("Tier %s", benefit.origin.display_name)
        return super()._origin_label(benefit)

    def _get_tiers_at(self, date=None):
        """Return the tier that each account had on a day.

        :param date: the day, today without it
        :return: dict of account id -> ``key.account.tier``, empty for none
        """
        if not date or date >= fields.Date.context_today(self):
            return {account.id: account.tier_id for account in self}
        changes = self.tier_change_ids.filtered(
            lambda change: change.state == "approved" and change.effective_date <= date
        ).sorted(lambda change: (change.effective_date, change.id))
        tiers = {account.id: self.env["key.account.tier"] for account in self}
        for change in changes:
            tiers[change.account_id.id] = change.to_tier_id
        return tiers

    def _get_tier_figures(self):
        """Return the figures that a change of tier puts on record.

        :return: dict of account id -> values for ``key.account.tier.change``
        """
        if self:
            self.sudo().action_refresh_figures()
        # sudo: the figures go on record whole, whatever the proposer may read.
        return {
            account.id: {
                "revenue_12m": account.revenue_12m,
                "order_count_12m": account.order_count_12m,
            }
            for account in self.sudo()
        }
