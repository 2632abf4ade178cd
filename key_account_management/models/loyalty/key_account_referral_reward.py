# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..tools.groups import USER

#: What a reward was given for stays as it was.
REWARD_FIELDS = {
    "account_id",
    "partner_id",
    "lead_id",
    "date",
    "agreement_id",
    "reward_type",
    "program_id",
    "points",
    "amount",
}


class KeyAccountReferralReward(models.AbstractModel):
    """What a referral is worth, by which clause, and how the reward is given."""

    _name = "key.account.referral.reward"
    _description = "Reward for a Referral"
    _inherit = ["key.account.approval.mixin"]

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
        domain="[('key_account_ledger', '=', True), "
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
    currency_id = fields.Many2one("res.currency")
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
        "account.move",
        readonly=True,
        copy=False,
        string="First Paid Invoice",
        index="btree_not_null",
    )
    withdrawals = fields.Integer(
        readonly=True, copy=False, help="How often the reward was taken back."
    )

    @api.depends("account_id", "date")
    def _compute_agreement_id(self):
        Agreement = self.env["key.account.agreement"]
        for referral in self:
            if referral.state != "open" or not referral.date:
                continue
            # sudo: the clause applies whatever rights the user has.
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
                # sudo: see _compute_agreement_id; the program likewise.
                referral.points = (
                    referral.agreement_id.sudo().referral_points
                    or referral.program_id.sudo().key_account_referral_points
                    or referral.points
                )

    @api.constrains("reward_type", "program_id", "points", "amount")
    def _check_reward(self):
        for referral in self:
            if referral.reward_type == "points" and not (
                referral.program_id.key_account_ledger and referral.points > 0
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

    @api.model_create_multi
    def create(self, vals_list):
        referrals = super().create(vals_list)
        for referral in referrals:
            referral._write_approval("draft")
            referral.action_submit_approval()
        return referrals

    def write(self, vals):
        is_reward = not REWARD_FIELDS.isdisjoint(vals)
        if is_reward and not self.env.su and "rewarded" in self.mapped("state"):
            raise UserError(
                self.env._("The reward has been given and stays as it was.")
            )
        result = super().write(vals)
        # What the user's role isn't enough for waits for a second person.
        reopened = self.filtered(lambda r: r.key_account_approval_state == "draft")
        if is_reward and reopened:
            reopened.action_submit_approval()
        return result

    def _get_reward_worth(self):
        """Return what the reward is worth, and what of it was promised.

        Points count with the value that the program pays out, and as a unit of the
        currency each where it pays nothing out.

        :return: two amounts in company currency; the promise is that of an agreement's
            clause or of the program
        """
        self.ensure_one()
        # sudo: the program counts whatever rights the user has.
        clause, program = self._get_clause(), self.sudo().program_id
        if self.reward_type == "credit":
            return self.amount, clause.referral_amount
        value = program.key_account_settlement_value or 1.0
        promised = program.key_account_referral_points
        if clause.referral_program_id == program:
            promised = max(promised, clause.referral_points)
        return self.points * value, promised * value

    def _get_clause(self):
        """Return the agreement whose clause promises the reward (sudo).

        :return: empty where it is another account's, or not in force on the day
        """
        self.ensure_one()
        # sudo: the clause applies whatever rights the user has.
        agreement = self.sudo().agreement_id
        return agreement.filtered_domain(
            agreement._in_force_domain(self.date)
            & Domain("account_id", "=", self.account_id.id)
            & Domain("has_referral_clause", "=", True)
        )

    def _get_referred(self):
        """Return who is referred, as text: a lead stays the same with its customer."""
        self.ensure_one()
        # sudo: the lead may be a colleague's.
        lead = self.sudo().lead_id
        if lead and lead.partner_id.commercial_partner_id == self.partner_id:
            return f"lead {lead.id}"
        return f"customer {self.partner_id.id}"

    def _approval_terms(self):
        worth, _promised = self._get_reward_worth()
        day = fields.Date.to_string(self.date)
        return {
            "account": [
                self.env._("Key account"),
                self.account_id.id,
                "any",
                self.account_id.display_name,
            ],
            "referred": [
                self.env._("New customer"),
                self._get_referred(),
                "any",
                self.name,
            ],
            "date": [self.env._("Date"), day, "any"],
            "worth": [self.env._("Worth of the reward"), worth, "higher"],
        }

    def _decision_groups(self):
        """What was promised is anybody's to give; the rest goes by its amount."""
        self.ensure_one()
        worth, promised = self._get_reward_worth()
        company = self.company_id or self.env.company
        if company.currency_id.compare_amounts(worth, promised) <= 0:
            return [*super()._decision_groups(), USER]
        return company._key_account_money_groups(worth)

    def _is_reward_approved(self):
        """Tell whether the reward can be given; older referrals by their promise."""
        self.ensure_one()
        worth, promised = self._get_reward_worth()
        is_promised = self.currency_id.compare_amounts(worth, promised) <= 0
        return self.key_account_approval_state == "approved" or (
            self.key_account_approval_state == "none" and is_promised
        )

    def action_approve_terms(self):
        """Approve the reward, and give it where the first invoice is paid already."""
        result = super().action_approve_terms()
        # sudo: the accountant's invoices are looked up for the reward alone.
        referrals = self.sudo().filtered(lambda referral: referral.state == "open")
        invoices = self.env["account.move"].sudo()
        paid = invoices.search(
            [
                ("commercial_partner_id", "in", referrals.partner_id.ids),
                ("company_id", "in", referrals.company_id.ids),
                ("move_type", "=", "out_invoice"),
                ("payment_state", "in", ("paid", "in_payment")),
            ]
        )
        referrals._reward_for_invoices(paid)
        return result

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
        # sudo: the accountant who books the payment needs no access to the referral.
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
            if (
                invoice
                and referral.account_id.state != "ended"
                and not invoice._is_wholly_credited()
            ):
                referral._reward(invoice)

    def _reward(self, invoice):
        """Give the reward, once (sudo)."""
        self.ensure_one()
        self.env.cr.execute(
            "SELECT id FROM key_account_referral WHERE id = %s FOR UPDATE", (self.id,)
        )
        self.invalidate_recordset(["state"])
        if self.state != "open" or not self._is_reward_approved():
            return
        self.write({"state": "rewarded", "first_invoice_id": invoice.id})
        description = self.env._("Referral of %s", self.partner_id.name)
        if self.reward_type == "points":
            message = self._reward_with_points(invoice, description)
        else:
            message = self._reward_with_credit(invoice, description)
        self.message_post(body=message)

    def _reward_with_points(self, invoice, description):
        """Book the points on the account's card; return what happened."""
        account = self.account_id
        card = self.program_id._get_card(
            account.partner_id, account
        ) or self.program_id._make_cards(
            self.program_id._get_holder(account.partner_id, account)
        )
        self.reward_entry_id = card._book(
            self.points,
            "referral",
            # Again after it was withdrawn, never twice for the same time.
            key_account_cause=f"referral {self.id}"
            + (f" {self.withdrawals + 1}" if self.withdrawals else ""),
            key_account_id=account.id,
            key_account_move_id=invoice.id,
            description=description,
        )
        return self.env._(
            "%(points)s points for the first paid invoice %(invoice)s.",
            points=self.points,
            invoice=invoice.name,
        )

    def _reward_with_credit(self, invoice, description):
        """Prepare the credit note and ask the manager to post it; return the news."""
        Move = self.env["account.move"].with_company(self.company_id)
        self.reward_move_id = Move.create(self._prepare_credit_note(description))
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=self.manager_id.id,
            summary=self.env._("Post the credit note for a referral"),
        )
        return self.env._(
            "Credit note prepared for the first paid invoice %s; please post it.",
            invoice.name,
        )

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
