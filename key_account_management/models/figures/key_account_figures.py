# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import date
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.company_day import start_of_day
from .key_account_kpi import REVENUE_TYPES

#: Journal items that a customer still has to pay, and payments and credits that
#: aren't matched yet. The statements below and the lists behind them read this.
OPEN_ITEMS = Domain(
    [
        ("parent_state", "=", "posted"),
        ("account_type", "=", "asset_receivable"),
        ("reconciled", "=", False),
    ]
)
#: What the customer will have to pay in all, of the two statements on what is open.
EXPOSURE = SQL("(COALESCE(due.open_amount, 0) + COALESCE(orders.uninvoiced, 0))")
#: Cumulative share of the company's revenue up to which a customer is in the class.
ABC_LIMITS = {"a": 0.80, "b": 0.95}
#: Fields of ``key.account`` that the statement for twelve months writes.
COLUMNS = (
    "revenue_12m",
    "revenue_prev_12m",
    "margin_12m",
    "order_count_12m",
    "repeat_order_rate",
    "days_to_pay",
    "overdue_amount",
    "credit_exposure",
    "open_quotation_amount",
    "revenue_share",
    "cumulative_share",
    "abc_class",
    "figures_from",
    "figures_to",
)


class OpenAmounts(NamedTuple):
    """What a customer owes, with taxes, in company currency."""

    #: Posted and not paid, less payments and credits that aren't matched yet.
    open: float = 0.0
    #: The part of it that is past its due date.
    overdue: float = 0.0
    #: The overdue invoices alone, with nothing taken off.
    overdue_items: float = 0.0
    #: Ordered, confirmed and not yet invoiced.
    uninvoiced: float = 0.0
    #: What the customer will have to pay in all.
    exposure: float = 0.0
    #: Due date of the oldest overdue invoice.
    oldest: date | None = None


def past_due(day):
    """Return the domain of journal items whose due date has passed.

    :param day: the company's today
    """
    return Domain("date_maturity", "<", day)


def last_day_of_month(day):
    """Return the last day of a day's month."""
    return day + relativedelta(day=31)


class KeyAccountFigures(models.AbstractModel):
    """The statements that take the twelve months' figures, each for a whole batch."""

    _name = "key.account.figures"
    _description = "Figures of Twelve Months"

    @api.model
    def _write_figures(self, accounts, company, today):
        """Write the figures of accounts of one company, and of the groups above them.

        :param accounts: ``key.account`` records of the company
        :param today: the company's today
        """
        self.env.cr.execute(self._rolling_sql(accounts, company, today))
        self.env.cr.execute(self._group_sql(accounts))

    @api.model
    def _get_open_amounts(self, accounts, company, day, with_orders=True):
        """Return what is open as of this moment; see the method of ``key.account``."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                WITH chosen AS (%(chosen)s)
                SELECT chosen.id, COALESCE(due.open_amount, 0),
                       COALESCE(due.overdue_amount, 0), COALESCE(due.overdue_items, 0),
                       COALESCE(orders.uninvoiced, 0), %(exposure)s, due.oldest
                  FROM chosen
             LEFT JOIN (%(due)s) due ON due.account_id = chosen.id
             LEFT JOIN (%(orders)s) orders
                    ON orders.account_id = chosen.id AND %(with_orders)s
                """,
                chosen=self._chosen_sql(accounts),
                exposure=EXPOSURE,
                due=self._due_sql(day),
                orders=self._open_orders_sql(),
                with_orders=with_orders,
            )
        )
        rounded = company.currency_id.round
        return {
            account_id: OpenAmounts(*(rounded(float(each)) for each in amounts), oldest)
            for account_id, *amounts, oldest in rows
        }

    @api.model
    def _chosen_sql(self, accounts):
        """Name the accounts for all statements below, which call them ``chosen``."""
        return SQL(
            "SELECT id, partner_id, company_id FROM key_account WHERE id = ANY(%s)",
            accounts.ids,
        )

    @api.model
    def _rolling_sql(self, accounts, company, today):
        """Build the statement that writes the figures of one company's accounts."""
        return SQL(
            """
            UPDATE key_account SET (%(names)s) = ROW(%(values)s)
              FROM (%(figures)s) figures
             WHERE key_account.id = figures.account_id
               AND (%(own)s) IS DISTINCT FROM (%(values)s)
            """,
            names=SQL(", ").join(SQL.identifier(name) for name in COLUMNS),
            values=SQL(", ").join(SQL.identifier("figures", name) for name in COLUMNS),
            own=SQL(", ").join(SQL.identifier("key_account", name) for name in COLUMNS),
            figures=self._figures_sql(accounts, company, today),
        )

    @api.model
    def _figures_sql(self, accounts, company, today):
        """Put the statements below side by side, one row for each account."""
        since = accounts._figures_period(today)
        return SQL(
            """
            WITH chosen AS (%(chosen)s)
            SELECT chosen.id AS account_id,
                   COALESCE(monthly.revenue_12m, 0) AS revenue_12m,
                   COALESCE(monthly.revenue_before, 0) + COALESCE(year_ago.revenue, 0)
                       AS revenue_prev_12m,
                   COALESCE(monthly.margin_12m, 0) AS margin_12m,
                   COALESCE(monthly.order_count_12m, 0) AS order_count_12m,
                   COALESCE(monthly.days_to_pay, 0) AS days_to_pay,
                   COALESCE(repeated.repeat_order_rate, 0) AS repeat_order_rate,
                   COALESCE(due.overdue_amount, 0) AS overdue_amount,
                   ROUND(%(exposure)s::numeric, %(digits)s) AS credit_exposure,
                   ROUND(COALESCE(orders.quoted, 0)::numeric, %(digits)s)
                       AS open_quotation_amount,
                   classes.revenue_share, classes.cumulative_share, classes.abc_class,
                   %(since)s::date AS figures_from, %(today)s::date AS figures_to
              FROM chosen
         LEFT JOIN (%(monthly)s) monthly ON monthly.account_id = chosen.id
         LEFT JOIN (%(year_ago)s) year_ago ON year_ago.account_id = chosen.id
         LEFT JOIN (%(repeated)s) repeated ON repeated.account_id = chosen.id
         LEFT JOIN (%(due)s) due ON due.account_id = chosen.id
         LEFT JOIN (%(orders)s) orders ON orders.account_id = chosen.id
         LEFT JOIN (%(classes)s) classes ON classes.partner_id = chosen.partner_id
            """,
            chosen=self._chosen_sql(accounts),
            exposure=EXPOSURE,
            digits=company.currency_id.decimal_places,
            since=since,
            today=today,
            monthly=self._monthly_sql(accounts, since, today),
            year_ago=self._year_ago_sql(today - relativedelta(years=1)),
            repeated=self._repeat_orders_sql(company, since),
            due=self._due_sql(today),
            orders=self._open_orders_sql(),
            classes=self._classes_sql(company, since, last_day_of_month(today)),
        )

    @api.model
    def _monthly_sql(self, accounts, since, today):
        """Add up whole months: these twelve, and of the twelve before all but one."""
        return SQL(
            """
            SELECT kpi.account_id,
                   SUM(kpi.revenue) FILTER (WHERE kpi.month >= %(since)s)
                       AS revenue_12m,
                   SUM(kpi.revenue) FILTER (WHERE kpi.month < %(last)s)
                       AS revenue_before,
                   SUM(kpi.margin) FILTER (WHERE kpi.month >= %(since)s)
                       AS margin_12m,
                   SUM(kpi.order_count) FILTER (WHERE kpi.month >= %(since)s)
                       AS order_count_12m,
                   SUM(kpi.paid_days) FILTER (WHERE kpi.month >= %(since)s)
                       / NULLIF(SUM(kpi.paid_count)
                           FILTER (WHERE kpi.month >= %(since)s), 0)::float
                       AS days_to_pay
              FROM key_account_kpi kpi
             WHERE kpi.account_id = ANY(%(ids)s)
               AND kpi.month >= %(since)s::date - interval '1 year'
               AND kpi.month <= %(today)s
          GROUP BY kpi.account_id
            """,
            ids=accounts.ids,
            since=since,
            today=today,
            last=(today - relativedelta(years=1)).replace(day=1),
        )

    @api.model
    def _year_ago_sql(self, day):
        """Add up the running month of last year, up to the same day."""
        return SQL(
            """
            SELECT chosen.id AS account_id, SUM(move.amount_untaxed_signed) AS revenue
              FROM chosen
              JOIN account_move move
                ON move.commercial_partner_id = chosen.partner_id
               AND move.company_id = chosen.company_id
               AND move.state = 'posted' AND move.move_type IN %(types)s
               AND move.invoice_date BETWEEN %(first)s AND %(day)s
          GROUP BY chosen.id
            """,
            types=REVENUE_TYPES,
            first=day.replace(day=1),
            day=day,
        )

    @api.model
    def _repeat_orders_sql(self, company, since):
        """Take the share of the ordered products that were ordered more than once."""
        return SQL(
            """
            SELECT account_id, 100.0 * COUNT(*) FILTER (WHERE orders > 1) / COUNT(*)
                       AS repeat_order_rate
              FROM (
                SELECT chosen.id AS account_id, COUNT(DISTINCT sale.id) AS orders
                  FROM chosen
                  JOIN res_partner customer
                    ON customer.commercial_partner_id = chosen.partner_id
                  JOIN sale_order sale ON sale.partner_id = customer.id
                   AND sale.company_id = chosen.company_id AND sale.state = 'sale'
                   AND sale.date_order >= %(since)s
                  JOIN sale_order_line line ON line.order_id = sale.id
                   AND line.product_id IS NOT NULL
              GROUP BY chosen.id, line.product_id) product
          GROUP BY account_id
            """,
            since=start_of_day(since, company._get_key_account_tz()),
        )

    @api.model
    def _due_sql(self, day):
        """Add up what the customer owes, and what of it is past its due date."""
        # sudo: which items count doesn't depend on who looks at the sum.
        Line = self.env["account.move.line"].sudo()
        items = Line._search(OPEN_ITEMS)
        return SQL(
            """
            SELECT chosen.id AS account_id,
                   SUM(amount_residual) AS open_amount,
                   SUM(amount_residual) FILTER (WHERE %(past_due)s) AS overdue_amount,
                   SUM(amount_residual) FILTER (
                       WHERE %(past_due)s AND amount_residual > 0) AS overdue_items,
                   MIN(date_maturity) FILTER (
                       WHERE %(past_due)s AND amount_residual > 0) AS oldest
              FROM chosen
              JOIN res_partner customer
                ON customer.commercial_partner_id = chosen.partner_id
              JOIN (%(items)s) ON account_move_line.partner_id = customer.id
               AND account_move_line.company_id = chosen.company_id
             WHERE %(open)s
          GROUP BY chosen.id
            """,
            items=items.from_clause,
            open=items.where_clause,
            past_due=Line._search(past_due(day)).where_clause,
        )

    @api.model
    def _open_orders_sql(self):
        """Add up open quotations, and what of confirmed orders isn't invoiced.

        Only posted invoices count: a draft is no claim on the customer yet. A posted
        down payment is a claim already, as long as no invoice has taken it off again.
        """
        return SQL(
            """
            SELECT account_id, SUM(quoted) AS quoted,
                   SUM(ordered - LEAST(paid_down, GREATEST(ordered, 0))) AS uninvoiced
              FROM (
                SELECT chosen.id AS account_id,
                       SUM(line.price_subtotal / rate.value)
                           FILTER (WHERE sale.state IN ('draft', 'sent')) AS quoted,
                       COALESCE(SUM(line.price_total / rate.value * LEAST(1, 1
                               - COALESCE(line.untaxed_amount_invoiced, 0)
                               / NULLIF(line.price_subtotal, 0)))
                           FILTER (WHERE sale.state = 'sale'
                               AND line.is_downpayment IS NOT TRUE
                               AND ABS(COALESCE(line.untaxed_amount_invoiced, 0))
                                   < ABS(line.price_subtotal)), 0) AS ordered,
                       COALESCE(SUM(line.untaxed_amount_invoiced / rate.value
                               * sale.amount_total / NULLIF(sale.amount_untaxed, 0))
                           FILTER (WHERE sale.state = 'sale'
                               AND line.is_downpayment), 0) AS paid_down
                  FROM chosen
                  JOIN res_partner customer
                    ON customer.commercial_partner_id = chosen.partner_id
                  JOIN sale_order sale ON sale.partner_id = customer.id
                   AND sale.company_id = chosen.company_id
                   AND sale.state IN ('draft', 'sent', 'sale')
            CROSS JOIN LATERAL (
                SELECT COALESCE(NULLIF(sale.currency_rate, 0), 1) AS value) rate
                  JOIN sale_order_line line ON line.order_id = sale.id
                   AND line.display_type IS NULL
              GROUP BY chosen.id, sale.id) document
          GROUP BY account_id
            """
        )

    @api.model
    def _classes_sql(self, company, since, until):
        """Rank all customers of the company by revenue: shares and ABC classes."""
        return SQL(
            """
            SELECT partner_id,
                   100 * revenue / NULLIF(SUM(revenue) OVER (), 0) AS revenue_share,
                   100 * SUM(revenue) OVER ranking / NULLIF(SUM(revenue) OVER (), 0)
                       AS cumulative_share,
                   CASE WHEN SUM(revenue) OVER ranking - revenue
                             < %(a)s * SUM(revenue) OVER () THEN 'a'
                        WHEN SUM(revenue) OVER ranking - revenue
                             < %(b)s * SUM(revenue) OVER () THEN 'b'
                        ELSE 'c' END AS abc_class
              FROM (
                SELECT move.commercial_partner_id AS partner_id,
                       SUM(move.amount_untaxed_signed) AS revenue
                  FROM account_move move
                 WHERE move.company_id = %(company)s AND move.state = 'posted'
                   AND move.move_type IN %(types)s
                   AND move.invoice_date BETWEEN %(since)s AND %(until)s
              GROUP BY 1 HAVING SUM(move.amount_untaxed_signed) > 0) customer
            WINDOW ranking AS (ORDER BY revenue DESC, partner_id)
            """,
            a=ABC_LIMITS["a"],
            b=ABC_LIMITS["b"],
            company=company.id,
            types=REVENUE_TYPES,
            since=since,
            until=until,
        )

    @api.model
    def _group_sql(self, accounts):
        """Roll up over subsidiaries of any depth, for these and all accounts above."""
        return SQL(
            """
            UPDATE key_account parent
               SET group_revenue_12m = total.revenue, group_margin_12m = total.margin,
                   group_overdue_amount = total.overdue,
                   group_credit_exposure = total.exposure
              FROM (
                SELECT upper.id, SUM(lower.revenue_12m) AS revenue,
                       SUM(lower.margin_12m) AS margin,
                       SUM(lower.overdue_amount) AS overdue,
                       SUM(lower.credit_exposure) AS exposure
                  FROM key_account upper
                  JOIN key_account lower
                    ON starts_with(lower.parent_path, upper.parent_path)
                 WHERE EXISTS (
                       SELECT 1 FROM key_account changed
                        WHERE changed.id = ANY(%(ids)s)
                          AND starts_with(changed.parent_path, upper.parent_path))
              GROUP BY upper.id) total
             WHERE parent.id = total.id
               AND (parent.group_revenue_12m, parent.group_margin_12m,
                    parent.group_overdue_amount, parent.group_credit_exposure)
                   IS DISTINCT FROM
                   (total.revenue, total.margin, total.overdue, total.exposure)
            """,
            ids=accounts.ids,
        )
