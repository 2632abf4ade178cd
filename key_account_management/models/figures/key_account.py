# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .key_account_figures import COLUMNS, last_day_of_month
from .key_account_kpi import REVENUE_TYPES

#: Not to be typed by anybody.
FIGURES = {
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
}


def percent_change(new, old):
    """Return by how many per cent a figure has grown; 0 where there was none."""
    return 100 * (new - old) / abs(old) if old else 0.0


class KeyAccount(models.Model):
    """The figures of twelve months: this month so far and the eleven before it."""

    _inherit = "key.account"

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
        help="Share of the articles ordered in 12 months that were ordered more than "
        "once.",
    )
    days_to_pay = fields.Float(
        string="Days to Pay",
        readonly=True,
        aggregator="avg",
        help="Average days from invoice to payment, paid invoices of 12 months.",
    )
    overdue_amount = fields.Monetary(
        string="Overdue", readonly=True, help="Open and past the due date, with taxes."
    )
    credit_exposure = fields.Monetary(
        readonly=True,
        help="All that is open, and what of confirmed orders is not invoiced yet, with "
        "taxes.",
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
        [("a", "A"), ("b", "B"), ("c", "C")],
        string="ABC Class",
        readonly=True,
        index=True,
        help="A: the largest customers who bring the first 80 % of the revenue; "
        "B: up to 95 %; C: the rest.",
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

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_no_typed_figures(vals)
        accounts = super().create(vals_list)
        accounts.action_refresh_figures()
        return accounts

    def write(self, vals):
        self._check_no_typed_figures(vals)
        return super().write(vals)

    def copy_data(self, default=None):
        # Figures belong to the customer: a copy for another one starts without.
        figures = FIGURES - set(default or {})
        return [
            {name: value for name, value in vals.items() if name not in figures}
            for vals in super().copy_data(default)
        ]

    def _check_no_typed_figures(self, vals):
        """Refuse figures from a hand: they come from documents alone."""
        if not FIGURES.isdisjoint(vals):
            raise UserError(
                self.env._(
                    "The figures of a key account are taken from its documents and "
                    "can't be entered."
                )
            )

    @api.depends("revenue_12m", "revenue_prev_12m", "margin_12m")
    def _compute_rates(self):
        for account in self:
            account.growth = percent_change(
                account.revenue_12m, account.revenue_prev_12m
            )
            account.margin_rate = (
                100 * account.margin_12m / account.revenue_12m
                if account.revenue_12m
                else 0.0
            )

    @api.model
    def _figures_period(self, today):
        """Return the first day of the twelve months that end with a day."""
        return today.replace(day=1) - relativedelta(months=11)

    def _refresh_figures(self):
        """Take the twelve months' figures of these accounts, set-based.

        The monthly rows must be right before; what depends on today (overdue, open
        quotations, classes) comes from the documents themselves. Rows that stay the
        same aren't written, to leave alone whoever edits the account.
        """
        self.env.flush_all()
        for company, accounts in self.grouped("company_id").items():
            today = fields.Date.context_today(
                self.with_context(tz=company._get_key_account_tz())
            )
            for query in (
                accounts._rolling_sql(company, today),
                accounts._group_sql(),
            ):
                self.env.cr.execute(query)
        self.env["key.account.kpi"]._take_snapshots(self)
        self.invalidate_recordset()
        self.env.add_to_compute(self._fields["growth"], self)
        self.env.add_to_compute(self._fields["margin_rate"], self)
        self.flush_recordset()

    def action_refresh_figures(self):
        """Take all figures of these accounts anew from their documents.

        :return: True, as XML-RPC can't tell of nothing
        """
        self.check_access("read")
        # sudo: figures are taken from all documents of the customer and written by
        # nobody's hand; the user may read these accounts.
        accounts = self.sudo()
        accounts.env["key.account.kpi"]._rebuild(accounts)
        accounts._refresh_figures()
        accounts._refresh_health()
        return True

    def _open_invoice_lines(self, first_day, last_day):
        """Open the posted invoice lines of a period, with their sum."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Revenue of %s", self.display_name),
            "res_model": "account.move.line",
            "view_mode": "list,pivot",
            "views": [
                (
                    self.env.ref(
                        "key_account_management.account_move_line_view_list_revenue"
                    ).id,
                    "list",
                ),
                (False, "pivot"),
            ],
            "domain": [
                ("move_id.commercial_partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("parent_state", "=", "posted"),
                ("move_type", "in", REVENUE_TYPES),
                ("display_type", "in", ("product", "rounding")),
                ("tax_repartition_line_id", "=", False),
                ("move_id.invoice_date", ">=", first_day),
                ("move_id.invoice_date", "<=", last_day),
            ],
            "context": {"create": False, "edit": False},
        }

    def action_view_revenue_12m(self):
        """Open the invoice lines of the twelve months."""
        return self._open_invoice_lines(
            self.figures_from, last_day_of_month(self.figures_to)
        )

    def action_view_overdue(self):
        """Open what is past its due date and not paid."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Overdue of %s", self.display_name),
            "res_model": "account.move.line",
            "view_mode": "list",
            "views": [
                (
                    self.env.ref(
                        "key_account_management.account_move_line_view_list_overdue"
                    ).id,
                    "list",
                )
            ],
            "domain": [
                ("partner_id.commercial_partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("parent_state", "=", "posted"),
                ("account_type", "=", "asset_receivable"),
                ("reconciled", "=", False),
                ("date_maturity", "<", self.figures_to),
            ],
            "context": {"create": False, "edit": False},
        }

    def action_view_open_quotations(self):
        """Open the quotations that wait for the customer's answer."""
        return self._open_documents(
            "sale.action_quotations",
            [
                ("state", "in", ("draft", "sent")),
                ("partner_id.commercial_partner_id", "=", self.partner_id.id),
            ],
            {},
        )

    def action_view_kpis(self):
        """Open the figures month by month."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_management.key_account_kpi_action"
        )
        action["domain"] = [("account_id", "in", self.ids)]
        action["context"] = {}
        return action
