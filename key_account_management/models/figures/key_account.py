# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..account.key_account_documents import ORDERS
from ..tools.records import open_records
from .key_account_figures import CLASSES, COLUMNS
from .key_account_kpi import REVENUE_TYPES
from .key_account_open_amounts import OPEN_ITEMS, past_due


class KeyAccount(models.Model):
    """The figures of twelve months, up to the day of the figures, and health."""

    _name = "key.account"
    _inherit = [
        "key.account",
        "key.account.contact",
        "key.account.health.facts",
        "key.account.figures.sections",
        "key.account.server.written",
    ]
    _server_written = (
        *COLUMNS,
        "growth",
        "margin_rate",
        "group_revenue_12m",
        "group_margin_12m",
        "group_overdue_amount",
        "group_credit_exposure",
        "health_score",
        "health_moved",
        "health_date",
        "last_contact_date",
    )

    target_ids = fields.One2many("key.account.target", "account_id", string="Targets")
    kpi_ids = fields.One2many("key.account.kpi", "account_id", readonly=True)
    figures_from = fields.Date(readonly=True, help="First day of the twelve months.")
    figures_to = fields.Date(readonly=True, help="Day of the figures.")
    revenue_12m = fields.Monetary(
        string="Revenue (12 Months)",
        readonly=True,
        help="Net of credit notes and taxes: this month so far and the 11 before.",
    )
    revenue_prev_12m = fields.Monetary(
        string="Revenue (Year Before)",
        readonly=True,
        help="The same days a year earlier.",
    )
    growth = fields.Float(
        string="Growth (%)",
        compute="_compute_rates",
        store=True,
        aggregator=None,
        help="Against the same days a year earlier.",
    )
    margin_12m = fields.Monetary(string="Margin (12 Months)", readonly=True)
    margin_rate = fields.Float(
        string="Margin (%)", compute="_compute_rates", store=True, aggregator=None
    )
    order_count_12m = fields.Integer(string="Orders (12 Months)", readonly=True)
    repeat_order_rate = fields.Float(
        string="Repeat Orders (%)",
        readonly=True,
        aggregator="avg",
        help="Share of the products ordered in 12 months that were ordered more than "
        "once.",
    )
    days_to_pay = fields.Float(
        string="Days to Pay",
        readonly=True,
        aggregator="avg",
        help="Days from invoice to payment in 12 months, weighted by the amounts. What "
        "is overdue counts with its age. Credits and write-offs are no payments.",
    )
    days_to_pay_weight = fields.Monetary(
        string="Paid or Overdue",
        readonly=True,
        help="The amounts from which the days to pay are taken; 0: there are none yet.",
    )
    overdue_amount = fields.Monetary(
        string="Overdue", readonly=True, help="Open and past the due date, with taxes."
    )
    credit_exposure = fields.Monetary(
        readonly=True,
        help="Everything the customer still has to pay, including confirmed orders "
        "that are not invoiced yet, with taxes.",
    )
    open_quotation_amount = fields.Monetary(
        string="Open Quotations", readonly=True, help="Without taxes."
    )
    revenue_share = fields.Float(
        string="Share of Revenue (%)",
        readonly=True,
        help="Of the company's revenue with all customers in the same twelve months.",
    )
    cumulative_share = fields.Float(
        string="Cumulative Share (%)",
        readonly=True,
        aggregator=None,
        help="Share of this and all larger customers together.",
    )
    abc_class = fields.Selection(
        CLASSES,
        string="ABC Class",
        readonly=True,
        index=True,
        help="A: the largest customers, who bring the first 80 % of the revenue; "
        "B: the next ones, up to 95 %; C: all others.",
    )
    group_revenue_12m = fields.Monetary(
        string="Group Revenue (12 Months)",
        readonly=True,
        aggregator=None,
        help="With all subsidiaries of any depth.",
    )
    group_margin_12m = fields.Monetary(
        string="Group Margin (12 Months)", readonly=True, aggregator=None
    )
    group_overdue_amount = fields.Monetary(
        string="Group Overdue", readonly=True, aggregator=None
    )
    group_credit_exposure = fields.Monetary(readonly=True, aggregator=None)

    health_ids = fields.One2many(
        "key.account.health",
        compute="_compute_health_ids",
        string="Health of This Month",
    )
    health_score = fields.Float(
        readonly=True,
        aggregator="avg",
        help="0 to 100: the weighted mean of the components below, taken every night.",
    )
    health_moved = fields.Float(
        readonly=True, aggregator="avg", help="Since last month."
    )
    health_date = fields.Date(readonly=True)
    risk_reason = fields.Text(tracking=True, help="Why the account is at risk.")
    risk_automatic = fields.Boolean(readonly=True)
    overdue_rate = fields.Float(
        compute="_compute_health_raw",
        help="Overdue amount as a share of the credit exposure.",
    )
    days_since_contact = fields.Integer(compute="_compute_health_raw")

    @api.model_create_multi
    def create(self, vals_list):
        accounts = super().create(vals_list)
        accounts._queue_accounts_above()
        accounts.action_refresh_figures()
        return accounts

    def write(self, vals):
        """Look again at the accounts above when a branch's account ends or comes."""
        result = super().write(vals)
        if not {"state", "active", "company_id"}.isdisjoint(vals):
            self._queue_accounts_above()
        return result

    @api.depends("revenue_12m", "revenue_prev_12m", "margin_12m")
    def _compute_rates(self):
        for account in self:
            now, before = account.revenue_12m, account.revenue_prev_12m
            account.growth = 100 * (now - before) / abs(before) if before else 0.0
            account.margin_rate = 100 * account.margin_12m / now if now else 0.0

    @api.model
    def _figures_period(self, today):
        """Return the first day of the twelve months that end with a day."""
        return today - relativedelta(years=1) + relativedelta(days=1)

    def _refresh_figures(self):
        """Take the twelve months' figures of these accounts, set-based.

        The monthly rows must be right before; what depends on today (overdue, open
        quotations, classes) comes from the documents themselves. Rows that stay the
        same aren't written: somebody may be editing them.
        """
        self.env.flush_all()
        for company, accounts in self.grouped("company_id").items():
            self.env["key.account.figures"]._write_figures(
                accounts, company, company._get_key_account_today()
            )
        self.env["key.account.kpi"]._take_snapshots(self)
        self.invalidate_recordset()
        for fname in ("growth", "margin_rate"):
            self.env.add_to_compute(self._fields[fname], self)
        self.flush_recordset()

    def action_activate(self):
        """Manage the customer as an active key account, at risk no longer."""
        result = super().action_activate()
        # sudo: the flag is the system's; the state above was written by the user.
        self.sudo().write({"risk_reason": False, "risk_automatic": False})
        return result

    def action_refresh_figures(self):
        """Take all figures of these accounts from their documents.

        :return: True, as XML-RPC can't return nothing
        """
        self.check_access("read")
        # sudo: figures add up all documents of the customer and are written by the
        # system alone; the user can read these accounts.
        accounts = self.sudo()
        accounts.env["key.account.kpi"]._rebuild(accounts)
        accounts._refresh_figures()
        accounts._refresh_health()
        return True

    def _get_open_amounts(self, company, day, with_orders=True):
        """Return what the customers of these accounts owe, as of this moment.

        Whatever asks what is open, overdue or exposed asks here; what lies behind an
        overdue amount is listed by :meth:`_overdue_domain`.

        :param company: the ``res.company`` of the accounts
        :param day: what was due before it is overdue: the company's today, or an
            earlier day where some days of delay are tolerated
        :param bool with_orders: whether confirmed orders that are not invoiced yet
            are added up, too; without them ``exposure`` is what is invoiced
        :return: dict of account id -> :class:`~.key_account_open_amounts.OpenAmounts`
        """
        return self.env["key.account.figures"]._get_open_amounts(
            self, company, day, with_orders
        )

    def _overdue_domain(self, day):
        """Return the domain of the journal items that are overdue.

        Unmatched payments and credits are among them: the sum of the residual amounts
        is ``overdue`` of :meth:`_get_open_amounts`.

        :param day: the company's today
        """
        items = self.env["account.move.line"]
        return OPEN_ITEMS & past_due(day) & self._customer_domain(items, "move_id.")

    def _open_journal_items(self, name, list_name, domain):
        """Open journal items, to be read only.

        :param str list_name: end of the list view's XML id
        """
        self.ensure_one()
        view = self.env.ref(
            f"key_account_management.account_move_line_view_list_{list_name}"
        )
        return self.env["account.move.line"]._get_records_action(
            name=name,
            views=[(view.id, "list")],
            domain=list(domain),
            context={"create": False, "edit": False},
        )

    def _open_invoice_lines(self, first_day, last_day):
        """Open the posted invoice lines of a period, with their sum."""
        action = self._open_journal_items(
            self.env._("Revenue of %s", self.display_name),
            "revenue",
            self._customer_domain(
                self.env["account.move.line"], "move_id.", "move_id.partner_id"
            )
            & Domain(
                [
                    ("parent_state", "=", "posted"),
                    ("move_type", "in", REVENUE_TYPES),
                    ("display_type", "in", ("product", "rounding")),
                    ("tax_repartition_line_id", "=", False),
                    ("move_id.invoice_date", ">=", first_day),
                    ("move_id.invoice_date", "<=", last_day),
                ]
            ),
        )
        action["views"].append((False, "pivot"))
        return action

    def action_view_revenue_12m(self):
        """Open the invoice lines of the twelve months."""
        return self._open_invoice_lines(self.figures_from, self.figures_to)

    def action_view_overdue(self):
        """Open what is past its due date and not paid."""
        return self._open_journal_items(
            self.env._("Overdue of %s", self.display_name),
            "overdue",
            self._overdue_domain(self.figures_to),
        )

    def action_view_open_quotations(self):
        """Open the quotations that wait for the customer's answer."""
        return self._open_documents(ORDERS, [("state", "in", ("draft", "sent"))])

    def action_view_kpis(self):
        """Open the figures month by month."""
        self.check_access("read")
        return open_records(
            self.env,
            "key_account_management.key_account_kpi_action",
            [("account_id", "in", self.ids)],
        )

    def _queue_accounts_above(self):
        """Queue the accounts of the same customers in the companies above."""
        if self._has_branches():
            # sudo: only which companies stand above.
            self.env["key.account.kpi.queue"]._add(
                (account.partner_id.id, company.id, None)
                for account in self
                for company in account.company_id.sudo().parent_id.parent_ids
            )

    def _after_customer_change(self):
        result = super()._after_customer_change()
        # Documents of any month may have come or gone.
        self.env["key.account.kpi.queue"]._add(
            (account.partner_id.id, account.company_id.id, None) for account in self
        )
        return result

    def _report_sections(self, period):
        """Add the targets with their forecast, and health with what moved it."""
        return [
            *super()._report_sections(period),
            *self._report_targets(period),
            *self._report_health(period),
        ]
