# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dateutil.relativedelta import relativedelta

from odoo import models
from odoo.tools import SQL

from .key_account_kpi import REVENUE_TYPES

#: Cumulative share of the company's revenue up to which a customer is in the class.
ABC_LIMITS = {"a": 0.80, "b": 0.95}


#: Written by the statement below.
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


class KeyAccount(models.Model):
    """The statements that take the twelve months' figures, each for a whole batch."""

    _inherit = "key.account"

    def _rolling_sql(self, company, today):
        """Build the statement that writes the figures of one company's accounts."""
        since = self._figures_period(today)
        names = SQL(", ").join(SQL.identifier(name) for name in COLUMNS)
        return SQL(
            """
            UPDATE key_account SET (%(names)s) = ROW(%(values)s)
              FROM (%(figures)s) figures
             WHERE key_account.id = figures.account_id
               AND (%(own)s) IS DISTINCT FROM (%(values)s)
            """,
            names=names,
            values=SQL(", ").join(SQL.identifier("figures", name) for name in COLUMNS),
            own=SQL(", ").join(SQL.identifier("key_account", name) for name in COLUMNS),
            figures=SQL(
                """
                SELECT account.id AS account_id, monthly.*, repeated.*, due.*, orders.*,
                       classes.revenue_share, classes.cumulative_share,
                       classes.abc_class,
                       %(since)s::date AS figures_from, %(today)s::date AS figures_to
                  FROM key_account account
                  JOIN LATERAL (%(monthly)s) monthly ON TRUE
                  JOIN LATERAL (%(repeated)s) repeated ON TRUE
                  JOIN LATERAL (%(due)s) due ON TRUE
                  JOIN LATERAL (%(orders)s) orders ON TRUE
             LEFT JOIN (%(classes)s) classes
                    ON classes.partner_id = account.partner_id
                 WHERE account.id = ANY(%(ids)s)
                """,
                since=since,
                today=today,
                ids=self.ids,
                monthly=self._monthly_sql(since, today),
                repeated=self._repeat_orders_sql(company, since),
                due=self._due_sql(today),
                orders=self._open_orders_sql(company),
                classes=self._classes_sql(company, since, last_day_of_month(today)),
            ),
        )

    def _monthly_sql(self, since, today):
        """Add up months; of last year's running month only the days up to today's."""
        year_ago = today - relativedelta(years=1)
        return SQL(
            """
            SELECT COALESCE(SUM(kpi.revenue) FILTER (WHERE kpi.month >= %(since)s), 0)
                       AS revenue_12m,
                   COALESCE(SUM(kpi.revenue) FILTER (WHERE kpi.month < %(last)s), 0)
                   + COALESCE((
                       SELECT SUM(move.amount_untaxed_signed) FROM account_move move
                        WHERE move.commercial_partner_id = account.partner_id
                          AND move.company_id = account.company_id
                          AND move.state = 'posted' AND move.move_type IN %(types)s
                          AND move.invoice_date BETWEEN %(last)s AND %(year_ago)s), 0)
                       AS revenue_prev_12m,
                   COALESCE(SUM(kpi.margin) FILTER (WHERE kpi.month >= %(since)s), 0)
                       AS margin_12m,
                   COALESCE(SUM(kpi.order_count)
                       FILTER (WHERE kpi.month >= %(since)s), 0) AS order_count_12m,
                   COALESCE(SUM(kpi.paid_days) FILTER (WHERE kpi.month >= %(since)s)
                       / NULLIF(SUM(kpi.paid_count)
                           FILTER (WHERE kpi.month >= %(since)s), 0)::float, 0)
                       AS days_to_pay
              FROM key_account_kpi kpi
             WHERE kpi.account_id = account.id
               AND kpi.month >= %(since)s::date - interval '1 year'
               AND kpi.month <= %(today)s
            """,
            since=since,
            today=today,
            last=year_ago.replace(day=1),
            year_ago=year_ago,
            types=REVENUE_TYPES,
        )

    def _repeat_orders_sql(self, company, since):
        """Share of the articles in confirmed orders that were ordered twice or more."""
        return SQL(
            """
            SELECT COALESCE(100.0 * COUNT(*) FILTER (WHERE article.orders > 1)
                   / NULLIF(COUNT(*), 0), 0) AS repeat_order_rate
              FROM (
                SELECT line.product_id, COUNT(DISTINCT sale.id) AS orders
                  FROM res_partner customer
                  JOIN sale_order sale ON sale.partner_id = customer.id
                   AND sale.company_id = account.company_id AND sale.state = 'sale'
                   AND sale.date_order AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s
                       >= %(since)s
                  JOIN sale_order_line line ON line.order_id = sale.id
                   AND line.product_id IS NOT NULL
                 WHERE customer.commercial_partner_id = account.partner_id
              GROUP BY line.product_id) article
            """,
            since=since,
            tz=company._get_key_account_tz(),
        )

    def _due_sql(self, today):
        """What the customer owes, and what of it is past its due date."""
        return SQL(
            """
            SELECT COALESCE(SUM(line.amount_residual)
                       FILTER (WHERE line.date_maturity < %(today)s), 0)
                       AS overdue_amount,
                   COALESCE(SUM(line.amount_residual), 0) AS open_amount
              FROM account_move_line line
              JOIN account_account ledger ON ledger.id = line.account_id
               AND ledger.account_type = 'asset_receivable'
              JOIN account_move move ON move.id = line.move_id
             WHERE move.commercial_partner_id = account.partner_id
               AND line.company_id = account.company_id
               AND line.parent_state = 'posted' AND NOT line.reconciled
            """,
            today=today,
        )

    def _open_orders_sql(self, company):
        """Quotations that are out, and with them the whole credit exposure."""
        return SQL(
            """
            SELECT ROUND(COALESCE(SUM(line.price_subtotal / COALESCE(
                       NULLIF(sale.currency_rate, 0), 1))
                       FILTER (WHERE sale.state IN ('draft', 'sent')), 0)::numeric,
                       %(digits)s) AS open_quotation_amount,
                   ROUND((due.open_amount + COALESCE(SUM(
                       line.price_total / COALESCE(NULLIF(sale.currency_rate, 0), 1)
                       * (1 - line.qty_invoiced / NULLIF(line.product_uom_qty, 0)))
                       FILTER (WHERE sale.state = 'sale'
                           AND line.qty_invoiced < line.product_uom_qty), 0))::numeric,
                       %(digits)s) AS credit_exposure
              FROM res_partner customer
              JOIN sale_order sale ON sale.partner_id = customer.id
               AND sale.company_id = account.company_id
               AND sale.state IN ('draft', 'sent', 'sale')
              JOIN sale_order_line line ON line.order_id = sale.id
               AND line.display_type IS NULL
             WHERE customer.commercial_partner_id = account.partner_id
            """,
            digits=company.currency_id.decimal_places,
        )

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

    def _group_sql(self):
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
            ids=self.ids,
        )


def last_day_of_month(day):
    """Return the last day of a day's month."""
    return day + relativedelta(day=31)
