# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.groups import DIRECTOR
from .approval_rules import worsened

PROTECTED = {
    "key_account_approval_state",
    "key_account_approved_terms",
    "key_account_approver_id",
    "key_account_approval_date",
    "key_account_requester_id",
}
ACTIVITY = "key_account_management.mail_activity_type_terms_approval"


class KeyAccountApprovalMixin(models.AbstractModel):
    """Terms that hold when somebody entitled has approved them, as they were then.

    The approved values are frozen. A change for the worse reopens the approval, unless
    who makes it may approve it; a harmless one doesn't.
    """

    _name = "key.account.approval.mixin"
    _description = "Approval of Terms"

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
        readonly=True, copy=False, groups="base.group_user"
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

    def _approval_terms(self):
        """Return the terms that count: see ``approval_rules``."""
        raise NotImplementedError

    def _approval_groups(self):
        """Return the xml ids of the groups any of which may approve these terms."""
        return [DIRECTOR]

    @api.depends_context("uid")
    def _compute_key_account_user_may_approve(self):
        for record in self:
            record.key_account_user_may_approve = record._user_may_approve_terms()

    def _user_may_approve_terms(self):
        """Tell whether the user may approve these terms as they are now."""
        self.ensure_one()
        return self.env.su or any(map(self.env.user.has_group, self._approval_groups()))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_approval_fields(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_approval_fields(vals)
        result = super().write(vals)
        if PROTECTED.isdisjoint(vals):
            self._recheck_approval()
        return result

    def _check_approval_fields(self, vals):
        """Let nobody write an approval past the buttons that check who may."""
        if not self.env.su and not PROTECTED.isdisjoint(vals):
            raise AccessError(
                self.env._("An approval is given by its buttons, it can't be written.")
            )

    def _write_approval(self, approval, **values):
        """Write the state of the approval, for who was found entitled to it."""
        # sudo: the only door to fields that nobody writes; callers have checked.
        self.sudo().write({"key_account_approval_state": approval, **values})

    def action_submit_approval(self):
        """Ask for the approval; who may approve does so at once.

        :raise UserError: where there is nothing to approve
        """
        for record in self:
            if record.key_account_approval_state not in ("draft", "rejected"):
                raise UserError(
                    self.env._("%s waits for nobody's approval.", record.display_name)
                )
            record.check_access("write")
            record._write_approval("pending", key_account_requester_id=self.env.uid)
            if record._user_may_approve_terms():
                record.action_approve_terms()
            else:
                record._request_terms_approval()

    def action_approve_terms(self):
        """Approve the terms as they are now, and freeze them.

        :raise AccessError: for who may not approve terms like these
        """
        for record in self:
            if not record._user_may_approve_terms():
                raise AccessError(
                    self.env._(
                        "These terms of %s go beyond what you may approve.",
                        record.display_name,
                    )
                )
            record._write_approval(
                "approved",
                key_account_approved_terms=record._approval_terms(),
                key_account_approver_id=self.env.uid,
                key_account_approval_date=fields.Datetime.now(),
            )
        self._close_terms_approval()

    def action_reject_terms(self, reason=False):
        """Refuse the terms; who submitted them is told.

        :param str reason: why, for the chatter
        """
        for record in self:
            if not record._user_may_approve_terms():
                raise AccessError(self.env._("You may not decide on these terms."))
            record._write_approval(
                "rejected",
                key_account_approver_id=self.env.uid,
                key_account_approval_date=fields.Datetime.now(),
            )
            # sudo: a note on what was decided, on a record that the user may read.
            record.sudo().message_post(
                body=self.env._("Rejected by %s.", self.env.user.name)
                if not reason
                else self.env._(
                    "Rejected by %(user)s: %(reason)s",
                    user=self.env.user.name,
                    reason=reason,
                ),
                partner_ids=record.key_account_requester_id.partner_id.ids,
            )
        self._close_terms_approval()

    def action_withdraw_approval(self):
        """Take the request back, to work on the terms."""
        for record in self:
            if record.key_account_approval_state == "pending":
                record.check_access("write")
                record._write_approval("draft")
        self._close_terms_approval()

    def _request_terms_approval(self):
        """Ask one who may approve, by an activity."""
        # sudo: who may decide is no secret, and no more than the names is taken.
        approvers = self.env.ref(self._approval_groups()[0]).sudo().all_user_ids
        for record in self:
            company = record.company_id
            approver = approvers.filtered(
                lambda user, company=company: user.active
                and not user.share
                and (not company or company in user.company_ids)
            ).sorted("id", reverse=True)[:1]
            record.sudo().activity_schedule(
                ACTIVITY,
                note=self.env._("Submitted by %s", self.env.user.name),
                user_id=approver.id or self.env.uid,
            )

    def _close_terms_approval(self):
        # sudo: the request was made for whoever decides.
        self.sudo().activity_feedback([ACTIVITY])

    def _recheck_approval(self):
        """Reopen approvals of terms that got worse; renew them where the user may."""
        for record in self:
            if record.key_account_approval_state != "approved":
                continue
            terms = record._approval_terms()
            worse = worsened(record.key_account_approved_terms or {}, terms)
            if not worse:
                continue
            text = ", ".join(
                self.env._(
                    "%(label)s: %(old)s → %(new)s",
                    label=label,
                    old="–" if old is None else old,
                    new="–" if new is None else new,
                )
                for label, old, new in worse
            )
            if record._user_may_approve_terms():
                record._write_approval(
                    "approved",
                    key_account_approved_terms=terms,
                    key_account_approver_id=self.env.uid,
                    key_account_approval_date=fields.Datetime.now(),
                )
                body = self.env._("Changed and approved in one: %s", text)
            else:
                record._write_approval("draft")
                body = self.env._("The approval no longer holds: %s", text)
            # sudo: a note on what the user just did to a record he may write.
            record.sudo().message_post(body=body)
