# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from .approval_rules import worsened

APPROVAL_FIELDS = {
    "key_account_approval_state",
    "key_account_approved_terms",
    "key_account_approver_id",
    "key_account_approval_date",
    "key_account_requester_id",
}


class KeyAccountApprovalMixin(models.AbstractModel):
    """Terms that apply once they are approved, and only as they were at that moment.

    The approved values are frozen. A change for the worse reopens the approval, unless
    the user who makes the change could approve it; a harmless change doesn't.
    """

    _name = "key.account.approval.mixin"
    _description = "Approval of Terms"
    _inherit = ["key.account.decision.mixin", "key.account.server.written"]

    _decision_activity = "key_account_management.mail_activity_type_terms_approval"
    _server_written = APPROVAL_FIELDS

    key_account_approval_state = fields.Selection(
        [
            ("none", "Not Needed"),
            ("draft", "To Submit"),
            ("pending", "To Approve"),
            ("approved", "Approved"),
            ("rejected", "Rejected"),
        ],
        string="Approval",
        default="none",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    key_account_approved_terms = fields.Json(
        readonly=True,
        copy=False,
        groups="key_account_management.group_key_account_user",
    )
    key_account_requester_id = fields.Many2one(
        "res.users", string="Submitted by", readonly=True, copy=False
    )
    key_account_approver_id = fields.Many2one(
        "res.users", string="Decided by", readonly=True, copy=False
    )
    key_account_approval_date = fields.Datetime(
        string="Decided on", readonly=True, copy=False
    )
    key_account_user_may_approve = fields.Boolean(
        compute="_compute_key_account_user_may_approve"
    )
    key_account_decision_request = fields.Char(
        string="Decision Asked For",
        compute="_compute_key_account_decision_request",
        help="Who was asked to approve the terms, and when.",
    )

    def _approval_terms(self):
        """Return the terms that count: see ``approval_rules``."""
        raise NotImplementedError

    def _get_frozen_terms(self):
        """Return the terms as they were approved, empty for none."""
        self.ensure_one()
        # sudo: they decide for every user who changes the record.
        return self.sudo().key_account_approved_terms or {}

    @api.depends_context("uid")
    def _compute_key_account_user_may_approve(self):
        for record in self:
            record.key_account_user_may_approve = record._user_may_decide()

    @api.depends_context("uid", "lang", "tz")
    @api.depends("key_account_approval_state")
    def _compute_key_account_decision_request(self):
        for record in self:
            record.key_account_decision_request = (
                record.key_account_approval_state == "pending"
                # Who decides with us is no business of the customer.
                and not self.env.user.share
                and record._origin._get_decision_request()
            )

    def write(self, vals):
        result = super().write(vals)
        if APPROVAL_FIELDS.isdisjoint(vals):
            self._recheck_approval()
        return result

    def _write_approval(self, approval, **values):
        """Write the state of the approval; a decision with its author and date.

        Callers have checked that the user is allowed to do this.
        """
        for record in self:
            decision = {"key_account_approval_state": approval}
            if approval in ("approved", "rejected"):
                decision["key_account_approver_id"] = self.env.uid
                decision["key_account_approval_date"] = fields.Datetime.now()
            if approval == "approved":
                decision["key_account_approved_terms"] = record._approval_terms()
            # sudo: no user writes these fields, and the caller has checked the role.
            record.sudo().write({**decision, **values})

    def action_submit_approval(self):
        """Ask for the approval; users who could give it approve at once.

        :return: True, as XML-RPC can't return nothing
        :raise UserError: where there is nothing to approve
        """
        self.check_access("write")
        for record in self:
            if record.key_account_approval_state not in ("draft", "rejected"):
                raise UserError(
                    self.env._("%s has nothing to approve.", record.display_name)
                )
            record._write_approval("pending", key_account_requester_id=self.env.uid)
            if record._user_may_decide():
                record.action_approve_terms()
            else:
                record._request_decision(
                    note=self.env._("Submitted by %s", self.env.user.name)
                )
        return True

    def action_approve_terms(self):
        """Approve the terms as they are now, and freeze them.

        :raise AccessError: where the user's role isn't enough for these terms
        :raise UserError: where there is nothing to approve
        """
        self._check_may_decide()
        self._check_undecided("draft", "pending", "rejected")
        for record in self:
            waited = record.key_account_approval_state == "pending"
            record._write_approval("approved")
            if waited:
                user = self.env.user.name
                record._tell_requester(self.env._("Approved by %s.", user))
        self._close_decision_request()

    def action_reject_terms(self, reason=False):
        """Reject the terms and notify the user who submitted them.

        :param str reason: why, for the chatter
        :raise AccessError: where the user's role isn't enough for these terms
        :raise UserError: where no decision is asked for
        """
        self._check_may_decide()
        self._check_undecided("pending")
        for record in self:
            record._write_approval("rejected")
            record._tell_requester(
                self.env._("Rejected by %s.", self.env.user.name)
                if not reason
                else self.env._(
                    "Rejected by %(user)s: %(reason)s",
                    user=self.env.user.name,
                    reason=reason,
                )
            )
        self._close_decision_request()

    def _tell_requester(self, body):
        """Tell the user who asked what was decided: by a message and a to-do.

        :param str body: the decision
        """
        self.ensure_one()
        # sudo: notes on a decision that the user was allowed to make.
        record = self.sudo()
        requester = record.key_account_requester_id
        record.message_post(body=body, partner_ids=requester.partner_id.ids)
        if requester and requester != self.env.user:
            record.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=self.env.company._get_key_account_today(),
                summary=body,
                user_id=requester.id,
            )

    def _check_undecided(self, *states):
        """Refuse to decide again on what is decided.

        :param states: in which the decision can be made
        :raise UserError: names the record
        """
        for record in self:
            if record.key_account_approval_state not in states:
                raise UserError(
                    self.env._("%s is not awaiting a decision.", record.display_name)
                )

    def action_withdraw_approval(self):
        """Take the request back in order to work on the terms."""
        self.check_access("write")
        pending = self.filtered(lambda r: r.key_account_approval_state == "pending")
        pending._write_approval("draft")
        pending._close_decision_request()

    @api.model
    def _format_term(self, value):
        """Return a value of the terms as text in the user's language."""
        if isinstance(value, float):
            return formatLang(self.env, value)
        return "–" if value in (None, False, "") else value

    def _recheck_approval(self):
        """Reopen approvals of terms that got worse; the user's role can renew them."""
        for record in self:
            if record.key_account_approval_state != "approved":
                continue
            worse = worsened(record._get_frozen_terms(), record._approval_terms())
            if not worse:
                continue
            names = worse[:5]
            changes = ", ".join(
                self.env._(
                    "%(label)s: %(old)s → %(new)s",
                    label=label,
                    old=self._format_term(old),
                    new=self._format_term(new),
                )
                for label, old, new in names
            )
            if record._user_may_decide():
                record._write_approval("approved")
                body = self.env._("Changed and approved at once: %s", changes)
            else:
                record._write_approval("draft")
                body = self.env._("The approval is no longer valid: %s", changes)
            # sudo: a note on a change that the user was allowed to make.
            record.sudo().message_post(body=body)
