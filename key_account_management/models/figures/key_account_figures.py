# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import SQL

from ..tools.company_day import start_of_day
from .key_account_kpi import REVENUE_TYPES
from .key_account_open_amounts import EXPOSURE

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


def last_day_of_month(day):
    """Return the last day of a day's month."""
    return day + relativedelta(day=31)


class KeyAccountFigures(models.AbstractModel):
    """The statements that take the twelve months' figures, each for a whole batch."""

    _name = "key.account.figures"
    _description = "Figures of Twelve Months"
    _inherit = ["key.account.open.amounts"]

    @api.model
    def _write_figures(self, accounts, company, today):
        """Write the figures of accounts of one company, and of the groups above them.

        :param accounts: ``key.account`` records of the company
        :param today: the company's today
        """
        self.env.cr.execute(self._rolling_sql(accounts, company, today))
        self.env.cr.execute(self._group_sql(accounts))

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
                ON COALESCE(move.key_account_partner_id,
                            move.commercial_partner_id) = chosen.partner_id
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
                  JOIN sale_order sale
                    ON COALESCE(sale.key_account_partner_id,
                                sale.partner_id) = customer.id
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
                SELECT COALESCE(move.key_account_partner_id,
                                move.commercial_partner_id) AS partner_id,
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
