# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import SQL

from ..tools.groups import ALL_ACCOUNTS
from ..tools.records import open_records
from .key_account_kpi import MOVE_CUSTOMER, REVENUE_TYPES

#: Period -> its number of months.
MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
#: Taken from the documents.
ACHIEVED = {
    "revenue",
    "margin",
    "elapsed",
    "revenue_rate",
    "revenue_forecast",
    "margin_rate",
    "margin_forecast",
    "forecast_rate",
    "status",
    "taken_on",
}


class KeyAccountTarget(models.Model):
    """What is to be reached with an account, or by a manager with all accounts."""

    _name = "key.account.target"
    _description = "Key Account Target"
    _inherit = ["mail.thread", "key.account.server.written"]
    _order = "date_from desc, id"
    _check_company_auto = True
    _server_written = ACHIEVED
    _scope_fields = ("account_id", "user_id")

    name = fields.Char(compute="_compute_name", store=True)
    scope = fields.Selection(
        [("account", "One Account"), ("manager", "All Accounts of a Manager")],
        default="account",
        required=True,
    )
    account_id = fields.Many2one(
        "key.account",
        string="Key Account",
        index=True,
        ondelete="cascade",
        check_company=True,
        tracking=True,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Account Manager",
        compute="_compute_user_id",
        store=True,
        readonly=False,
        index=True,
        tracking=True,
        help="For all that was invoiced while this user managed the account.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    period = fields.Selection(
        [
            ("month", "Month"),
            ("quarter", "Quarter"),
            ("half", "Half-Year"),
            ("year", "Year"),
        ],
        default="year",
        required=True,
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: self.env.company._get_key_account_today().replace(
            month=1, day=1
        ),
        help="The first day of a month, as figures are kept by month.",
    )
    date_to = fields.Date(
        string="Until", compute="_compute_date_to", store=True, precompute=True
    )
    target_revenue = fields.Monetary(string="Revenue Target", tracking=True)
    target_margin = fields.Monetary(string="Margin Target", tracking=True)
    note = fields.Text()
    revenue = fields.Monetary(string="Revenue Achieved", readonly=True, copy=False)
    margin = fields.Monetary(string="Margin Achieved", readonly=True, copy=False)
    elapsed = fields.Float(
        string="Elapsed (%)", readonly=True, copy=False, aggregator="avg"
    )
    revenue_rate = fields.Float(
        string="Revenue (%)", readonly=True, copy=False, aggregator="avg"
    )
    margin_rate = fields.Float(
        string="Margin (%)", readonly=True, copy=False, aggregator="avg"
    )
    revenue_forecast = fields.Monetary(
        readonly=True,
        copy=False,
        help="At the pace so far: what was achieved, divided by the share of the days "
        "elapsed.",
    )
    margin_forecast = fields.Monetary(readonly=True, copy=False)
    forecast_rate = fields.Float(
        string="Forecast (%)",
        readonly=True,
        copy=False,
        aggregator="avg",
        help="Of the target; the lower of revenue and margin.",
    )
    status = fields.Selection(
        [
            ("future", "Not Started"),
            ("on_track", "On Track"),
            ("behind", "Behind"),
            ("achieved", "Achieved"),
            ("missed", "Missed"),
        ],
        readonly=True,
        copy=False,
        index=True,
    )
    taken_on = fields.Date(string="Figures of", readonly=True, copy=False)

    _targets = models.Constraint(
        "CHECK (COALESCE(target_revenue, 0) >= 0 AND COALESCE(target_margin, 0) >= 0 "
        "AND COALESCE(target_revenue, 0) + COALESCE(target_margin, 0) > 0)",
        "Enter a target for revenue or margin; it can't be negative.",
    )

    _account_period_uniq = models.UniqueIndex(
        "(account_id, period, date_from) WHERE scope = 'account'",
        "The account already has a target for this period.",
    )

    _manager_period_uniq = models.UniqueIndex(
        "(user_id, company_id, period, date_from) WHERE scope = 'manager'",
        "The account manager already has a target for this period.",
    )

    @api.depends("scope", "account_id.manager_id")
    def _compute_user_id(self):
        for target in self:
            if target.scope == "account":
                target.user_id = target.account_id.manager_id

    @api.depends("date_from", "period")
    def _compute_date_to(self):
        for target in self:
            target.date_to = target.date_from and (
                target.date_from
                + relativedelta(months=MONTHS[target.period or "year"], days=-1)
            )

    @api.depends("scope", "account_id", "user_id", "date_from", "period")
    def _compute_name(self):
        for target in self:
            who = target.account_id if target.scope == "account" else target.user_id
            day = target.date_from
            target.name = (
                f"{who.display_name or ''} {self._period_name(target.period, day)}"
                if day
                else who.display_name
            )

    @api.model
    def _period_name(self, period, day):
        """Name a period the way people write it: 2026, Q1 2026, 03/2026."""
        if period == "year" and day.month == 1:
            return str(day.year)
        if period == "quarter" and day.month % 3 == 1:
            return f"Q{day.month // 3 + 1} {day.year}"
        return f"{day:%m/%Y}" if period == "month" else f"{day:%m/%Y} +{MONTHS[period]}"

    @api.constrains("scope", "account_id", "user_id", "date_from")
    def _check_target(self):
        for target in self:
            if target.scope == "account" and not target.account_id:
                raise ValidationError(
                    self.env._("Choose the key account that the target is for.")
                )
            if target.scope == "manager" and not target.user_id:
                raise ValidationError(
                    self.env._("Choose the account manager that the target is for.")
                )
            if target.date_from.day != 1:
                raise ValidationError(
                    self.env._(
                        "Figures are kept by month: let the period begin on the first."
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_manager_scope(vals)
            if vals.get("scope") == "manager":
                vals["account_id"] = False
            elif vals.get("account_id"):
                # The account decides: a target can't lie in another company.
                account = self.env["key.account"].browse(vals["account_id"])
                vals["company_id"] = account.company_id.id
        targets = super().create(vals_list)
        # The scope may have come as a default.
        targets._check_manager_scope({})
        targets._refresh()
        return targets

    def write(self, vals):
        self._check_manager_scope(vals)
        result = super().write(vals)
        if not {
            "target_revenue",
            "target_margin",
            "date_from",
            "period",
            "scope",
            "account_id",
            "user_id",
        }.isdisjoint(vals):
            self._refresh()
        return result

    def _check_manager_scope(self, vals):
        """Leave account managers' targets to those with access to all accounts."""
        if self.env.su or self.env.user.has_group(ALL_ACCOUNTS):
            return
        if "manager" in (vals.get("scope"), *self.mapped("scope")):
            raise AccessError(
                self.env._(
                    "Only users with access to all accounts can set the target of an "
                    "account manager."
                )
            )

    def _refresh(self):
        """Take achievement and forecast of these targets, in one statement each."""
        self.env.flush_all()
        for company, targets in self.grouped("company_id").items():
            self.env.cr.execute(
                targets._refresh_sql(company, company._get_key_account_today())
            )
        self.invalidate_recordset(ACHIEVED)

    def _refresh_sql(self, company, today):
        """Build the statement: sums by month, share of the days, forecast, status."""
        return SQL(
            """
            UPDATE key_account_target target
               SET revenue = done.revenue, margin = done.margin,
                   elapsed = 100 * done.share, taken_on = %(today)s,
                   revenue_rate = 100 * done.revenue
                       / NULLIF(target.target_revenue, 0),
                   margin_rate = 100 * done.margin
                       / NULLIF(target.target_margin, 0),
                   revenue_forecast = ROUND(done.revenue
                       / NULLIF(done.share, 0)::numeric, %(digits)s),
                   margin_forecast = ROUND(done.margin
                       / NULLIF(done.share, 0)::numeric, %(digits)s),
                   forecast_rate = 100 * done.rate / NULLIF(done.share, 0),
                   status = CASE
                       WHEN done.rate >= 1 THEN 'achieved'
                       WHEN target.date_to < %(today)s THEN 'missed'
                       WHEN done.share = 0 THEN 'future'
                       WHEN done.rate >= done.share THEN 'on_track'
                       ELSE 'behind' END
              FROM (
                SELECT sums.*, LEAST(
                           sums.revenue / NULLIF(sums.target_revenue, 0),
                           sums.margin / NULLIF(sums.target_margin, 0))::float AS rate,
                       GREATEST(LEAST((%(today)s::date - sums.date_from + 1)::float
                           / (sums.date_to - sums.date_from + 1), 1), 0) AS share
                  FROM (%(sums)s) sums) done
             WHERE done.id = target.id
            """,
            today=today,
            digits=company.currency_id.decimal_places,
            sums=self._sums_sql(),
        )

    def _sums_sql(self):
        """Add up the months of an account, and the documents of a manager.

        Documents keep who managed the account: a hand-over moves the future alone.
        """
        return SQL(
            """
            SELECT goal.id, goal.date_from, goal.date_to,
                   goal.target_revenue, goal.target_margin,
                   COALESCE(SUM(part.revenue), 0) AS revenue,
                   COALESCE(SUM(part.margin), 0) AS margin
              FROM key_account_target goal
         LEFT JOIN LATERAL (
                SELECT kpi.revenue, kpi.margin FROM key_account_kpi kpi
                 WHERE goal.scope = 'account' AND kpi.account_id = goal.account_id
                   AND kpi.month BETWEEN goal.date_from AND goal.date_to
             UNION ALL
                SELECT move.amount_untaxed_signed,
                       move.amount_untaxed_signed - COALESCE(move.key_account_cost, 0)
                  FROM account_move move
                 WHERE goal.scope = 'manager'
                   AND move.key_account_manager_id = goal.user_id
                   AND %s AND move.state = 'posted'
                   AND move.move_type IN %s
                   AND move.invoice_date BETWEEN goal.date_from AND goal.date_to
                   ) part ON TRUE
             WHERE goal.id = ANY(%s)
          GROUP BY goal.id
            """,
            self.env["key.account"]._own_documents_sql("move", "goal", MOVE_CUSTOMER),
            REVENUE_TYPES,
            self.ids,
        )

    def _read_group_select(self, aggregate_spec, query):
        """Add up no targets of accounts with those of their managers."""
        result = super()._read_group_select(aggregate_spec, query)
        if not aggregate_spec.endswith(":sum"):
            return result
        scope = self._field_to_sql(self._table, "scope", query)
        return SQL("CASE WHEN COUNT(DISTINCT %s) = 1 THEN %s END", scope, result)

    def action_refresh(self):
        """Take the figures of these targets from the documents, as of now."""
        self.check_access("read")
        # sudo: the figures of these targets, of which the user sees the sums.
        targets = self.sudo()
        targets.account_id.action_refresh_figures()
        targets._refresh()

    def action_copy_next(self):
        """Make the target of the following period, with the same amounts."""
        copies = self.browse()
        for target in self:
            copies |= target.copy({"date_from": target.date_to + relativedelta(days=1)})
        return copies._get_records_action(name=self.env._("Next Period"))

    def action_view_kpis(self):
        """Open what makes up the achievement: monthly figures, or a manager's invoices.

        :return: a window action
        """
        self.ensure_one()
        if self.scope == "manager":
            return open_records(
                self.env,
                "account.action_move_out_invoice_type",
                [
                    ("key_account_manager_id", "=", self.user_id.id),
                    ("company_id", "=", self.company_id.id),
                    ("state", "=", "posted"),
                    ("move_type", "in", REVENUE_TYPES),
                    ("invoice_date", ">=", self.date_from),
                    ("invoice_date", "<=", self.date_to),
                ],
                context={"create": False},
            )
        return open_records(
            self.env,
            "key_account_management.key_account_kpi_action",
            [
                ("account_id", "=", self.account_id.id),
                ("company_id", "=", self.company_id.id),
                ("month", ">=", self.date_from),
                ("month", "<=", self.date_to),
            ],
        )
