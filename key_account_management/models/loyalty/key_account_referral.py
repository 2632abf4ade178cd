# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import ormcache


class KeyAccountReferral(models.Model):
    """A new customer that a key account led to us."""

    _name = "key.account.referral"
    _description = "Referral by a Key Account"
    # The reward comes first: it is given after mail.thread has set the record up.
    _inherit = [
        "key.account.referral.withdrawal",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "date desc, id desc"
    _check_company_auto = True
    _server_written = ("state", "reward_entry_id", "reward_move_id", "first_invoice_id")
    _scope_fields = ("account_id",)

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
        string="Referring Contact",
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
    date = fields.Date(
        required=True,
        default=lambda self: self.env.company._get_key_account_today(),
        tracking=True,
    )
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
    note = fields.Text()

    _partner_uniq = models.UniqueIndex(
        "(partner_id, company_id) WHERE state != 'refused' AND partner_id IS NOT NULL",
        "This customer has already been referred.",
    )

    _lead_uniq = models.UniqueIndex(
        "(lead_id) WHERE state != 'refused' AND lead_id IS NOT NULL",
        "This lead has already been referred.",
    )

    _reward_not_negative = models.Constraint(
        "CHECK (COALESCE(points, 0) >= 0 AND COALESCE(amount, 0) >= 0)",
        "A reward can't be negative.",
    )

    @api.depends("partner_id", "lead_id", "account_id")
    def _compute_name(self):
        for referral in self:
            # sudo: only the name, also of a lead or customer of colleagues.
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

    @api.constrains("account_id", "partner_id", "lead_id")
    def _check_not_self(self):
        self.filtered(lambda ref: ref.state == "open")._check_referred_customers()

    def _check_referred_customers(self):
        """Refuse companies of the same group, and customers we have already.

        :raise ValidationError: names the customer
        """
        # sudo: the group may have accounts and invoices of colleagues.
        for referral in self.sudo():
            partner = referral.partner_id.commercial_partner_id
            if partner:
                referral._check_other_group(partner)
                referral._check_new_customer(partner)

    def _check_other_group(self, partner):
        root = self.account_id._get_group_line()[-1:]
        KeyAccount = self.env["key.account"].with_context(active_test=False)
        group = KeyAccount.search([("id", "child_of", root.id)]).partner_id
        if partner in group or self._top(partner) in {
            self._top(member) for member in group
        }:
            raise ValidationError(
                self.env._(
                    "%(partner)s belongs to %(account)s itself. A customer can't "
                    "refer its own companies.",
                    partner=partner.display_name,
                    account=self.account_id.display_name,
                )
            )

    def _check_new_customer(self, partner):
        # Not by a date that is typed: what was there when it was entered was there.
        entered = self.company_id._to_key_account_day(self.create_date)
        earlier = self.env["account.move"].search(
            [
                ("commercial_partner_id", "=", partner.id),
                ("company_id", "=", self.company_id.id),
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
                ("invoice_date", "<", max(self.date, entered)),
            ],
            limit=1,
        )
        if earlier:
            raise ValidationError(
                self.env._(
                    "%(partner)s was a customer before the referral (%(invoice)s).",
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

    def action_refuse(self):
        """Close referrals without a reward.

        :raise UserError: for a referral that was rewarded
        """
        self.check_access("write")
        if any(referral.state == "rewarded" for referral in self):
            raise UserError(self.env._("The reward has already been given."))
        # sudo: the state is written by the server alone; access is checked above.
        self.sudo().write({"state": "refused"})

    def action_reopen(self):
        """Take up refused referrals again.

        :raise ValidationError: where the customer can't be referred
        """
        self.check_access("write")
        refused = self.filtered(lambda referral: referral.state == "refused")
        refused.sudo().write({"state": "open"})  # sudo: see action_refuse
        refused._check_referred_customers()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_rewarded(self):
        if any(referral.state == "rewarded" for referral in self):
            raise UserError(
                self.env._(
                    "A rewarded referral can't be deleted, as the ledger names it."
                )
            )

    # Leads

    @api.model
    @ormcache()
    def _has_leads(self):
        """Tell whether any lead was ever referred; see ``crm.lead``."""
        # sudo: the answer is the same for every user.
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
                        "note": self.env._(
                            "Merged: the lead had already been referred."
                        ),
                    }
                )
            referral.lead_id = lead
            taken |= referral.filtered(lambda each: each.state != "refused")
