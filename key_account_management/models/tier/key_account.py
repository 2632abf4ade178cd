# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..terms.key_account import Source

#: After a review, where the tier doesn't say.
REVIEW_DAYS = 90


class KeyAccount(models.Model):
    """The tier of a key account, now and on any day before, and how it is changed."""

    _name = "key.account"
    _inherit = ["key.account", "key.account.tier.engine", "key.account.server.written"]
    _order = "tier_sequence, partner_name, id"
    _server_written = ("below_tier_since",)
    # Taken out by create and write below, and made a change of tier.
    _client_written = ("tier_id",)

    tier_locked_until = fields.Date(
        tracking=True,
        help="Until this day the tier stays as it is, no matter what the figures say.",
    )
    tier_lock_reason = fields.Char(tracking=True)
    is_tier_locked = fields.Boolean(compute="_compute_is_tier_locked")
    below_tier_since = fields.Date(
        readonly=True,
        copy=False,
        help="Since this day the figures have been below the criteria of the tier. "
        "After the days of grace a demotion is proposed.",
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
        help="Changes through a change of tier only, so that the history is complete.",
    )
    tier_sequence = fields.Integer(
        related="tier_id.sequence", store=True, string="Rank of the Tier"
    )
    tier_color = fields.Integer(related="tier_id.color", string="Colour of the Tier")
    pending_tier_change_id = fields.Many2one(
        "key.account.tier.change", compute="_compute_pending_tier_change_id"
    )

    @api.model
    def _fields_in_charge(self):
        locks = {"tier_locked_until", "tier_lock_reason"}
        return super()._fields_in_charge() | locks

    @api.depends("tier_locked_until")
    def _compute_is_tier_locked(self):
        for account in self:
            until = account.tier_locked_until
            account.is_tier_locked = bool(until) and (
                until >= account.company_id._get_key_account_today()
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
                    self.env._(
                        "Enter a reason for locking the tier of %s.",
                        account.display_name,
                    )
                )

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
        """Show every tier as a column of the board, even one without accounts."""
        return self.env["key.account.tier"].search(
            [("company_id", "in", [False, *self.env.companies.ids])]
        )

    @api.model_create_multi
    def create(self, vals_list):
        """Create key accounts; a ``tier_id`` becomes the first entry of its history.

        Where the user's role isn't enough for the tier, the account starts without one
        and the change waits for approval.
        """
        # A column of the board passes its tier as a default: it is handled alike.
        default_tier_id = self.env.context.get("default_tier_id", False)
        tiers = [vals.get("tier_id", default_tier_id) for vals in vals_list]
        accounts = super().create([{**vals, "tier_id": False} for vals in vals_list])
        wanted = dict(zip(accounts, tiers, strict=True))
        for tier_id, of_tier in accounts.grouped(wanted.get).items():
            if tier_id:
                tier = self.env["key.account.tier"].browse(tier_id)
                of_tier._propose_tier(tier, self.env._("First tier of the key account"))
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
                    "Your role doesn't allow you to decide on this tier. Open the key "
                    "account and propose the change with the button “Change Tier”."
                )
            )
        accounts._propose_tier(tier, self.env._("Tier set directly"))

    def _propose_tier(self, tier, reason, effective_date=None):
        """Propose a tier for these accounts; approve it if the user's role allows it.

        :param tier: record of ``key.account.tier``, empty for no tier
        :param str reason: why, kept in the history
        :param effective_date: first day of the tier, the company's today without it
        :return: the new ``key.account.tier.change`` records
        """
        changes = self.env["key.account.tier.change"].create(
            [
                {
                    "account_id": account.id,
                    "to_tier_id": tier.id,
                    "reason": reason,
                    "effective_date": effective_date
                    or account.company_id._get_key_account_today(),
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
        """Open the form for proposing or making a change of tier."""
        self.ensure_one()
        self.check_access("read")
        form = self.env.ref(
            "key_account_management.key_account_tier_change_view_form_propose"
        )
        return self.env["key.account.tier.change"]._get_records_action(
            name=self.env._("Change Tier"),
            views=[(form.id, "form")],
            target="new",
            context={"default_account_id": self.id},
        )

    def _get_review_day(self):
        """Return when the account is to be reviewed next, None where no one wants it.

        Without a date it follows the interval of the tier.
        """
        self.ensure_one()
        interval = self.tier_id.review_interval_days
        if self.next_review_date or not interval:
            return self.next_review_date or None
        begun = self.company_id._to_key_account_day(self.create_date)
        return begun + timedelta(days=interval)

    def action_review_done(self):
        """Note that the account was reviewed, and when it is to be again.

        :return: True, as XML-RPC can't return nothing
        """
        self.check_access("write")
        for account in self:
            days = account.tier_id.review_interval_days or REVIEW_DAYS
            today = account.company_id._get_key_account_today()
            account.next_review_date = today + timedelta(days=days)
        return True

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
        if not date or all(
            date >= company._get_key_account_today() for company in self.company_id
        ):
            return {account.id: account.tier_id for account in self}
        changes = self.tier_change_ids.filtered(
            lambda change: change.state == "approved" and change.effective_date <= date
        ).sorted(lambda change: (change.effective_date, change.id))
        tiers = {account.id: self.env["key.account.tier"] for account in self}
        for change in changes:
            tiers[change.account_id.id] = change.to_tier_id
        return tiers

    def _get_tier_figures(self):
        """Return the figures that go on record with a change of tier.

        :return: dict of account id -> values for ``key.account.tier.change``
        """
        if self:
            self.sudo().action_refresh_figures()
        # sudo: the figures go on record in full, even if the user sees part of them.
        return {
            account.id: {
                "revenue_12m": account.revenue_12m,
                "order_count_12m": account.order_count_12m,
            }
            for account in self.sudo()
        }
