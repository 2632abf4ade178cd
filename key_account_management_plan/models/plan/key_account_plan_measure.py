# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models
from odoo.tools import SQL

from odoo.addons.key_account_management.models.tools.company_day import (
    company_tz_sql,
    day_sql,
)

MEASURES = [
    ("revenue", "Revenue"),
    ("margin", "Margin"),
    ("category_share", "Share of a Category (%)"),
    ("complaints", "Complaints"),
    ("otif", "On Time in Full (%)"),
    ("coverage", "Stakeholders Covered (%)"),
    ("new_sites", "New Sites"),
    ("other", "Other, Entered by Hand"),
]
#: What adds up over a period. The others are a state: as it is now.
FLOWS = ("revenue", "margin", "complaints", "new_sites")
#: From this coverage on, a stakeholder counts as covered.
COVERED = ("multiple", "deep")


class KeyAccountPlanMeasure(models.AbstractModel):
    """How far an objective is: each measure is taken from the figures, in SQL."""

    _name = "key.account.plan.measure"
    _description = "Measure of an Objective"

    @api.model
    def _measure_sql(self, first, last):
        """Return the value of an objective's measure within a period, as SQL.

        It reads goal (the objective) and plan.

        :param first: SQL of the first day
        :param last: SQL of the last day
        """
        parts = {
            "revenue": self._kpi_sql(SQL("SUM(kpi.revenue)"), first, last),
            "margin": self._kpi_sql(SQL("SUM(kpi.margin)"), first, last),
            "otif": self._kpi_sql(
                SQL(
                    "100.0 * SUM(kpi.on_time_line_count)"
                    " / NULLIF(SUM(kpi.due_line_count), 0)"
                ),
                first,
                last,
            ),
            "complaints": self._complaints_sql(first, last),
            "category_share": self._category_share_sql(),
            "coverage": self._coverage_share_sql(),
            "new_sites": self._new_sites_sql(first, last),
            "other": SQL("goal.manual_value"),
        }
        return SQL(
            "CASE goal.measure %s END",
            SQL(" ").join(
                SQL("WHEN %s THEN COALESCE(%s, 0)", key, part)
                for key, part in parts.items()
            ),
        )

    @api.model
    def _kpi_sql(self, value, first, last):
        """Take a value over the months of the period."""
        return SQL(
            "(SELECT %s FROM key_account_kpi kpi WHERE kpi.account_id = plan.account_id"
            " AND kpi.month BETWEEN date_trunc('month', %s) AND %s)",
            value,
            first,
            last,
        )

    @api.model
    def _complaints_sql(self, first, last):
        """Count the complaints that were reported within the period."""
        return SQL(
            "(SELECT COUNT(*) FROM key_account_complaint complaint"
            " WHERE complaint.account_id = plan.account_id AND complaint.active"
            " AND %s BETWEEN %s AND %s)",
            day_sql(
                SQL("complaint.create_date"), company_tz_sql(SQL("plan.company_id"))
            ),
            first,
            last,
        )

    @api.model
    def _category_share_sql(self):
        """Take the category's part of the account's revenue of twelve months."""
        return SQL(
            "(SELECT 100.0 * cell.revenue / NULLIF(account.revenue_12m, 0)"
            " FROM key_account account JOIN key_account_white_space cell"
            " ON cell.account_id = account.id AND cell.category_id = goal.category_id"
            " WHERE account.id = plan.account_id)"
        )

    @api.model
    def _coverage_share_sql(self):
        """Take the part of the stakeholders with multiple or deep coverage."""
        return SQL(
            "(SELECT 100.0 * COUNT(*) FILTER (WHERE who.coverage IN %s)"
            " / NULLIF(COUNT(*), 0) FROM key_account_stakeholder who"
            " WHERE who.account_id = plan.account_id AND who.left_date IS NULL)",
            COVERED,
        )

    @api.model
    def _new_sites_sql(self, first, last):
        """Count the delivery addresses whose first order lies within the period."""
        return SQL(
            """
            (SELECT COUNT(*) FROM (
                SELECT sale.partner_shipping_id, MIN(%(day)s) AS first_day
                  FROM key_account account
                  JOIN res_partner customer
                    ON customer.commercial_partner_id = account.partner_id
                  JOIN sale_order sale
                    ON COALESCE(sale.key_account_partner_id,
                                sale.partner_id) = customer.id
                   AND %(own)s AND sale.state = 'sale'
                 WHERE account.id = plan.account_id
              GROUP BY sale.partner_shipping_id) site
              WHERE site.first_day BETWEEN %(first)s AND %(last)s)
            """,
            day=day_sql(
                SQL("sale.date_order"), company_tz_sql(SQL("account.company_id"))
            ),
            own=self.env["key.account"]._own_documents_sql("sale"),
            first=first,
            last=last,
        )

    def _take_values(self):
        """Write how far these objectives are today, and where they are heading.

        What adds up is carried on at the pace so far. A state is carried on from where
        it was at the start.
        """
        if not self:
            return
        self.env.flush_all()
        for company, goals in self.grouped("company_id").items():
            today = company._get_key_account_today()
            self.env.cr.execute(goals._values_sql(today))
        self.invalidate_recordset()

    def _values_sql(self, today):
        """Build the statement for today's values of objectives of one company."""
        return SQL(
            """
            UPDATE key_account_plan_objective goal
               SET current_value = found.value, taken_on = %(today)s,
                   forecast_value = CASE
                       WHEN found.share >= 1 THEN found.value
                       WHEN found.share <= 0 THEN found.start
                       WHEN found.is_flow THEN found.value / found.share
                       ELSE found.start + (found.value - found.start) / found.share END
              FROM (
                SELECT goal.id, %(value)s AS value,
                       COALESCE(goal.start_value, 0) AS start,
                       goal.measure IN %(flows)s AS is_flow,
                       (%(today)s::date - plan.date_from + 1)::float
                           / (plan.date_to - plan.date_from + 1) AS share
                  FROM key_account_plan_objective goal
                  JOIN key_account_plan plan ON plan.id = goal.plan_id
                 WHERE goal.id = ANY(%(ids)s)) found
             WHERE found.id = goal.id
            """,
            today=today,
            value=self._measure_sql(SQL("plan.date_from"), SQL("plan.date_to")),
            flows=FLOWS,
            ids=self.ids,
        )

    def _get_start_values(self):
        """Return where these objectives start: the period a year before, or now.

        :return: dict of objective id -> value
        """
        if not self:
            return {}
        self.env.flush_all()
        year_before = [
            SQL("(plan.%s - interval '1 year')::date", SQL.identifier(name))
            for name in ("date_from", "date_to")
        ]
        rows = self.env.execute_query(
            SQL(
                """
                SELECT goal.id, %s
                  FROM key_account_plan_objective goal
                  JOIN key_account_plan plan ON plan.id = goal.plan_id
                 WHERE goal.id = ANY(%s)
                """,
                self._measure_sql(*year_before),
                self.ids,
            )
        )
        return dict(rows)
