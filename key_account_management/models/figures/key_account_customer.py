# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .key_account_figures import CLASSES
from .key_account_kpi import REVENUE_TYPES

#: What the statement below writes, by field.
COLUMNS = (
    "account_id",
    "revenue",
    "margin",
    "revenue_prior",
    "margin_prior",
    "revenue_share",
    "revenue_cumulative",
    "revenue_class",
    "margin_share",
    "margin_cumulative",
    "margin_class",
    "revenue_class_prior",
    "margin_class_prior",
    "manager_id",
    "move",
)
#: Rows that are gone, that have changed, and that are new.
STATEMENTS = (
    """
    DELETE FROM key_account_customer old
     WHERE company_id = %(company)s AND NOT EXISTS (
           SELECT FROM key_account_customer_new new
            WHERE new.partner_id = old.partner_id)
    """,
    """
    UPDATE key_account_customer old
       SET (%(names)s) = ROW(%(new)s)
      FROM key_account_customer_new new
     WHERE old.company_id = %(company)s AND new.partner_id = old.partner_id
       AND (%(old)s) IS DISTINCT FROM (%(new)s)
    """,
    """
    INSERT INTO key_account_customer (company_id, partner_id, %(names)s)
    SELECT %(company)s, new.partner_id, %(new)s
      FROM key_account_customer_new new
     WHERE NOT EXISTS (
           SELECT FROM key_account_customer old
            WHERE old.company_id = %(company)s AND old.partner_id = new.partner_id)
    """,
)


class KeyAccountCustomer(models.Model):
    """What share of a company's revenue and margin each of its customers brings.

    All customers are in it, key accounts or not: who would be a key account shows here.
    Each night it is taken from posted documents of twelve months and of the twelve
    before.
    """

    _name = "key.account.customer"
    _description = "Customer by Revenue and Margin"
    _inherit = ["key.account.customer.figures", "key.account.server.written"]
    _order = "revenue desc, id"
    _rec_name = "partner_id"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    account_id = fields.Many2one(
        "key.account",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="Empty where no one manages the customer as a key account.",
    )
    manager_id = fields.Many2one(related="account_id.manager_id", store=True)
    revenue = fields.Monetary(
        readonly=True,
        help="Of the last twelve months: posted invoices minus credit notes, without "
        "taxes.",
    )
    margin = fields.Monetary(readonly=True)
    margin_rate = fields.Float(
        string="Margin (%)", compute="_compute_margin_rate", aggregator=None
    )
    revenue_prior = fields.Monetary(
        string="Revenue Before", readonly=True, help="Of the twelve months before."
    )
    margin_prior = fields.Monetary(
        string="Margin Before", readonly=True, help="Of the twelve months before."
    )
    revenue_share = fields.Float(string="Share of Revenue (%)", readonly=True)
    revenue_cumulative = fields.Float(
        string="Cumulative Share (%)",
        readonly=True,
        aggregator=None,
        help="Share of this and all larger customers together.",
    )
    margin_share = fields.Float(string="Share of Margin (%)", readonly=True)
    margin_cumulative = fields.Float(
        string="Cumulative Share of Margin (%)", readonly=True, aggregator=None
    )
    revenue_class = fields.Selection(
        CLASSES,
        string="Class by Revenue",
        readonly=True,
        index=True,
        help="A: the largest customers, who bring the first 80 % of the revenue; "
        "B: the next ones, up to 95 %; C: all others.",
    )
    margin_class = fields.Selection(
        CLASSES,
        string="Class by Margin",
        readonly=True,
        index=True,
        help="As by revenue. A customer who brings no margin is in no class.",
    )
    revenue_class_prior = fields.Selection(
        CLASSES,
        string="Class by Revenue Before",
        readonly=True,
        help="In the twelve months before.",
    )
    margin_class_prior = fields.Selection(
        CLASSES,
        string="Class by Margin Before",
        readonly=True,
        help="In the twelve months before.",
    )
    move = fields.Selection(
        [
            ("up", "Moved Up"),
            ("new", "New"),
            ("same", "Same Class"),
            ("down", "Moved Down"),
            ("gone", "Without Revenue Now"),
        ],
        string="Movement",
        readonly=True,
        help="By revenue, against the twelve months before.",
    )

    _customer_uniq = models.Constraint(
        "unique (company_id, partner_id)",
        "There is one row for each customer and company.",
    )

    @api.depends("revenue", "margin")
    def _compute_margin_rate(self):
        for customer in self:
            revenue = customer.revenue
            customer.margin_rate = 100 * customer.margin / revenue if revenue else 0.0

    @api.model
    def _fill(self, company):
        """Take the customers of a company from their documents, in SQL.

        Rows that are right already aren't written.

        :param company: a ``res.company``
        """
        self.env.flush_all()
        today = company._get_key_account_today()
        execute = self.env.cr.execute
        execute("DROP TABLE IF EXISTS key_account_customer_new")
        execute(
            SQL(
                "CREATE TEMPORARY TABLE key_account_customer_new ON COMMIT DROP AS %s",
                self._customers_sql(company, today),
            )
        )
        execute("ANALYZE key_account_customer_new")
        for statement in self._write_sql(company):
            execute(statement)
        self.invalidate_model()

    @api.model
    def _write_sql(self, company):
        """Return the statements that delete, update and insert rows."""
        old, new = (
            SQL(", ").join(SQL.identifier(table, name) for name in COLUMNS)
            for table in ("old", "new")
        )
        parts = {
            "names": SQL(", ").join(SQL.identifier(name) for name in COLUMNS),
            "old": old,
            "new": new,
            "company": company.id,
        }
        return [SQL(statement, **parts) for statement in STATEMENTS]

    def action_make_candidate(self):
        """Make these customers key accounts, as candidates, by one click.

        The customer's salesperson manages the account, or else who clicks. An account
        that had ended is taken up again.

        :return: action with the accounts
        :raise UserError: where all of them are key accounts already
        """
        self.check_access("read")
        olds = self._get_accounts()
        new = self.filtered(lambda customer: not olds[customer])
        accounts = self.env["key.account"].create(
            [customer._prepare_candidate() for customer in new]
        )
        # sudo: the night writes it; the account is the user's by its own rights.
        for customer, account in zip(new.sudo(), accounts, strict=True):
            customer.account_id = account
        for customer, old in olds.items():
            if old and not (old.active and old.state != "ended"):
                account = old.with_env(self.env)
                account.write({"active": True, "state": "candidate"})
                customer.sudo().account_id = account
                accounts += account
        if not accounts:
            raise UserError(self.env._("This customer is a key account already."))
        return accounts._get_records_action(name=self.env._("Candidates"))

    def _get_accounts(self):
        """Return the account of each of these customers, ended and archived ones, too.

        :return: dict of customer -> ``key.account`` (sudo), None where there is none
        """
        # sudo: whether there is an account, which others may manage.
        groups = (
            self.env["key.account"]
            .sudo()
            ._read_group(
                [
                    ("partner_id", "in", self.partner_id.ids),
                    ("company_id", "in", self.company_id.ids),
                    ("active", "in", (True, False)),
                ],
                ["partner_id", "company_id"],
                ["id:recordset"],
            )
        )
        found = {(who.id, company.id): account for who, company, account in groups}
        return {
            customer: found.get((customer.partner_id.id, customer.company_id.id))
            for customer in self
        }

    def _prepare_candidate(self):
        """Return the values of a new account of the customer."""
        self.ensure_one()
        return {
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "manager_id": self._get_salesperson().id,
            "state": "candidate",
        }

    def _get_salesperson(self):
        """Return who sells to the customer and can manage it, or else the user."""
        self.ensure_one()
        user = self.partner_id.user_id
        able = user.has_group("key_account_management.group_key_account_user")
        # sudo: the companies in which the salesperson works.
        works = self.company_id in user.sudo().company_ids
        return user if user and able and works else self.env.user

    def action_view_revenue(self):
        """Open the invoices of the twelve months."""
        self.ensure_one()
        self.check_access("read")
        today = self.company_id._get_key_account_today()
        return self.env["account.move"]._get_records_action(
            name=self.env._("Revenue of %s", self.display_name),
            views=[(False, "list"), (False, "form")],
            domain=[
                "|",
                ("key_account_partner_id", "=", self.partner_id.id),
                "&",
                ("key_account_partner_id", "=", False),
                ("commercial_partner_id", "=", self.partner_id.id),
                ("company_id", "child_of", self.company_id.id),
                ("state", "=", "posted"),
                ("move_type", "in", REVENUE_TYPES),
                ("invoice_date", ">=", self.env["key.account"]._figures_period(today)),
                ("invoice_date", "<=", today),
            ],
            context={"create": False},
        )
