# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ..tools.batches import in_batches
from ..tools.calendar_months import add_months

BATCH = 100
#: Days ahead of the notice date in which the manager is told.
LEAD_DAYS = 30
#: What is agreed: from the approval on it changes by an amendment only.
AGREED = {
    "account_id",
    "title",
    "date_start",
    "date_end",
    "renewal",
    "renewal_months",
    "notice_months",
    "pricelist_id",
    "payment_term_id",
    "has_referral_clause",
    "referral_text",
    "terms",
    "commitment_ids",
}
#: Once approved, an agreement keeps what it was for its time.
IN_FORCE = ("active", "expired", "terminated")
#: The state of an agreement by that of its approval.
STATES = {
    "draft": "draft",
    "pending": "to_approve",
    "rejected": "draft",
    "approved": "active",
}


class KeyAccountAgreementLifecycle(models.AbstractModel):
    """From when until when an agreement is in force, and what each day does to it."""

    _name = "key.account.agreement.lifecycle"
    _description = "Dates of a Framework Agreement"
    _inherit = ["key.account.approval.mixin"]

    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("to_approve", "To Approve"),
            ("active", "Active"),
            ("expired", "Expired"),
            ("terminated", "Terminated"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    version = fields.Integer(default=1, readonly=True, copy=False)
    date_start = fields.Date(
        string="Start",
        required=True,
        tracking=True,
        default=lambda self: self.env.company._get_key_account_today(),
    )
    date_end = fields.Date(
        string="End",
        tracking=True,
        help="Last day in force. Empty: until the agreement is terminated.",
    )
    termination_date = fields.Date(readonly=True, copy=False, tracking=True)
    termination_reason = fields.Char(readonly=True, copy=False)
    effective_end = fields.Date(
        compute="_compute_effective_end",
        store=True,
        help="Last day on which these terms apply: the end, the termination, or the "
        "day before an amendment begins.",
    )
    renewal = fields.Selection(
        [
            ("none", "Ends"),
            ("automatic", "Automatic"),
            ("agreement", "By Agreement"),
        ],
        default="agreement",
        required=True,
        tracking=True,
    )
    renewal_months = fields.Integer(string="Renewed by (Months)", default=12)
    notice_months = fields.Integer(string="Notice Period (Months)", default=3)
    notice_date = fields.Date(
        string="Notice by",
        compute="_compute_notice_date",
        store=True,
        help="Last day on which either side can give notice or discuss the renewal.",
    )
    noticed_for = fields.Date(readonly=True, copy=False)
    first_end = fields.Date(
        readonly=True,
        copy=False,
        help="The end before the first renewal; renewals are counted from it.",
    )

    _dates = models.Constraint(
        "CHECK (date_end >= date_start)", "An agreement can't end before it begins."
    )

    _months = models.Constraint(
        "CHECK (renewal_months >= 1 AND notice_months >= 0)",
        "A renewal takes at least one month, and a notice period can't be negative.",
    )

    @api.depends("name", "version")
    def _compute_display_name(self):
        for agreement in self:
            agreement.display_name = (
                f"{agreement.name} v{agreement.version}"
                if agreement.version > 1
                else agreement.name
            )

    @api.depends(
        "date_end", "termination_date", "next_ids.date_start", "next_ids.state"
    )
    def _compute_effective_end(self):
        for agreement in self:
            following = agreement.next_ids.filtered(lambda a: a.state in IN_FORCE)
            ends = [
                agreement.date_end,
                agreement.termination_date,
                *(a.date_start - relativedelta(days=1) for a in following),
            ]
            agreement.effective_end = min(filter(None, ends), default=False)

    @api.depends("date_end", "notice_months")
    def _compute_notice_date(self):
        for agreement in self:
            agreement.notice_date = agreement.date_end and add_months(
                agreement.date_end, -agreement.notice_months
            )

    @api.model
    def _in_force_domain(self, date):
        """Return the domain of what is in force on a day, at that time or now."""
        return Domain([("state", "in", IN_FORCE), ("date_start", "<=", date)]) & Domain(
            ["|", ("effective_end", "=", False), ("effective_end", ">=", date)]
        )

    def write(self, vals):
        if not self.env.su and not self._agreed_fields().isdisjoint(vals):
            self.check_access("write")
            self._check_agreed_unchanged(vals)
        return super().write(vals)

    @api.model
    def _agreed_fields(self):
        """Return the names of the fields that are agreed; rooms above add theirs."""
        return AGREED

    def _begin_approval(self):
        """Let new terms wait for approval from the very first moment."""
        for agreement in self:
            if agreement.key_account_approval_state == "none":
                agreement._write_approval("draft")

    def _write_approval(self, approval, **values):
        """Let the agreement's own state follow that of its approval."""
        return super()._write_approval(approval, state=STATES[approval], **values)

    def _check_undecided(self, *states):
        """An agreement that was in force is never decided on again."""
        for agreement in self:
            if agreement.state in IN_FORCE:
                raise UserError(
                    self.env._(
                        "%s is decided. Amend it instead.", agreement.display_name
                    )
                )
        return super()._check_undecided(*states)

    def _recheck_approval(self):
        """What is in force isn't reopened: it only changes by an amendment."""
        return super(
            KeyAccountAgreementLifecycle,
            self.filtered(lambda agreement: agreement.state not in IN_FORCE),
        )._recheck_approval()

    def _check_not_amended(self):
        """Refuse to amend what has a later version."""
        if self.next_ids.filtered(lambda a: a.state != "terminated"):
            raise UserError(
                self.env._(
                    "%s has already been amended. Amend the latest version instead.",
                    self.name,
                )
            )

    def _check_agreed_unchanged(self, vals):
        """Refuse to change what is agreed, or what somebody is deciding on.

        :param vals: that are to be written
        :raise UserError: says what to do instead
        """
        for agreement in self.filtered(lambda a: a.state != "draft"):
            names = self._agreed_fields().intersection(vals)
            if not agreement._is_changed(names, vals):
                continue
            if agreement.state == "to_approve":
                raise UserError(
                    self.env._(
                        "%s waits for approval. Withdraw the request to work on it.",
                        agreement.display_name,
                    )
                )
            raise UserError(
                self.env._(
                    "%s is agreed and stays as it is. Amend it instead.",
                    agreement.display_name,
                )
            )

    def _is_changed(self, names, vals):
        """Tell whether values differ from those of the record, lines in any case."""
        self.ensure_one()
        for name in names:
            field = self._fields[name]
            if field.type == "one2many":
                return bool(vals[name])
            old = field.convert_to_write(self[name], self)
            new = field.convert_to_write(
                field.convert_to_record(field.convert_to_cache(vals[name], self), self),
                self,
            )
            if (old or False) != (new or False):
                return True
        return False

    def _tell_manager(self, summary, note, deadline):
        """Leave a to-do with the user in charge of the key account today."""
        self.ensure_one()
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=deadline,
            summary=summary,
            note=note,
            user_id=self.account_id.acting_manager_id.id,
        )

    def action_terminate(self, reason=False, date=None):
        """End an agreement before its time, or give notice.

        :param str reason: why, for the chatter
        :param date: last day in force, the company's today without it
        :raise UserError: where the agreement isn't in force
        """
        self.check_access("write")
        for agreement in self:
            if agreement.state != "active":
                raise UserError(
                    self.env._("Only an agreement in force can be terminated.")
                )
            today = agreement.company_id._get_key_account_today()
            day = date or today
            # sudo: no user writes these fields; write access is checked above.
            agreement.sudo().write(
                {
                    "state": "terminated" if day <= today else "active",
                    "termination_date": day,
                    "termination_reason": reason,
                }
            )
            agreement.message_post(
                body=self.env._(
                    "Terminated as of %(day)s. %(reason)s",
                    day=format_date(self.env, day),
                    reason=reason or "",
                )
            )

    @api.model
    def _cron_run(self):
        """Renew, remind and expire; killed anywhere, it goes on the next time.

        Each step leaves its own mark (state, end, the end that was reminded of), so
        nothing happens twice.
        """
        agreements = self.search([("state", "=", "active")], order="id")
        in_batches(agreements, BATCH, lambda batch: batch._take_a_day())

    def _take_a_day(self):
        """Renew, remind of, expire and end what is due on the company's today."""
        for company, agreements in self.grouped("company_id").items():
            today = company._get_key_account_today()
            agreements._renew(today)
            agreements._remind(today)
            agreements._expire(today)
            agreements.filtered(
                lambda a, today=today: a.termination_date
                and a.termination_date <= today
            ).write({"state": "terminated"})

    def _expire(self, today):
        """Close what is over."""
        over = self.filtered(
            lambda a: a.state == "active"
            and a.effective_end
            and a.effective_end < today
        )
        over.write({"state": "expired"})
        for agreement in over.filtered(lambda a: a.renewal == "automatic"):
            if follower := agreement._get_follower():
                agreement._message_log(
                    body=self.env._("Not renewed: %s follows.", follower.display_name)
                )

    def _renew(self, today):
        """Extend agreements that renew themselves when their last day has come."""
        for agreement in self.filtered(
            lambda a: a.renewal == "automatic"
            and a.date_end
            and a.date_end <= today
            and not a.termination_date
            and not a.next_ids.filtered(lambda n: n.state == "active")
        ):
            end = agreement._get_renewed_end(today)
            follower = agreement._get_follower()
            if follower and follower.date_start <= end:
                end = max(
                    agreement.date_end, follower.date_start - relativedelta(days=1)
                )
            if end == agreement.date_end:
                continue
            agreement._extend(end)
            agreement.message_post(
                body=self.env._(
                    "Renewed automatically until %s.", format_date(self.env, end)
                )
            )

    def _get_renewed_end(self, today):
        """Return the first end after today, counted from the first end there was."""
        first, months = self.first_end or self.date_end, 0
        while (end := add_months(first, months)) <= today or end <= self.date_end:
            months += self.renewal_months
        return end

    def _get_follower(self):
        """Return the agreement that comes next: another one with prices is agreed."""
        if not self.pricelist_id:
            return self.browse()
        return self.search(
            [
                ("account_id", "=", self.account_id.id),
                ("id", "!=", self.id),
                ("state", "=", "active"),
                ("pricelist_id", "!=", False),
                ("date_start", ">", self.date_end),
            ],
            order="date_start, id",
            # Not one that was given notice of before it begins.
        ).filtered(lambda a: not a.effective_end or a.effective_end >= a.date_start)[:1]

    def _extend(self, end):
        """Let the agreement end on a later day, as its renewal says."""
        self.first_end = self.first_end or self.date_end
        self.date_end = end

    def _remind(self, today):
        """Remind the manager before the notice date, once for each end."""
        for agreement in self.filtered(
            lambda a: a.notice_date
            and a.notice_date - relativedelta(days=LEAD_DAYS) <= today
            and a.noticed_for != a.date_end
            and not a.termination_date
        ):
            agreement._tell_manager(
                self.env._("Notice date of %s", agreement.display_name),
                self.env._(
                    "The agreement ends on %(end)s. Discuss the renewal, or give "
                    "notice by %(notice)s.",
                    end=format_date(self.env, agreement.date_end),
                    notice=format_date(self.env, agreement.notice_date),
                ),
                max(agreement.notice_date, today),
            )
            agreement.noticed_for = agreement.date_end
