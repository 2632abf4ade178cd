# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

#: Settings that make a program one of key accounts, with the value that core has.
CORE_SETTINGS = {
    "accrual_moment": "order_confirmed",
    "key_account_expiry_months": 0,
    "key_account_balance_scope": "company",
    "key_account_enrolment": "automatic",
    "key_account_settlement_value": 0.0,
}


class LoyaltyProgram(models.Model):
    """Programs for key accounts: participants, moment of accrual, expiry, value."""

    _name = "loyalty.program"
    _inherit = ["loyalty.program", "key.account.server.written"]
    _server_written = ("key_account_ledger",)

    key_account_tier_ids = fields.Many2many(
        "key.account.tier",
        string="Tiers",
        help="Only key accounts of these tiers take part. The tier on the day of the "
        "order or invoice counts.",
    )
    key_account_ids = fields.Many2many(
        "key.account",
        "loyalty_program_key_account_rel",
        string="Key Accounts",
        help="Only these key accounts take part.",
    )
    key_account_group_ids = fields.Many2many(
        "key.account",
        "loyalty_program_key_account_group_rel",
        string="Groups",
        help="Only these key accounts and their subsidiaries of any depth take part.",
    )
    key_account_restricted = fields.Boolean(
        compute="_compute_key_account_restricted",
        store=True,
        string="For Key Accounts Only",
    )
    accrual_moment = fields.Selection(
        [
            ("order_confirmed", "The order is confirmed"),
            ("invoice_posted", "The invoice is posted"),
            ("invoice_paid", "The invoice is paid"),
        ],
        required=True,
        default="order_confirmed",
        string="Points Are Earned When",
        help="Points of an invoice follow it: when it is credited, cancelled or no "
        "longer paid, its share of them is taken back.",
    )
    key_account_expiry_months = fields.Integer(
        string="Points Expire After (months)",
        help="Counted from the day on which the points were earned. 0: never.",
    )
    key_account_reminder_days = fields.Integer(
        string="Reminder Ahead of Expiry (days)",
        default=30,
        help="How many days before points expire the customer gets an email. "
        "0: no email.",
    )
    key_account_statement_interval = fields.Selection(
        [
            ("never", "On request"),
            ("month", "Every month"),
            ("quarter", "Every quarter"),
        ],
        required=True,
        default="never",
        string="Statement by Email",
        help="When cardholders get their statement of points.",
    )
    key_account_balance_scope = fields.Selection(
        [
            ("company", "Each company of a group has its own"),
            ("group", "One for the whole group, at the group's parent"),
        ],
        required=True,
        default="company",
        string="Balance of Points",
    )
    key_account_enrolment = fields.Selection(
        [
            ("automatic", "With the first points"),
            ("manual", "By hand"),
        ],
        required=True,
        default="automatic",
        string="Enrolment",
        help="By hand: a customer without a card earns nothing until it is enrolled.",
    )
    key_account_settlement_value = fields.Monetary(
        string="Value of a Point",
        currency_field="currency_id",
        help="What one point is worth when points are paid out as a credit note and "
        "in the report of outstanding points. 0: points aren't paid out.",
    )
    key_account_settlement_minimum = fields.Float(
        string="Smallest Settlement (points)",
        help="Balances below this number of points aren't paid out.",
    )
    key_account_referral_points = fields.Float(
        string="Points for a Referral",
        help="What a customer gets for referring a new customer to us, once the new "
        "customer has paid its first invoice.",
    )
    key_account_ledger = fields.Boolean(
        compute="_compute_key_account_ledger",
        store=True,
        string="Points Ledger",
        help="Every movement of points is kept in the ledger, and the balance can't "
        "change without one. Set for loyalty programs with settings for key accounts.",
    )

    _expiry_not_negative = models.Constraint(
        "CHECK (COALESCE(key_account_expiry_months, 0) >= 0 "
        "AND COALESCE(key_account_reminder_days, 0) >= 0 "
        "AND COALESCE(key_account_settlement_value, 0) >= 0 "
        "AND COALESCE(key_account_settlement_minimum, 0) >= 0)",
        "Expiry, reminder and settlement of points can't be negative.",
    )

    @api.depends("key_account_tier_ids", "key_account_ids", "key_account_group_ids")
    def _compute_key_account_restricted(self):
        for program in self:
            program.key_account_restricted = bool(
                program.key_account_tier_ids
                or program.key_account_ids
                or program.key_account_group_ids
            )

    @api.depends("program_type", "applies_on", "key_account_restricted", *CORE_SETTINGS)
    def _compute_key_account_ledger(self):
        for program in self:
            program.key_account_ledger = (
                program.program_type == "loyalty"
                and program.applies_on in ("both", "future")
                and (
                    program.key_account_restricted
                    or any(
                        program[name] != value for name, value in CORE_SETTINGS.items()
                    )
                )
            )

    @api.constrains("program_type", "applies_on", *CORE_SETTINGS)
    def _check_key_account_settings(self):
        for program in self:
            if not program.key_account_ledger and any(
                program[name] != value for name, value in CORE_SETTINGS.items()
            ):
                raise ValidationError(
                    self.env._(
                        "Accrual, expiry, group balance, enrolment and settlement are "
                        "only available for programs of the type “Loyalty Cards” whose "
                        "points can be used on future orders. Change the type of %s "
                        "or leave these settings as they were.",
                        program.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        programs = super().create(vals_list)
        self.env.registry.clear_cache()
        return programs

    def write(self, vals):
        before = self.filtered("key_account_ledger")
        result = super().write(vals)
        self.env.registry.clear_cache()
        (before - self.filtered("key_account_ledger"))._check_ledger_stays()
        (self.filtered("key_account_ledger") - before)._open_point_ledger()
        return result

    def _check_ledger_stays(self):
        """Refuse to close a ledger: points would move without a trace.

        :raise ValidationError: names the program
        """
        # sudo: movements count, no matter which of them the user can read.
        entries = self.env["loyalty.history"].sudo()
        used = entries.search([("key_account_program_id", "in", self.ids)], limit=1)
        if used:
            raise ValidationError(
                self.env._(
                    "“%s” has movements in its ledger, so the ledger stays open. "
                    "Archive the program and create another one instead.",
                    used.key_account_program_id.name,
                )
            )

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    def _open_point_ledger(self):
        """Take the balances of a program that was core's into the ledger."""
        if self:
            # sudo: the ledger is written by the program's rules, not by the user.
            Card = self.env["loyalty.card"].sudo().with_context(active_test=False)
            Card.search([("program_id", "in", self.ids)])._book_opening_balance()

    @api.model
    @tools.ormcache("company_id")
    def _get_point_ledger_ids(self, company_id=None):
        """Return the ids of the programs with a ledger; mostly there are none.

        Without a cached answer every order of an ordinary customer would ask.

        :param int company_id: the company that runs them, any without it
        """
        # sudo: all companies, the answer is the same for every user.
        Program = self.sudo().with_context(active_test=False)
        programs = Program.search([("key_account_ledger", "=", True)])
        if company_id:
            # sudo: likewise.
            parents = self.env["res.company"].sudo().browse(company_id).parent_ids
            programs = programs.filtered(
                lambda program: not program.company_id or program.company_id in parents
            )
        return tuple(programs.ids)

    @api.model
    @tools.ormcache("company_id")
    def _has_open_point_ledger(self, company_id):
        """Tell whether ordinary customers of a company collect points, too."""
        # sudo: the answer is the same for every user.
        programs = self.sudo().browse(self._get_point_ledger_ids(company_id))
        return any(
            program.active and not program.key_account_restricted
            for program in programs
        )

    @api.model
    def _get_point_ledgers(self, company):
        """Return the active programs with a ledger that a company runs (sudo)."""
        # sudo: points are earned whatever rights the user of the document has.
        programs = self.sudo().browse(self._get_point_ledger_ids(company.id))
        return programs.filtered(lambda program: program.active and program.sale_ok)

    def _admits(self, account, tier):
        """Tell whether a customer takes part.

        :param account: its ``key.account``, empty for an ordinary customer
        :param tier: the account's tier on the day of the document
        """
        self.ensure_one()
        if not self.key_account_restricted:
            return True
        if not account:
            return False
        return bool(
            tier & self.key_account_tier_ids
            or account & self.key_account_ids
            or self._line_ids(account) & set(self.key_account_group_ids.ids)
        )

    @api.model
    def _line_ids(self, account):
        """Return the ids of an account and its group parents, from the top down."""
        return {int(part) for part in (account.parent_path or "").split("/") if part}

    @api.model
    def _key_account_domain(self, account, tier, prefix=""):
        """Return the leaves that leave programs for others out, as a list.

        :param account: the ``key.account`` of the order, empty for none
        :param tier: its tier on the order's day
        :param str prefix: path to the program, for domains on its rules
        """
        name = prefix + "key_account_restricted"
        if not account:
            return [(name, "=", False)]
        return [
            "|",
            "|",
            "|",
            (name, "=", False),
            (prefix + "key_account_tier_ids", "in", tier.ids),
            (prefix + "key_account_ids", "in", account.ids),
            (prefix + "key_account_group_ids", "in", sorted(self._line_ids(account))),
        ]

    def _get_holder(self, partner, account):
        """Return the partner whose card counts for a customer.

        :param partner: customer of the order or invoice, a contact or a company
        :param account: its ``key.account``, empty for none
        """
        self.ensure_one()
        # sudo: the account, or the group's parent, may be a colleague's.
        account = account.sudo()
        if self.key_account_balance_scope == "group" and account:
            return account._get_group_line()[-1:].partner_id
        # One account throughout, for all who order or pay.
        return account.partner_id or partner.commercial_partner_id

    def _get_card(self, partner, account, create=False):
        """Return the card that counts for a customer (sudo).

        :param bool create: make one where the program enrols automatically
        """
        self.ensure_one()
        holder = self._get_holder(partner, account)
        # sudo: as in core, salesmen earn points for a customer without the right to
        # make cards.
        Card = self.env["loyalty.card"].sudo()
        card = Card.search(
            [("program_id", "=", self.id), ("partner_id", "=", holder.id)], limit=1
        )
        automatic = self.key_account_enrolment == "automatic"
        if not card and create and automatic and holder:
            card = self._make_cards(holder)
        return card

    def _make_cards(self, partners):
        """Make a card without points for each of these partners."""
        self.ensure_one()
        quiet = {"loyalty_no_mail": True, "tracking_disable": True}
        # sudo: see _get_card.
        Card = self.env["loyalty.card"].sudo().with_context(**quiet)
        return Card.create(
            [
                {"program_id": self.id, "partner_id": partner.id, "points": 0}
                for partner in partners
            ]
        )

    def action_enrol_key_accounts(self):
        """Make cards for every key account that takes part and has none yet.

        :return: the window action of the program's cards
        """
        self.ensure_one()
        self.check_access("write")
        accounts = self.env["key.account"].search(
            [("state", "in", ("active", "at_risk"))]
            + ([("company_id", "=", self.company_id.id)] if self.company_id else [])
        )
        admitted = accounts.filtered(lambda acc: self._admits(acc, acc.tier_id))
        holders = self.env["res.partner"].union(
            *(self._get_holder(account.partner_id, account) for account in admitted)
        )
        have = self.env["loyalty.card"].search(
            [("program_id", "=", self.id), ("partner_id", "in", holders.ids)]
        )
        self._make_cards(holders - have.partner_id)
        return self.action_open_loyalty_cards()

    def _get_point_products(self, products):
        """Return those of these products that any automatic rule gives points for."""
        self.ensure_one()
        rules = self.rule_ids.filtered(lambda rule: rule.mode == "auto")
        return products.browse().union(
            *(
                products.filtered_domain(rule._get_valid_product_domain())
                for rule in rules
            )
        )
