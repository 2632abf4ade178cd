# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import SQL

from .key_account_kpi import MOVE_CUSTOMER, REVENUE_TYPES


class KeyAccountCustomerFigures(models.AbstractModel):
    """The statement that ranks all customers of a company."""

    _name = "key.account.customer.figures"
    _description = "Figures of All Customers"

    @api.model
    def _customers_sql(self, company, today):
        """Build the query for all customers of a company.

        :param company: a ``res.company``
        :param today: its day, the last one of the twelve months
        """
        return SQL(
            """
            WITH sold AS MATERIALIZED (%(sold)s)
            SELECT sold.*, account.id AS account_id, account.manager_id,
                   by_revenue.share AS revenue_share,
                   by_revenue.cumulative AS revenue_cumulative,
                   by_revenue.class AS revenue_class,
                   by_margin.share AS margin_share,
                   by_margin.cumulative AS margin_cumulative,
                   by_margin.class AS margin_class,
                   by_revenue_prior.class AS revenue_class_prior,
                   by_margin_prior.class AS margin_class_prior,
                   CASE WHEN by_revenue.class IS NULL THEN 'gone'
                        WHEN by_revenue_prior.class IS NULL THEN 'new'
                        WHEN by_revenue.class < by_revenue_prior.class THEN 'up'
                        WHEN by_revenue.class > by_revenue_prior.class THEN 'down'
                        ELSE 'same' END AS move
              FROM sold
         LEFT JOIN (%(by_revenue)s) by_revenue USING (partner_id)
         LEFT JOIN (%(by_margin)s) by_margin USING (partner_id)
         LEFT JOIN (%(by_revenue_prior)s) by_revenue_prior USING (partner_id)
         LEFT JOIN (%(by_margin_prior)s) by_margin_prior USING (partner_id)
         LEFT JOIN key_account account ON account.partner_id = sold.partner_id
               AND account.company_id = %(company)s
               AND account.active AND account.state != 'ended'
             WHERE sold.partner_id IS NOT NULL AND COALESCE(
                   by_revenue.class, by_margin.class, by_revenue_prior.class,
                   by_margin_prior.class) IS NOT NULL
            """,
            sold=self._sold_sql(company, today),
            company=company.id,
            **self._rankings_sql(),
        )

    @api.model
    def _rankings_sql(self):
        """Rank by revenue and margin, of now and of the year before."""
        ranking = self.env["key.account.figures"]._ranking_sql
        return {
            name: ranking(SQL("SELECT partner_id, %s AS amount FROM sold", column))
            for name, column in (
                ("by_revenue", SQL("revenue")),
                ("by_margin", SQL("margin")),
                ("by_revenue_prior", SQL("revenue_prior")),
                ("by_margin_prior", SQL("margin_prior")),
            )
        }

    @api.model
    def _sold_sql(self, company, today):
        """Add up revenue and margin by customer, of now and of the year before.

        Documents of key accounts keep their cost. That of others is worked out here,
        and nothing is written on them.
        """
        since = self.env["key.account"]._figures_period(today)
        return SQL(
            """
            SELECT document.partner_id,
                   COALESCE(SUM(amount) FILTER (WHERE is_now), 0) AS revenue,
                   COALESCE(SUM(amount - cost) FILTER (WHERE is_now), 0) AS margin,
                   COALESCE(SUM(amount) FILTER (WHERE NOT is_now), 0)
                       AS revenue_prior,
                   COALESCE(SUM(amount - cost) FILTER (WHERE NOT is_now), 0)
                       AS margin_prior
              FROM (
                SELECT %(customer)s AS partner_id,
                       move.invoice_date >= %(since)s AS is_now,
                       move.amount_untaxed_signed AS amount,
                       COALESCE(move.key_account_cost, unkept.amount, 0) AS cost
                  FROM account_move move
                  JOIN (SELECT %(company)s AS company_id) company ON %(own)s
             LEFT JOIN (%(costs)s) unkept ON unkept.id = move.id
                 WHERE move.state = 'posted' AND move.move_type IN %(types)s
                   AND move.invoice_date BETWEEN %(before)s AND %(today)s) document
          GROUP BY document.partner_id
            """,
            customer=MOVE_CUSTOMER,
            since=since,
            before=since - relativedelta(years=1),
            today=today,
            company=company.id,
            types=REVENUE_TYPES,
            own=self.env["key.account"]._own_documents_sql(
                "move", "company", MOVE_CUSTOMER
            ),
            costs=self._costs_sql(since, today),
        )

    @api.model
    def _costs_sql(self, since, today):
        """Work out the cost of documents that don't keep it."""
        return self.env["account.move"]._key_account_costs_sql(
            SQL(
                """
                move.key_account_cost IS NULL AND move.state = 'posted'
                AND move.move_type IN %s AND move.invoice_date BETWEEN %s AND %s
                """,
                REVENUE_TYPES,
                since - relativedelta(years=1),
                today,
            )
        )
