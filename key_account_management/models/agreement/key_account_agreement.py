# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..tools.groups import ALL_ACCOUNTS, DIRECTOR, USER

#: Once approved, an agreement keeps what it was for its time.
IN_FORCE = ("active", "expired", "terminated")


class KeyAccountAgreement(models.Model):
    """A dated contract with special terms; each amendment is a version of its own."""

    _name = "key.account.agreement"
    _description = "Framework Agreement"
    _inherit = [
        "portal.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "key.account.approval.mixin",
    ]
    _order = "date_start desc, name desc, version desc"
    _check_company_auto = True

    name = fields.Char(
        string="Reference", required=True, readonly=True, default="/", copy=False
    )
    title = fields.Char(required=True, tracking=True, help="What it is about.")
    version = fields.Integer(default=1, readonly=True, copy=False)
    previous_id = fields.Many2one(
        "key.account.agreement", string="Amends", readonly=True, copy=False, index=True
    )
    next_ids = fields.One2many(
        "key.account.agreement", "previous_id", string="Amended by"
    )
    account_id = fields.Many2one(
        "key.account",
        string="Key Account",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    partner_id = fields.Many2one(
        related="account_id.partner_id", store=True, string="Customer"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    manager_id = fields.Many2one(related="account_id.manager_id", store=True)
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
    date_start = fields.Date(
        string="Start", required=True, tracking=True, default=fields.Date.context_today
    )
    date_end = fields.Date(
        string="End", tracking=True, help="Last day; empty: until it is terminated."
    )
    termination_date = fields.Date(readonly=True, copy=False, tracking=True)
    termination_reason = fields.Char(readonly=True, copy=False)
    effective_end = fields.Date(
        compute="_compute_effective_end",
        store=True,
        help="Last day on which these terms hold: the end, the termination, or the day "
        "before an amendment begins.",
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
        help="Last day on which either side may give notice, or talk about renewal.",
    )
    noticed_for = fields.Date(readonly=True, copy=False)
    pricelist_id = fields.Many2one(
        "product.pricelist",
        string="Special Price List",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
    )
    payment_term_id = fields.Many2one(
        "account.payment.term",
        string="Payment Terms",
        check_company=True,
        ondelete="restrict",
        tracking=True,
    )
    has_referral_clause = fields.Boolean(string="Referral Clause", tracking=True)
    referral_text = fields.Html(
        string="Text of the Referral Clause",
        default=lambda self: self.env._(
            "For each new customer that places and pays a first order on the "
            "recommendation of the contractual partner, a reward is credited."
        ),
    )
    terms = fields.Html(string="Wording", help="Printed, and shown to the customer.")
    internal_note = fields.Html(groups="base.group_user")
    obligation_ids = fields.One2many(
        "key.account.obligation", "agreement_id", string="Obligations", copy=True
    )
    commitment_ids = fields.One2many(
        "key.account.commitment", "agreement_id", string="Commitments", copy=True
    )
    signed_by = fields.Char(readonly=True, copy=False)
    signed_on = fields.Datetime(readonly=True, copy=False)
    signature = fields.Image(
        readonly=True, copy=False, attachment=True, max_width=1024, max_height=1024
    )

    _dates = models.Constraint(
        "CHECK (date_end >= date_start)", "An agreement can't end before it begins."
    )

    _months = models.Constraint(
        "CHECK (renewal_months >= 1 AND notice_months >= 0)",
        "Renewals take a month or more, a notice period isn't negative.",
    )

    _version_uniq = models.UniqueIndex(
        "(company_id, name, version) WHERE name != '/'",
        "This version of the agreement exists already.",
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
            agreement.notice_date = agreement.date_end and (
                agreement.date_end - relativedelta(months=agreement.notice_months)
            )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_state_vals(vals)
            if vals.get("name", "/") == "/":
                vals["name"] = self.env["ir.sequence"].next_by_code(
                    "key.account.agreement"
                )
        agreements = super().create(vals_list)
        agreements.pricelist_id._bind_to_key_accounts()
        # Terms that wait for approval, from the first moment.
        for agreement in agreements:
            if agreement.key_account_approval_state == "none":
                agreement._write_approval("draft")
        return agreements

    def write(self, vals):
        self._check_state_vals(vals)
        result = super().write(vals)
        self.env["res.partner"]._forget_pricelists()
        if vals.get("pricelist_id"):
            self.pricelist_id._bind_to_key_accounts()
        return result

    def _check_state_vals(self, vals):
        """Let nobody write the state past the buttons."""
        locked = {"state", "termination_date", "signed_by", "signed_on", "signature"}
        if not self.env.su and not locked.isdisjoint(vals):
            raise UserError(
                self.env._(
                    "The state of an agreement changes by its buttons: submit, "
                    "approve, terminate."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_force(self):
        if any(agreement.state in IN_FORCE for agreement in self):
            raise UserError(
                self.env._(
                    "An agreement that was in force is kept. Terminate it instead."
                )
            )

    def _approval_terms(self):
        """What of the agreement costs us something: see ``approval_rules``."""
        pricelist = self.pricelist_id
        days = max(self.payment_term_id.line_ids.mapped("nb_days") or [0])
        terms = {
            "start": [
                self.env._("Start"),
                fields.Date.to_string(self.date_start),
                "lower",
            ],
            "end": [
                self.env._("End"),
                fields.Date.to_string(self.date_end) or None,
                "higher",
            ],
            "pricelist": [self.env._("Price list"), pricelist.id, "any"],
            "payment": [self.env._("Days to pay"), days, "higher"],
            "referral": [
                self.env._("Referral clause"),
                int(self.has_referral_clause),
                "higher",
            ],
        }
        for commitment in self.commitment_ids:
            # Less promised is worse; one that is gone can't be seen in what is left.
            terms[f"commitment_{commitment.id}"] = [
                commitment.display_name,
                commitment.target,
                "lower",
            ]
        terms["commitments"] = [
            self.env._("Commitments"),
            len(self.commitment_ids),
            "lower",
        ]
        return terms

    def _approval_groups(self):
        """By the discount of the price list and the days to pay."""
        company = self.company_id or self.env.company
        discount = self.pricelist_id.key_account_max_discount
        days = max(self.payment_term_id.line_ids.mapped("nb_days") or [0])
        groups = [DIRECTOR]
        if discount <= company.key_account_discount_limit_all and days <= 60:
            groups.append(ALL_ACCOUNTS)
        if discount <= company.key_account_discount_limit_user and days <= 30:
            groups.append(USER)
        return groups

    # Goes through super() record by record, and returns nothing as it does.
    # pylint: disable=missing-return
    def _write_approval(self, approval, **values):
        """Let the agreement's own state follow that of its approval."""
        follows = {
            "draft": "draft",
            "pending": "to_approve",
            "rejected": "draft",
            "approved": "active",
        }
        for agreement in self:
            if approval == "approved":
                agreement._check_no_rival()
            super(KeyAccountAgreement, agreement)._write_approval(
                approval, **values, state=follows[approval]
            )
            if approval == "approved":
                agreement._take_over()

    def _check_no_rival(self):
        """Refuse two agreements with prices for the same days."""
        self.ensure_one()
        if not self.pricelist_id:
            return
        end = self.date_end or fields.Date.to_date("9999-12-31")
        rivals = self.search(
            [
                ("account_id", "=", self.account_id.id),
                ("id", "!=", self.id),
                ("id", "!=", self.previous_id.id),
                ("state", "in", IN_FORCE),
                ("pricelist_id", "!=", False),
                ("date_start", "<=", end),
            ]
        ).filtered(lambda a: not a.effective_end or a.effective_end >= self.date_start)
        if rivals:
            raise ValidationError(
                self.env._(
                    "%(rival)s has special prices for the same days. Amend it, or end "
                    "it before this one begins.",
                    rival=rivals[0].display_name,
                )
            )

    def _take_over(self):
        """Put the agreement in force; what it amends ends the day before."""
        today = fields.Date.context_today(self)
        for agreement in self:
            previous = agreement.previous_id
            if previous and agreement.date_start <= previous.date_start:
                raise ValidationError(
                    self.env._(
                        "An amendment begins after the version that it amends (%s).",
                        previous.date_start,
                    )
                )
            agreement.message_post(
                body=self.env._("Approved by %s.", self.env.user.name)
            )
        # sudo: state follows the calendar, nobody's hand.
        (self | self.previous_id).sudo()._expire(today)
        self.obligation_ids._schedule()

    def _expire(self, today):
        """Close what is over."""
        over = self.filtered(
            lambda a: a.state == "active"
            and a.effective_end
            and a.effective_end < today
        )
        over.write({"state": "expired"})

    def action_amend(self):
        """Make the next version: a copy that begins today, with the old one kept."""
        self.ensure_one()
        if self.state != "active":
            raise UserError(self.env._("Only an agreement in force can be amended."))
        if self.next_ids.filtered(lambda a: a.state != "terminated"):
            raise UserError(
                self.env._(
                    "%s is amended already; amend the latest version.", self.name
                )
            )
        amendment = self.copy(
            {
                "name": self.name,
                "version": self.version + 1,
                "previous_id": self.id,
                "date_start": max(
                    fields.Date.context_today(self),
                    self.date_start + relativedelta(days=1),
                ),
                "title": self.title,
            }
        )
        return amendment._get_records_action()

    def action_terminate(self, reason=False, date=None):
        """End an agreement before its time, or give notice.

        :param str reason: why, for the chatter
        :param date: last day in force, today without it
        """
        self.check_access("write")
        for agreement in self:
            if agreement.state != "active":
                raise UserError(self.env._("Only an agreement in force is terminated."))
            day = date or fields.Date.context_today(agreement)
            # sudo: the fields are closed to writing by hand; write access is checked.
            agreement.sudo().write(
                {
                    "state": "terminated"
                    if day <= fields.Date.context_today(agreement)
                    else "active",
                    "termination_date": day,
                    "termination_reason": reason,
                }
            )
            agreement.message_post(
                body=self.env._(
                    "Terminated as of %(day)s. %(reason)s", day=day, reason=reason or ""
                )
            )

    @api.model
    def _in_force_domain(self, date):
        """Return the domain of what is in force on a day, at that time or now."""
        return Domain([("state", "in", IN_FORCE), ("date_start", "<=", date)]) & Domain(
            ["|", ("effective_end", "=", False), ("effective_end", ">=", date)]
        )

    def action_view_account(self):
        """Open the key account."""
        self.ensure_one()
        return self.account_id._get_records_action()

    def action_preview(self):
        """Open the page that the customer sees."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "target": "self",
            "url": self.get_portal_url(),
        }

    def _compute_access_url(self):
        result = super()._compute_access_url()
        for agreement in self:
            agreement.access_url = f"/my/agreements/{agreement.id}"
        return result

    def _accept(self, name, signature):
        """Record the customer's acceptance, given on the portal.

        :param str name: who signs
        :param signature: base64 of the image
        """
        self.ensure_one()
        # sudo: the controller has checked that the customer may see the agreement.
        agreement = self.sudo()
        agreement.write(
            {
                "signed_by": name,
                "signed_on": fields.Datetime.now(),
                "signature": signature,
            }
        )
        agreement.message_post(
            body=self.env._("Accepted and signed by %s on the portal.", name),
            author_id=self.env.user.partner_id.id
            if not self.env.user._is_public()
            else agreement.partner_id.id,
            subtype_xmlid="mail.mt_note",
        )
