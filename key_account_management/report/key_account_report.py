# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models
from odoo.tools import SQL

from ..models.tools.company_day import company_tz_sql, day_sql


class KeyAccountReport(models.Model):
    """Figures, complaints and points of accounts by month, for pivots and dashboards.

    Rows of three kinds lie under each other: a sum over an account and a month is right
    whatever else is grouped by.
    """

    _name = "key.account.report"
    _description = "Key Account Analysis"
    _auto = False
    _order = "month desc"
    _rec_name = "account_id"

    month = fields.Date(readonly=True)
    account_id = fields.Many2one("key.account", string="Key Account", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    tier_id = fields.Many2one("key.account.tier", string="Tier", readonly=True)
    manager_id = fields.Many2one("res.users", string="Account Manager", readonly=True)
    segment_id = fields.Many2one("key.account.segment", string="Segment", readonly=True)
    phase = fields.Selection(
        lambda self: self.env["key.account"]
        ._fields["phase"]
        ._description_selection(self.env),
        readonly=True,
    )
    revenue = fields.Monetary(readonly=True)
    cost = fields.Monetary(readonly=True)
    margin = fields.Monetary(readonly=True)
    margin_rate = fields.Float(
        string="Margin (%)",
        readonly=True,
        aggregator="avg",
        help="Weighted by revenue.",
    )
    order_count = fields.Integer(string="Orders", readonly=True)
    complaint_count = fields.Integer(string="Complaints", readonly=True)
    complaint_cost = fields.Monetary(string="Cost of Complaints", readonly=True)
    points_earned = fields.Float(readonly=True)
    points_spent = fields.Float(readonly=True)

    _depends = {
        "key.account": [
            "company_id",
            "manager_id",
            "partner_id",
            "phase",
            "segment_id",
            "tier_id",
        ],
        "key.account.kpi": ["cost", "margin", "month", "order_count", "revenue"],
        "key.account.complaint": ["account_id", "cost", "stage_kind"],
        "loyalty.history": [
            "card_id",
            "issued",
            "key_account_date",
            "key_account_move_id",
            "used",
        ],
    }

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT row_number() OVER () AS id, rows.month, rows.account_id,
                   account.partner_id, account.company_id,
                   %(currency)s AS currency_id,
                   account.tier_id, account.manager_id, account.segment_id,
                   account.phase, rows.revenue * %(rate)s AS revenue,
                   rows.cost * %(rate)s AS cost, rows.margin * %(rate)s AS margin,
                   100 * rows.margin / NULLIF(rows.revenue, 0) AS margin_rate,
                   rows.order_count, rows.complaint_count,
                   rows.complaint_cost * %(rate)s AS complaint_cost,
                   rows.points_earned, rows.points_spent
              FROM (%(figures)s UNION ALL %(complaints)s UNION ALL %(points)s) rows
              JOIN key_account account ON account.id = rows.account_id
              JOIN res_company company ON company.id = account.company_id
            """,
            currency=self.env.company.currency_id.id,
            rate=self._rate_sql(),
            figures=self._figures_sql(),
            complaints=self._complaints_sql(),
            points=self._points_sql(),
        )

    def _rate_sql(self):
        """Return what a row's amounts are multiplied by, to be in one currency.

        That of the current company, at the rate of the last day of the row's month;
        without it companies in euros and in dollars would be added up as they stand.
        """
        company = self.env.company
        if self.env.companies.currency_id == company.currency_id:
            return SQL("1.0")

        def rate(currency):
            # As core's res.currency does: the last rate known, else the first one.
            return SQL(
                """
                COALESCE((
                    SELECT known.rate FROM res_currency_rate known
                     WHERE known.currency_id = %(currency)s
                       AND (known.company_id IS NULL OR known.company_id = %(root)s)
                  ORDER BY known.name > %(last)s, known.company_id,
                           ABS(known.name - %(last)s) LIMIT 1), 1.0)
                """,
                last=SQL("(rows.month + INTERVAL '1 month - 1 day')::date"),
                currency=currency,
                root=company.root_id.id,
            )

        return SQL(
            "(%s / %s)", rate(company.currency_id.id), rate(SQL("company.currency_id"))
        )

    def _figures_sql(self):
        return SQL(
            """
            SELECT month, account_id, revenue, cost, margin, order_count,
                   0 AS complaint_count, 0.0 AS complaint_cost,
                   0.0 AS points_earned, 0.0 AS points_spent
              FROM key_account_kpi
            """
        )

    def _complaints_sql(self):
        return SQL(
            """
            SELECT date_trunc('month', %s)::date, complaint.account_id,
                   0.0, 0.0, 0.0, 0, COUNT(*)::int, SUM(complaint.cost), 0.0, 0.0
              FROM key_account_complaint complaint
             WHERE complaint.account_id IS NOT NULL
                   AND complaint.stage_kind != 'cancelled'
          GROUP BY 1, 2
            """,
            day_sql(
                SQL("complaint.create_date"),
                company_tz_sql(SQL("complaint.company_id")),
            ),
        )

    def _points_sql(self):
        """Points by account: of a card for all companies, by that of their document."""
        return SQL(
            """
            SELECT date_trunc('month', history.key_account_date)::date, account.id,
                   0.0, 0.0, 0.0, 0, 0, 0.0,
                   SUM(history.issued), SUM(history.used)
              FROM loyalty_history history
              JOIN loyalty_card card ON card.id = history.card_id
              JOIN loyalty_program program ON program.id = card.program_id
                   AND program.program_type = 'loyalty'
              JOIN res_partner customer ON customer.id = card.partner_id
         LEFT JOIN account_move move ON move.id = history.key_account_move_id
         LEFT JOIN sale_order sale ON history.order_model = 'sale.order'
                   AND sale.id = history.order_id
              JOIN LATERAL (
                    SELECT own.id FROM key_account own
                     WHERE own.partner_id = customer.commercial_partner_id
                       AND (card.company_id IS NULL
                            OR card.company_id = own.company_id)
                  ORDER BY own.company_id IS DISTINCT FROM
                               COALESCE(move.company_id, sale.company_id), own.id
                     LIMIT 1) account ON TRUE
          GROUP BY 1, 2
            """
        )

    def _read_group_select(self, aggregate_spec, query):
        """Weight the margin by revenue where it is added up."""
        if aggregate_spec != "margin_rate:avg":
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "100.0 * SUM(%s) / NULLIF(SUM(%s), 0)",
            self._field_to_sql(self._table, "margin", query),
            self._field_to_sql(self._table, "revenue", query),
        )
