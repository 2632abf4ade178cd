# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ..tools.groups import DIRECTOR

#: What the entry says once it is decided on, apart from what the server writes.
PROPOSAL_FIELDS = {"account_id", "to_tier_id", "reason", "effective_date"}


class KeyAccountTierChange(models.Model):
    """One entry of a key account's tier history; the only way a tier changes."""

    _name = "key.account.tier.change"
    _description = "Key Account Tier Change"
    _inherit = ["key.account.decision.mixin", "key.account.server.written"]
    _order = "effective_date desc, id desc"
    _rec_name = "account_id"
    _check_company_auto = True

    _decision_activity = "key_account_management.mail_activity_type_tier_approval"
    _server_written = (
        "from_tier_id",
        "revenue_12m",
        "order_count_12m",
        "state",
        "proposed_by_id",
        "proposed_on",
        "decided_by_id",
        "decided_on",
        "automatic",
        "figure_ids",
    )

    account_id = fields.Many2one(
        "key.account",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="account_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    from_tier_id = fields.Many2one(
        "key.account.tier", string="Old Tier", readonly=True, ondelete="restrict"
    )
    to_tier_id = fields.Many2one(
        "key.account.tier",
        string="New Tier",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="['|', ('company_id', '=', False), ('company_id', '=', company_id)]",
        help="Leave empty to remove the tier.",
    )
    reason = fields.Text(required=True)
    effective_date = fields.Date(
        required=True,
        default=lambda self: self.env.company._get_key_account_today(),
        help="First day on which the tier applies.",
    )
    state = fields.Selection(
        [
            ("proposed", "Proposed"),
            ("approved", "Approved"),
            ("rejected", "Rejected"),
        ],
        required=True,
        default="proposed",
        readonly=True,
        index=True,
    )
    revenue_12m = fields.Monetary(
        string="Revenue of 12 Months",
        readonly=True,
        help="Net invoiced revenue of the 12 months before the proposal.",
    )
    order_count_12m = fields.Integer(
        string="Orders of 12 Months",
        readonly=True,
        help="Orders confirmed in the 12 months before the proposal.",
    )
    figure_ids = fields.One2many(
        "key.account.tier.figure",
        "change_id",
        string="Figures",
        readonly=True,
        help="All criteria as they were on the day of the proposal.",
    )
    proposed_by_id = fields.Many2one(
        "res.users", readonly=True, default=lambda self: self.env.user
    )
    proposed_on = fields.Datetime(readonly=True, default=fields.Datetime.now)
    decided_by_id = fields.Many2one("res.users", readonly=True)
    decided_on = fields.Datetime(readonly=True)
    decision_note = fields.Char()
    automatic = fields.Boolean(
        readonly=True,
        help="Proposed by the nightly comparison of figures with the criteria.",
    )
    user_may_approve = fields.Boolean(compute="_compute_user_may_approve")

    _one_proposal = models.UniqueIndex(
        "(account_id) WHERE state = 'proposed'",
        "Another change of tier is waiting for approval. Decide on it first.",
    )

    @api.depends_context("uid")
    @api.depends("from_tier_id.approval_level", "to_tier_id.approval_level")
    def _compute_user_may_approve(self):
        for change in self:
            change.user_may_approve = change._user_may_decide()

    @api.constrains("effective_date")
    def _check_effective_date(self):
        # Constraints run as superuser (the user stays), hence no look at env.su.
        is_director = self.env.user.has_group(DIRECTOR)
        for change in self:
            today = change.company_id._get_key_account_today()
            if change.effective_date > today:
                raise ValidationError(
                    self.env._("A tier can't change on a date in the future.")
                )
            if change.effective_date < today and not is_director:
                raise ValidationError(
                    self.env._("Only a director can backdate a change of tier.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Create proposals, with the tier and the figures of the day on record."""
        # One proposal at a time: what was just decided on isn't one any more.
        self.flush_model(["state"])
        changes = super().create([self._with_company_day(vals) for vals in vals_list])
        figures = changes.account_id._get_tier_figures()
        # sudo: figures go on record in full, even if the user sees part of them.
        windows = changes.account_id.sudo()._get_windows()
        for change in changes:
            account = change.account_id
            tier = account._get_tiers_at(change.effective_date)[account.id]
            rows = self.env["key.account.tier.figure"]._prepare_figures(
                windows[account.id], tier.sudo(), change.to_tier_id.sudo()
            )
            # sudo: no user writes these fields; they go on record here.
            change.sudo().write(
                {
                    **figures[account.id],
                    "from_tier_id": tier.id,
                    "figure_ids": [Command.create(row) for row in rows],
                }
            )
            if tier == change.to_tier_id:
                raise ValidationError(
                    self.env._(
                        "%(account)s already has the tier %(tier)s.",
                        account=account.display_name,
                        tier=tier.name or "–",
                    )
                )
        changes.filtered(lambda change: not change.user_may_approve)._ask_director()
        return changes

    def _with_company_day(self, vals):
        """Let a change take effect on the today of the account's company."""
        company = self.env["key.account"].browse(vals.get("account_id")).company_id
        return {"effective_date": company._get_key_account_today(), **vals}

    def write(self, vals):
        """Write a proposal; not even the superuser rewrites what is decided on.

        :raise UserError: where the entry is history
        """
        frozen = {"account_id"}
        if any(change.state != "proposed" for change in self):
            frozen = PROPOSAL_FIELDS | self._server_written_fields()
        if not frozen.isdisjoint(vals):
            raise UserError(
                self.env._(
                    "The tier history can't be edited. Propose another change instead."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._("The tier history can't be deleted."))

    def action_approve(self):
        """Approve proposals: the accounts have the new tier from then on.

        :raise AccessError: where the user's role isn't enough for one of the tiers
        """
        self._decide("approved")
        # Figures below the old tier don't count against the new one.
        # sudo: the system's date; the right to decide was checked above.
        self.account_id.sudo().below_tier_since = False
        for change in self:
            change.account_id._message_log(
                body=self.env._(
                    "Tier: %(old)s → %(new)s from %(date)s. %(reason)s",
                    **change._steps(),
                    date=format_date(self.env, change.effective_date),
                    reason=change.reason,
                )
            )
        self._close_decision_request()

    def action_reject(self):
        """Reject proposals; they stay in the history.

        :raise AccessError: where the user's role isn't enough for one of the tiers
        """
        self._decide("rejected")
        for change in self:
            change.account_id._message_log(
                body=self.env._(
                    "Change of tier rejected: %(old)s → %(new)s. %(note)s",
                    **change._steps(),
                    note=change.decision_note or "",
                )
            )
        self._close_decision_request()

    def action_propose(self):
        """Close the dialog; approve at once where the user's role allows it."""
        self.ensure_one()
        if self.user_may_approve and self.state == "proposed":
            self.action_approve()
        return {"type": "ir.actions.act_window_close"}

    def _user_may_decide(self):
        # Leaving a tier takes the same right as entering it. The user is asked, never
        # the superuser mode: our own code proposes on behalf of users.
        return (self.from_tier_id | self.to_tier_id)._user_may_approve()

    def _decision_record(self):
        return self.account_id

    def _decide(self, state):
        if any(change.state != "proposed" for change in self):
            raise UserError(
                self.env._("This change of tier has already been decided on.")
            )
        self._check_may_decide()
        # sudo: the user's right to decide was checked.
        self.sudo().write(
            {
                "state": state,
                "decided_by_id": self.env.uid,
                "decided_on": fields.Datetime.now(),
            }
        )

    def _get_decision_summary(self):
        return self.env._(
            "%(account)s: tier %(old)s → %(new)s",
            account=self.account_id.display_name,
            **self._steps(),
        )

    def _ask_director(self):
        """Ask a director to decide on each of these proposals."""
        for change in self:
            change._request_decision(note=change.reason)

    def _steps(self):
        """Return the names of the tiers, for the texts that describe the change."""
        self.ensure_one()
        return {
            "old": self.from_tier_id.name or "–",
            "new": self.to_tier_id.name or "–",
        }
