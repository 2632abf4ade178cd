# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import ormcache


class KeyAccountReferral(models.Model):
    """A new customer whom a key account led to us, and the reward for it."""

    _name = "key.account.referral"
    _description = "Referral by a Key Account"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True)
    account_id = fields.Many2one(
        "key.account",
        string="Referred By",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    company_id = fields.Many2one(
        related="account_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    manager_id = fields.Many2one(related="account_id.manager_id", store=True)
    contact_id = fields.Many2one(
        "res.partner",
        string="Contact Who Referred",
        domain="[('commercial_partner_id', '=', account_partner_id)]",
    )
    account_partner_id = fields.Many2one(related="account_id.partner_id")
    lead_id = fields.Many2one(
        "crm.lead",
        string="Lead",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        check_company=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="New Customer",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="Taken from the lead as soon as it has a customer.",
    )
    date = fields.Date(required=True, default=fields.Date.context_today, tracking=True)
    state = fields.Selection(
        [
            ("open", "Open"),
            ("rewarded", "Rewarded"),
            ("refused", "Refused"),
        ],
        required=True,
        default="open",
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    agreement_id = fields.Many2one(
        "key.account.agreement",
        compute="_compute_agreement_id",
        store=True,
        precompute=True,
        readonly=False,
        check_company=True,
        index="btree_not_null",
        string="By the Clause of",
        domain="[('account_id', '=', account_id), ('has_referral_clause', '=', True)]",
        help="The agreement in force whose referral clause promises the reward.",
    )
    reward_type = fields.Selection(
        [("points", "Points"), ("credit", "Credit Note")],
        compute="_compute_reward",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        tracking=True,
    )
    program_id = fields.Many2one(
        "loyalty.program",
        compute="_compute_reward",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('is_point_ledger', '=', True), "
        "('company_id', 'in', [False, company_id])]",
        check_company=True,
    )
    points = fields.Float(
        compute="_compute_points",
        store=True,
        readonly=False,
        precompute=True,
        string="Reward (points)",
    )
    amount = fields.Monetary(
        compute="_compute_reward",
        store=True,
        readonly=False,
        precompute=True,
        string="Reward (amount)",
    )
    reward_entry_id = fields.Many2one(
        "loyalty.history", readonly=True, copy=False, string="Ledger Entry"
    )
    reward_move_id = fields.Many2one(
        "account.move", readonly=True, copy=False, string="Credit Note"
    )
    first_invoice_id = fields.Many2one(
        "account.move", readonly=True, copy=False, string="First Paid Invoice"
    )
    note = fields.Text()

    _partner_uniq = models.UniqueIndex(
        "(partner_id, company_id) WHERE state != 'refused' AND partner_id IS NOT NULL",
        "This customer has been referred already.",
    )

    _lead_uniq = models.UniqueIndex(
        "(lead_id) WHERE state != 'refused' AND lead_id IS NOT NULL",
        "This lead has been referred already.",
    )

    _reward_not_negative = models.Constraint(
        "CHECK (COALESCE(points, 0) >= 0 AND COALESCE(amount, 0) >= 0)",
        "A reward can't be negative.",
    )

    @api.depends("partner_id", "lead_id", "account_id")
    def _compute_name(self):
        for referral in self:
            # sudo: the name of a lead or customer that the reader may not open.
            named = referral.sudo()
            referral.name = (
                named.partner_id.name
                or named.lead_id.partner_name
                or named.lead_id.name
                or named.account_id.partner_name
            )

    @api.depends("lead_id")
    def _compute_partner_id(self):
        for referral in self:
            partner = referral.lead_id.partner_id.commercial_partner_id
            referral.partner_id = partner or referral.partner_id

    @api.depends("account_id", "date")
    def _compute_agreement_id(self):
        Agreement = self.env["key.account.agreement"]
        for referral in self:
            if referral.state != "open" or not referral.date:
                continue
            # sudo: the clause holds, whoever writes the referral down.
            referral.agreement_id = Agreement.sudo().search(
                Agreement._in_force_domain(referral.date)
                & Domain("account_id", "=", referral.account_id.id)
                & Domain("has_referral_clause", "=", True),
                limit=1,
            )

    @api.depends("agreement_id")
    def _compute_reward(self):
        for referral in self:
            clause = referral.agreement_id.sudo()  # see _compute_agreement_id
            referral.reward_type = (
                clause.referral_reward_type or referral.reward_type or "points"
            )
            referral.program_id = clause.referral_program_id or referral.program_id
            referral.amount = clause.referral_amount or referral.amount

    @api.depends("program_id", "agreement_id")
    def _compute_points(self):
        for referral in self:
            if referral.state == "open":
                referral.points = (
                    referral.agreement_id.sudo().referral_points  # see above
                    or referral.program_id.sudo().referral_points
                    or referral.points
                )

    @api.constrains("account_id", "partner_id", "lead_id")
    def _check_not_self(self):
        for referral in self.filtered(lambda ref: ref.state == "open"):
            referral._check_referred_customer()

    def _check_referred_customer(self):
        """Refuse who refers itself, its group, or a customer we have already."""
        self.ensure_one()
        # sudo: the group may have accounts and invoices of colleagues.
        referral = self.sudo()
        partner = referral.partner_id.commercial_partner_id
        if not partner:
            return
        root = referral.account_id._get_group_line()[-1:]
        group = (
            self.env["key.account"]
            .sudo()
            .search([("id", "child_of", root.id), ("active", "in", (True, False))])
        )
        if partner in group.partner_id or self._top(partner) in {
            self._top(member) for member in group.partner_id
        }:
            raise ValidationError(
                self.env._(
                    "%(partner)s belongs to %(account)s itself. A customer can't "
                    "refer its own companies.",
                    partner=partner.display_name,
                    account=referral.account_id.display_name,
                )
            )
        earlier = (
            self.env["account.move"]
            .sudo()
            .search(
                [
                    ("commercial_partner_id", "=", partner.id),
                    ("company_id", "=", referral.company_id.id),
                    ("move_type", "=", "out_invoice"),
                    ("state", "=", "posted"),
                    ("invoice_date", "<", referral.date),
                ],
                limit=1,
            )
        )
        if earlier:
            raise ValidationError(
                self.env._(
                    "%(partner)s has been a customer since before the referral "
                    "(%(invoice)s).",
                    partner=partner.display_name,
                    invoice=earlier.name,
                )
            )

    @api.model
    def _top(self, partner):
        """Return the company at the top of a partner's chain of companies."""
        seen = partner
        while partner.parent_id and partner.parent_id not in seen:
            partner = partner.parent_id
            seen |= partner
        return partner

    @api.constrains("reward_type", "program_id", "points", "amount")
    def _check_reward(self):
        for referral in self:
            if referral.reward_type == "points" and not (
                referral.program_id.is_point_ledger and referral.points > 0
            ):
                raise ValidationError(
                    self.env._(
                        "Choose a loyalty program for key accounts and the points "
                        "that the referral is worth."
                    )
                )
            if referral.reward_type == "credit" and referral.amount <= 0:
                raise ValidationError(
                    self.env._("Enter the amount that the referral is worth.")
                )

    @api.model
    def _reward_for_invoices(self, invoices):
        """Reward referrals whose customer has paid its first invoice."""
        paid = invoices.filtered(
            lambda move: move.move_type == "out_invoice"
            and move.state == "posted"
            and move.payment_state in ("paid", "in_payment")
            and move.amount_total > 0
        )
        if not paid:
            return
        # sudo: the clerk who books the payment may not see the referral.
        referrals = self.sudo().search(
            [
                ("state", "=", "open"),
                ("partner_id", "in", paid.commercial_partner_id.ids),
                ("company_id", "in", paid.company_id.ids),
            ]
        )
        for referral in referrals:
            invoice = paid.filtered(
                lambda move, referral=referral: move.commercial_partner_id
                == referral.partner_id
                and move.company_id == referral.company_id
            ).sorted("invoice_date")[:1]
            if invoice and referral.account_id.state != "ended":
                referral._reward(invoice)

    def _reward(self, invoice):
        """Give the reward, once."""
        self.ensure_one()
        self.env.cr.execute(
            "SELECT id FROM key_account_referral WHERE id = %s FOR UPDATE", (self.id,)
        )
        self.invalidate_recordset(["state"])
        if self.state != "open":
            return
        self.write({"state": "rewarded", "first_invoice_id": invoice.id})
        description = self.env._("Referral of %s", self.partner_id.name)
        if self.reward_type == "points":
            account = self.account_id
            card = self.program_id._get_card(
                account.partner_id, account
            ) or self.program_id._make_cards(
                self.program_id._get_holder(account.partner_id, account)
            )
            self.reward_entry_id = card._book(
                self.points,
                "referral",
                cause=f"referral {self.id}",
                key_account_id=account.id,
                move_id=invoice.id,
                description=description,
            )
            message = self.env._(
                "%(points)s points for the first paid invoice %(invoice)s.",
                points=self.points,
                invoice=invoice.name,
            )
        else:
            self.reward_move_id = (
                self.env["account.move"]
                .with_company(self.company_id)
                .create(self._prepare_credit_note(description))
            )
            message = self.env._(
                "Credit note prepared for the first paid invoice %s; please post it.",
                invoice.name,
            )
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=self.manager_id.id,
                summary=self.env._("Post the credit note for a referral"),
            )
        self.message_post(body=message)

    def _prepare_credit_note(self, description):
        self.ensure_one()
        return {
            "move_type": "out_refund",
            "partner_id": self.account_id.partner_id.id,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "ref": description,
            "invoice_line_ids": [
                Command.create(
                    {"name": description, "quantity": 1, "price_unit": self.amount}
                )
            ],
        }

    def action_refuse(self):
        """Close referrals without a reward."""
        if any(referral.state == "rewarded" for referral in self):
            raise UserError(self.env._("The reward has been given already."))
        self.write({"state": "refused"})

    def action_reopen(self):
        """Take refused referrals up again."""
        self.filtered(lambda referral: referral.state == "refused").write(
            {"state": "open"}
        )
        for referral in self:
            referral._check_referred_customer()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_rewarded(self):
        if any(referral.state == "rewarded" for referral in self):
            raise UserError(
                self.env._("A rewarded referral stays, as the ledger names it.")
            )

    @api.model
    @ormcache()
    def _has_leads(self):
        """Tell whether any lead was ever referred; see ``crm.lead``."""
        return bool(self.sudo().search_count([("lead_id", "!=", False)], limit=1))

    @api.constrains("lead_id")
    def _check_lead_is_noticed(self):
        """Let leads know that there are referrals from now on."""
        if any(referral.lead_id for referral in self) and not self._has_leads():
            self.env.registry.clear_cache()

    def _take_over_from_lead(self):
        """Take customer and name from the leads, which have changed."""
        self._compute_partner_id()
        self._compute_name()

    def _move_to_lead(self, lead):
        """Keep referrals whose leads are merged into another; one of each is enough."""
        taken = lead._get_referrals().filtered(lambda each: each.state != "refused")
        for referral in self:
            if taken and referral.state != "refused":
                referral.write(
                    {
                        "state": "refused",
                        "note": self.env._("Merged: the lead was referred before."),
                    }
                )
            referral.lead_id = lead
            taken |= referral.filtered(lambda each: each.state != "refused")
