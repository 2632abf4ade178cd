# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import SQL

from ..tools.company_day import start_of_day
from .key_account_kpi import MOVE_CUSTOMER, REVENUE_TYPES
from .key_account_open_amounts import EXPOSURE

CLASSES = [("a", "A"), ("b", "B"), ("c", "C")]
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
    "days_to_pay_weight",
    "overdue_amount",
    "credit_exposure",
    "open_quotation_amount",
    "revenue_share",
    "cumulative_share",
    "abc_class",
    "figures_from",
    "figures_to",
)


#: A period ends on the day before the next one begins.
A_DAY = relativedelta(days=1)


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
                   COALESCE(revenue_12m, 0) AS revenue_12m,
                   COALESCE(revenue_before, 0) AS revenue_prev_12m,
                   COALESCE(margin_12m, 0) AS margin_12m,
                   COALESCE(order_count_12m, 0) AS order_count_12m,
                   COALESCE(%(waited)s / NULLIF(%(weight)s, 0), 0) AS days_to_pay,
                   COALESCE(%(weight)s, 0) AS days_to_pay_weight,
                   COALESCE(repeat_order_rate, 0) AS repeat_order_rate,
                   COALESCE(due.overdue_amount, 0) AS overdue_amount,
                   ROUND(%(exposure)s::numeric, %(digits)s) AS credit_exposure,
                   ROUND(COALESCE(quoted, 0)::numeric, %(digits)s)
                       AS open_quotation_amount,
                   revenue_share, cumulative_share, abc_class,
                   %(since)s::date AS figures_from, %(today)s::date AS figures_to
              FROM chosen
         LEFT JOIN (%(period)s) period ON period.account_id = chosen.id
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
            waited=SQL("(period.amount_days + COALESCE(due.amount_days, 0))"),
            weight=SQL("(period.paid + COALESCE(due.overdue_items, 0))"),
            period=self._period_sql(accounts, company, since, today),
            repeated=self._repeat_orders_sql(company, since),
            due=self._due_sql(today),
            orders=self._open_orders_sql(),
            classes=self._classes_sql(company, since, today),
        )

    @api.model
    def _period_sql(self, accounts, company, since, today):
        """Add up the twelve months, and the revenue of the twelve before them.

        Whole months come from the monthly figures, the days at both ends from the
        documents, so that the period has the same length on each day.
        """
        before = since - relativedelta(years=1)
        edges = [*self._edges(since, today), *self._edges(before, since - A_DAY)]
        return SQL(
            """
            SELECT chosen.id AS account_id,
                   SUM(part.revenue) FILTER (WHERE part.day >= %(since)s)
                       AS revenue_12m,
                   SUM(part.revenue) FILTER (WHERE part.day < %(since)s)
                       AS revenue_before,
                   SUM(part.margin) FILTER (WHERE part.day >= %(since)s)
                       AS margin_12m,
                   SUM(part.orders) FILTER (WHERE part.day >= %(since)s)
                       AS order_count_12m,
                   COALESCE(SUM(part.paid) FILTER (WHERE part.day >= %(since)s), 0)
                       AS paid,
                   COALESCE(SUM(part.amount_days)
                       FILTER (WHERE part.day >= %(since)s), 0) AS amount_days
              FROM chosen
         LEFT JOIN (%(months)s UNION ALL %(invoices)s UNION ALL %(orders)s) part
                ON part.account_id = chosen.id
          GROUP BY chosen.id
            """,
            since=since,
            months=self._months_sql(accounts, (before, since - A_DAY), (since, today)),
            invoices=self._edge_invoices_sql(edges),
            orders=self._edge_orders_sql(self._edges(since, today), company),
        )

    @api.model
    def _get_period_figures(self, accounts, company, first, last):
        """Return what accounts of one company came to in any period.

        :param accounts: ``key.account`` records of the company
        :param company: the ``res.company``
        :param first: first day
        :param last: last day
        :return: dict of account id -> dict of revenue_12m and order_count_12m, named as
            the fields of twelve months are, and margin_rate in per cent
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                WITH chosen AS (%s)
                SELECT account_id, COALESCE(revenue_12m, 0), COALESCE(margin_12m, 0),
                       COALESCE(order_count_12m, 0)
                  FROM (%s) period
                """,
                self._chosen_sql(accounts),
                self._period_sql(accounts, company, first, last),
            )
        )
        return {
            account_id: {
                "revenue_12m": float(revenue),
                "margin_rate": float(100 * margin / revenue) if revenue else 0.0,
                "order_count_12m": int(orders),
            }
            for account_id, revenue, margin, orders in rows
        }

    @api.model
    def _edges(self, first, last):
        """Return the days of a period that aren't in whole months: (from, to) twice."""
        return [
            (first, min(last_day_of_month(first), last)),
            (max(last.replace(day=1), last_day_of_month(first) + A_DAY), last),
        ]

    @api.model
    def _months_sql(self, accounts, *periods):
        """Return the whole months of periods, from the monthly figures."""
        whole = SQL(" OR ").join(
            SQL(
                "kpi.month > %s AND kpi.month < %s",
                last_day_of_month(first),
                last.replace(day=1),
            )
            for first, last in periods
        )
        return SQL(
            """
            SELECT kpi.account_id, kpi.month AS day, kpi.revenue, kpi.margin,
                   kpi.order_count AS orders, kpi.paid_amount AS paid,
                   kpi.paid_amount_days AS amount_days
              FROM key_account_kpi kpi
             WHERE kpi.account_id = ANY(%s) AND (%s)
            """,
            accounts.ids,
            whole,
        )

    @api.model
    def _edge_invoices_sql(self, edges):
        """Add up revenue, margin and payments of the invoices of some days."""
        days = SQL(", ").join(SQL("(%s::date, %s::date)", *edge) for edge in edges)
        return SQL(
            """
            SELECT chosen.id, move.invoice_date, move.amount_untaxed_signed,
                   move.amount_untaxed_signed - COALESCE(move.key_account_cost, 0),
                   0, payment.amount, payment.amount_days
              FROM (VALUES %(days)s) edge(first, last)
        CROSS JOIN chosen
              JOIN account_move move
                ON COALESCE(move.key_account_partner_id,
                            move.commercial_partner_id) = chosen.partner_id
               AND %(own)s
               AND move.state = 'posted' AND move.move_type IN %(types)s
               AND move.invoice_date BETWEEN edge.first AND edge.last
         LEFT JOIN LATERAL (%(payments)s) payment
                ON move.move_type IN ('out_invoice', 'out_receipt')
            """,
            days=days,
            own=self.env["key.account"]._own_documents_sql("move", "chosen"),
            types=REVENUE_TYPES,
            payments=self.env["account.move"]._key_account_payments_sql(),
        )

    @api.model
    def _edge_orders_sql(self, edges, company):
        """Count the confirmed orders of some days of the company's clock."""
        tz = company._get_key_account_tz()
        days = SQL(", ").join(
            SQL(
                "(%s::timestamp, %s::timestamp, %s::date)",
                start_of_day(first, tz),
                start_of_day(last + A_DAY, tz),
                first,
            )
            for first, last in edges
        )
        return SQL(
            """
            SELECT chosen.id, edge.day, 0, 0, COUNT(*), 0, 0
              FROM (VALUES %(days)s) edge(first, after, day)
        CROSS JOIN chosen
              JOIN res_partner customer
                ON customer.commercial_partner_id = chosen.partner_id
              JOIN sale_order sale
                ON COALESCE(sale.key_account_partner_id, sale.partner_id) = customer.id
               AND %(own)s AND sale.state = 'sale'
               AND sale.date_order >= edge.first AND sale.date_order < edge.after
             WHERE %(counts)s
          GROUP BY chosen.id, edge.day
            """,
            counts=self.env["sale.order"]._key_account_counted_sql(),
            days=days,
            own=self.env["key.account"]._own_documents_sql("sale", "chosen"),
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
                   AND %(own)s AND sale.state = 'sale'
                   AND sale.date_order >= %(since)s
                  JOIN sale_order_line line ON line.order_id = sale.id
                   AND line.product_id IS NOT NULL
                 WHERE %(counts)s
              GROUP BY chosen.id, line.product_id) product
          GROUP BY account_id
            """,
            counts=self.env["sale.order"]._key_account_counted_sql(),
            own=self.env["key.account"]._own_documents_sql("sale", "chosen"),
            since=start_of_day(since, company._get_key_account_tz()),
        )

    @api.model
    def _classes_sql(self, company, since, until):
        """Rank all customers of the company by revenue: shares and ABC classes."""
        customers = SQL(
            """
            SELECT %(customer)s AS partner_id,
                   SUM(move.amount_untaxed_signed) AS amount
              FROM account_move move
              JOIN (SELECT %(company)s AS company_id) company ON %(own)s
             WHERE move.state = 'posted'
               AND move.move_type IN %(types)s
               AND move.invoice_date BETWEEN %(since)s AND %(until)s
          GROUP BY 1
            """,
            company=company.id,
            customer=MOVE_CUSTOMER,
            own=self.env["key.account"]._own_documents_sql(
                "move", "company", MOVE_CUSTOMER
            ),
            types=REVENUE_TYPES,
            since=since,
            until=until,
        )
        return SQL(
            """
            SELECT partner_id, share AS revenue_share,
                   cumulative AS cumulative_share, class AS abc_class
              FROM (%s) ranked
            """,
            self._ranking_sql(customers),
        )

    @api.model
    def _ranking_sql(self, customers):
        """Rank customers by an amount: share, cumulative share and class.

        :param customers: SQL that returns ``partner_id`` and ``amount``; who has
            nothing above zero is in no class
        """
        return SQL(
            """
            SELECT partner_id,
                   100 * amount / SUM(amount) OVER () AS share,
                   100 * SUM(amount) OVER ranking / SUM(amount) OVER () AS cumulative,
                   CASE WHEN SUM(amount) OVER ranking - amount
                             < %(a)s * SUM(amount) OVER () THEN 'a'
                        WHEN SUM(amount) OVER ranking - amount
                             < %(b)s * SUM(amount) OVER () THEN 'b'
                        ELSE 'c' END AS class
              FROM (%(customers)s) customer
             WHERE amount > 0
            WINDOW ranking AS (ORDER BY amount DESC, partner_id)
            """,
            a=ABC_LIMITS["a"],
            b=ABC_LIMITS["b"],
            customers=customers,
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
