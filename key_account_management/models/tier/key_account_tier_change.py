# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date

from ..tools.groups import DIRECTOR

#: Set by the methods below and by nobody else.
SYSTEM_FIELDS = {
    "account_id",
    "from_tier_id",
    "revenue_12m",
    "order_count_12m",
    "state",
    "proposed_by_id",
    "proposed_on",
    "decided_by_id",
    "decided_on",
    "automatic",
}
#: Open to correction until the change is decided on.
PROPOSAL_FIELDS = {"to_tier_id", "reason", "effective_date"}


class KeyAccountTierChange(models.Model):
    """One entry of a key account's tier history; the only way a tier changes."""

    _name = "key.account.tier.change"
    _description = "Key Account Tier Change"
    _order = "effective_date desc, id desc"
    _rec_name = "account_id"
    _check_company_auto = True

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
        "key.account.tier", string="From", readonly=True, ondelete="restrict"
    )
    to_tier_id = fields.Many2one(
        "key.account.tier",
        string="To",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="['|', ('company_id', '=', False), ('company_id', '=', company_id)]",
        help="Leave empty to take the tier away.",
    )
    reason = fields.Text(required=True)
    effective_date = fields.Date(
        required=True,
        default=lambda self: fields.Date.context_today(self),
        help="Day from which the tier holds.",
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
    proposed_by_id = fields.Many2one("res.users", readonly=True)
    proposed_on = fields.Datetime(readonly=True)
    decided_by_id = fields.Many2one("res.users", readonly=True)
    decided_on = fields.Datetime(readonly=True)
    decision_note = fields.Char()
    automatic = fields.Boolean(
        readonly=True,
        help="Proposed by the nightly comparison of figures and criteria.",
    )
    user_may_approve = fields.Boolean(compute="_compute_user_may_approve")

    _one_proposal = models.UniqueIndex(
        "(account_id) WHERE state = 'proposed'",
        "A change of tier is waiting for approval already. Decide on it first.",
    )

    @api.depends_context("uid")
    @api.depends("from_tier_id.approval_level", "to_tier_id.approval_level")
    def _compute_user_may_approve(self):
        for change in self:
            # Leaving a tier takes the same right as entering it.
            change.user_may_approve = (
                change.from_tier_id | change.to_tier_id
            )._user_may_approve()

    @api.constrains("effective_date")
    def _check_effective_date(self):
        today = fields.Date.context_today(self)
        # Constraints run as superuser (the user stays), hence no look at env.su.
        is_director = self.env.user.has_group(DIRECTOR)
        for change in self:
            if change.effective_date > today:
                raise ValidationError(
                    self.env._("A tier can't change at a date in the future.")
                )
            if change.effective_date < today and not is_director:
                raise ValidationError(
                    self.env._("Only a director may date a change of tier back.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Create proposals; whatever else is given, they wait to be decided on."""
        accounts = self.env["key.account"].browse(
            vals["account_id"] for vals in vals_list if vals.get("account_id")
        )
        figures = accounts._get_tier_figures()
        today = fields.Date.context_today(self)
        prepared = []
        for vals in vals_list:
            account = self.env["key.account"].browse(vals.get("account_id"))
            day = fields.Date.to_date(vals.get("effective_date")) or today
            prepared.append(
                {
                    **vals,
                    **figures.get(account.id, {}),
                    "from_tier_id": account._get_tiers_at(day)[account.id].id
                    if account
                    else False,
                    "state": "proposed",
                    "proposed_by_id": self.env.uid,
                    "proposed_on": fields.Datetime.now(),
                    "decided_by_id": False,
                    "decided_on": False,
                }
            )
        changes = super().create(prepared)
        for change in changes:
            if change.from_tier_id == change.to_tier_id:
                raise ValidationError(
                    self.env._(
                        "%(account)s has the tier %(tier)s already.",
                        account=change.account_id.display_name,
                        tier=change.to_tier_id.name or self.env._("none"),
                    )
                )
        changes.filtered(lambda change: not change.user_may_approve)._request_approval()
        return changes

    def write(self, vals):
        decided = any(change.state != "proposed" for change in self)
        frozen = SYSTEM_FIELDS | PROPOSAL_FIELDS if decided else SYSTEM_FIELDS
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

        :raise AccessError: where the user's role may not decide on one of the tiers
        """
        self._decide("approved")
        # Whatever was missed of the old tier doesn't count against the new one.
        # sudo: the date is the engine's, the right to decide was checked above.
        self.account_id.sudo().below_tier_since = False
        for change in self:
            change.account_id._message_log(body=change._summary())
        self._close_approval_requests()

    def action_reject(self):
        """Reject proposals; they stay in the history."""
        self._decide("rejected")
        for change in self:
            change.account_id._message_log(
                body=self.env._(
                    "Change of tier to %(tier)s rejected. %(note)s",
                    tier=change.to_tier_id.name or self.env._("none"),
                    note=change.decision_note or "",
                )
            )
        self._close_approval_requests()

    def action_propose(self):
        """Close the dialog; approve at once where the user's role allows it."""
        self.ensure_one()
        if self.user_may_approve and self.state == "proposed":
            self.action_approve()
        return {"type": "ir.actions.act_window_close"}

    def _decide(self, state):
        if any(change.state != "proposed" for change in self):
            raise UserError(self.env._("This change of tier was decided on already."))
        for change in self:
            if not change.user_may_approve:
                raise AccessError(
                    self.env._(
                        "You may not decide on the tier of %s. A director has been "
                        "asked to.",
                        change.account_id.display_name,
                    )
                )
        self.check_access("write")
        # super(): the guard in write() is for everybody but this method.
        return super().write(
            {
                "state": state,
                "decided_by_id": self.env.uid,
                "decided_on": fields.Datetime.now(),
            }
        )

    def _summary(self):
        """Describe the change for the account's chatter."""
        self.ensure_one()
        return self.env._(
            "Tier %(old)s → %(new)s from %(date)s. %(reason)s",
            old=self.from_tier_id.name or self.env._("none"),
            new=self.to_tier_id.name or self.env._("none"),
            date=format_date(self.env, self.effective_date),
            reason=self.reason,
        )

    def _request_approval(self):
        """Ask one director of the company to decide, by an activity on the account."""
        # sudo: who may decide is no secret, and no more than the names is taken.
        directors = self.env.ref(DIRECTOR).sudo().all_user_ids
        for change in self:
            approver = directors.filtered(
                lambda user, company=change.company_id: user.active
                and not user.share
                and company in user.company_ids
            ).sorted("id", reverse=True)[:1]
            change.account_id.activity_schedule(
                "key_account_management.mail_activity_type_tier_approval",
                summary=self.env._(
                    "Tier change to %s", change.to_tier_id.name or self.env._("none")
                ),
                note=change.reason,
                user_id=approver.id or self.env.uid,
                date_deadline=fields.Date.context_today(self),
            )

    def _close_approval_requests(self):
        self.account_id.activity_feedback(
            ["key_account_management.mail_activity_type_tier_approval"]
        )
