# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from hashlib import sha256

from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ..tools.groups import ALL_ACCOUNTS, DIRECTOR, USER
from .key_account_agreement_lifecycle import IN_FORCE


class KeyAccountAgreement(models.Model):
    """A contract with special terms; each amendment is a version of its own."""

    _name = "key.account.agreement"
    _description = "Framework Agreement"
    _inherit = [
        "portal.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "key.account.pricelist.binding",
        "key.account.agreement.lifecycle",
        "key.account.agreement.prices",
    ]
    _order = "date_start desc, name desc, version desc"
    _check_company_auto = True
    _scope_fields = ("account_id",)
    name = fields.Char(
        string="Reference", required=True, readonly=True, default="/", copy=False
    )
    title = fields.Char(
        required=True, tracking=True, help="What the agreement is about."
    )
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
    terms = fields.Html(
        string="Wording", help="Printed on the agreement and shown to the customer."
    )
    internal_note = fields.Html(groups="base.group_user")
    obligation_ids = fields.One2many(
        "key.account.obligation", "agreement_id", string="Obligations", copy=True
    )
    commitment_ids = fields.One2many(
        "key.account.commitment", "agreement_id", string="Commitments", copy=True
    )
    key_account_effect = fields.Html(related="pricelist_id.key_account_effect")
    signed_by = fields.Char(readonly=True, copy=False)
    signed_on = fields.Datetime(readonly=True, copy=False)
    signed_digest = fields.Char(
        string="Fingerprint",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="Fingerprint of what the customer signed.",
    )
    is_signed_content = fields.Boolean(
        string="Content as Signed", compute="_compute_is_signed_content"
    )
    signature = fields.Image(
        readonly=True, copy=False, attachment=True, max_width=1024, max_height=1024
    )

    _version_uniq = models.UniqueIndex(
        "(company_id, name, version) WHERE name != '/'",
        "This version of the agreement already exists.",
    )

    @api.depends(lambda self: ("signed_digest", *sorted(self._agreed_fields())))
    def _compute_is_signed_content(self):
        for agreement in self:
            # sudo: the fingerprint is compared, not shown.
            digest = agreement.sudo().signed_digest
            agreement.is_signed_content = bool(digest) and (
                digest == agreement._get_digest()
            )

    @api.model
    def _add_server_values(self, vals_list):
        sequence = self.env["ir.sequence"]
        return [
            {**vals, "name": sequence.next_by_code("key.account.agreement")}
            if vals.get("name", "/") == "/"
            else vals
            for vals in super()._add_server_values(vals_list)
        ]

    @api.model_create_multi
    def create(self, vals_list):
        agreements = super().create(vals_list)
        agreements._begin_approval()
        return agreements

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_force(self):
        if any(agreement.state in IN_FORCE for agreement in self):
            raise UserError(
                self.env._(
                    "An agreement that was in force is kept. Terminate it instead."
                )
            )

    def _approval_terms(self):
        """Return what the agreement costs us: see ``approval_rules``."""
        pricelist, name = self.pricelist_id, self.pricelist_id.name
        days = max(self.payment_term_id.line_ids.mapped("nb_days") or [0])
        start = fields.Date.to_string(self.date_start)
        end = fields.Date.to_string(self.date_end) or None
        clause = int(self.has_referral_clause)
        terms = {
            "start": [self.env._("Start"), start, "lower"],
            "end": [self.env._("End"), end, "higher"],
            "pricelist": [self.env._("Price list"), pricelist.id, "any", name],
            "payment": [self.env._("Days to pay"), days, "higher"],
            "referral": [self.env._("Referral clause"), clause, "higher"],
        }
        for commitment in self.commitment_ids:
            # A smaller promise is worse; removed ones are seen by the number below.
            promise = [commitment.display_name, commitment.target, "lower"]
            terms[f"commitment_{commitment.id}"] = promise
        number = len(self.commitment_ids)
        terms["commitments"] = [self.env._("Commitments"), number, "lower"]
        # Agreement and price list are one decision.
        of_list = pricelist.sudo()._approval_terms() if pricelist else {}
        return terms | {f"list_{name}": term for name, term in of_list.items()}

    def _get_decision_summary(self):
        """Say what the prices of the agreement do; without prices, what it is."""
        if self.pricelist_id:
            return self.pricelist_id._describe_discount(self.account_id.display_name)
        return self.env._(
            "%(name)s of %(account)s",
            name=self.display_name,
            account=self.account_id.display_name,
        )

    def _decision_groups(self):
        """Who decides depends on the price list's discount and the days to pay."""
        company = self.company_id or self.env.company
        discount = self.pricelist_id.key_account_max_discount
        days = max(self.payment_term_id.line_ids.mapped("nb_days") or [0])
        groups = [DIRECTOR]
        if discount <= company.key_account_discount_limit_all and days <= 60:
            groups.append(ALL_ACCOUNTS)
        if discount <= company.key_account_discount_limit_user and days <= 30:
            groups.append(USER)
        return groups

    def _write_approval(self, approval, **values):
        """Let its list be approved with it; what is approved takes over."""
        if approval == "approved":
            self._check_no_rival()
        result = super()._write_approval(approval, **values)
        if approval == "approved":
            # The list with it: it was part of what was looked at.
            self.pricelist_id.filtered(
                lambda pricelist: pricelist._is_unapproved()
            )._write_approval("approved")
            self._take_over()
        return result

    def _check_no_rival(self):
        """Refuse two agreements with prices for the same days."""
        for agreement in self.filtered("pricelist_id"):
            end = agreement.date_end or fields.Date.to_date("9999-12-31")
            rivals = self.search(
                [
                    ("account_id", "=", agreement.account_id.id),
                    ("id", "not in", (agreement | agreement.previous_id).ids),
                    ("state", "in", IN_FORCE),
                    ("pricelist_id", "!=", False),
                    ("date_start", "<=", end),
                    "|",
                    ("effective_end", "=", False),
                    ("effective_end", ">=", agreement.date_start),
                ],
                limit=1,
            )
            if rivals:
                raise ValidationError(
                    self.env._(
                        "%(rival)s has special prices for the same days. Amend it, or "
                        "end it before this agreement begins.",
                        rival=rivals.display_name,
                    )
                )

    def _take_over(self):
        """Put agreements in force; what they amend ends the day before."""
        for agreement in self:
            previous = agreement.previous_id
            if previous and agreement.date_start <= previous.date_start:
                raise ValidationError(
                    self.env._(
                        "An amendment has to begin after the version that it amends "
                        "begins (%s).",
                        format_date(self.env, previous.date_start),
                    )
                )
            agreement.message_post(
                body=self.env._("Approved by %s.", self.env.user.name)
            )
            # sudo: no user writes the state, it follows the calendar.
            (agreement | previous).sudo()._expire(
                agreement.company_id._get_key_account_today()
            )
            agreement._take_over_obligations()
        self.obligation_ids._schedule()

    def _take_over_obligations(self):
        """Go on with what is open in the version before; what is done is done."""
        self.ensure_one()
        # sudo: no user writes the day on which an obligation was met.
        for obligation in self.obligation_ids.sudo():
            if obligation.previous_id.date_done:
                obligation.date_done = obligation.previous_id.date_done
        self.previous_id.obligation_ids._amend()

    def _extend(self, end):
        # The renewal was approved with the agreement, and so was the new end.
        terms = self._get_frozen_terms()
        # sudo: the server's field.
        self.sudo().key_account_approved_terms = {
            **terms,
            "end": [self.env._("End"), fields.Date.to_string(end), "higher"],
        }
        return super()._extend(end)

    def _take_a_day(self):
        result = super()._take_a_day()
        self.commitment_ids._refresh()
        self.commitment_ids._warn()
        return result

    def action_amend(self):
        """Open the next version: a copy that begins today; the old one is kept.

        :raise UserError: where the agreement isn't in force, or amended already
        """
        self.ensure_one()
        if self.state != "active":
            raise UserError(self.env._("Only an agreement in force can be amended."))
        self._check_not_amended()
        self.check_access("write")
        # sudo: reference, version and origin are the server's; access is checked above.
        amendment = self.sudo().copy(
            {
                "name": self.name,
                "version": self.version + 1,
                "previous_id": self.id,
                "date_start": max(
                    self.company_id._get_key_account_today(),
                    self.date_start + relativedelta(days=1),
                ),
                "title": self.title,
                "obligation_ids": [
                    Command.create({**values, "previous_id": obligation.id})
                    for obligation in self.obligation_ids.sudo()
                    if not obligation.date_done
                    for values in obligation.copy_data()
                ],
            }
        )
        return amendment.sudo(False)._get_records_action()

    @api.model
    def _digest_fields(self):
        """Return the agreed fields of which the fingerprint has the plain value."""
        return self._agreed_fields() - {"commitment_ids", "date_end"}

    def _get_digest(self):
        """Return a fingerprint of what is agreed, as the customer read it.

        The end isn't part of it: it moves when the agreement renews itself, as agreed.
        """
        self.ensure_one()
        # sudo: the same for every reader.
        agreement = self.sudo()
        content = [
            str(agreement._fields[name].convert_to_write(agreement[name], agreement))
            for name in sorted(agreement._digest_fields())
        ]
        # By what was promised, not by texts in the reader's language.
        content += [
            f"{line.kind} {line.target} {line.product_id.id} {line.categ_id.id} "
            f"{line.uom_id.id} {line.date_from}"
            for line in agreement.commitment_ids.sorted("id")
        ]
        return sha256("\n".join(content).encode()).hexdigest()

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

        :param str name: of the person who signs
        :param signature: base64 of the image
        """
        self.ensure_one()
        # sudo: the controller has checked that the customer can see the agreement.
        agreement = self.sudo()
        agreement.write(
            {
                "signed_by": name,
                "signed_on": fields.Datetime.now(),
                "signature": signature,
                "signed_digest": agreement._get_digest(),
            }
        )
        agreement.message_post(
            body=self.env._("Accepted and signed by %s on the portal.", name),
            author_id=self.env.user.partner_id.id
            if not self.env.user._is_public()
            else agreement.partner_id.id,
            subtype_xmlid="mail.mt_note",
        )
