# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models
from odoo.tools import SQL


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
        string="Margin (%)", readonly=True, aggregator="avg", help="Weighed by revenue."
    )
    order_count = fields.Integer(string="Orders", readonly=True)
    complaint_count = fields.Integer(string="Complaints", readonly=True)
    complaint_cost = fields.Monetary(string="Cost of Complaints", readonly=True)
    points_earned = fields.Float(readonly=True)
    points_spent = fields.Float(readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT row_number() OVER () AS id, rows.month, rows.account_id,
                   account.partner_id, account.company_id, company.currency_id,
                   account.tier_id, account.manager_id, account.segment_id,
                   account.phase, rows.revenue, rows.cost, rows.margin,
                   100 * rows.margin / NULLIF(rows.revenue, 0) AS margin_rate,
                   rows.order_count, rows.complaint_count, rows.complaint_cost,
                   rows.points_earned, rows.points_spent
              FROM (%s UNION ALL %s UNION ALL %s) rows
              JOIN key_account account ON account.id = rows.account_id
              JOIN res_company company ON company.id = account.company_id
            """,
            self._figures_sql(),
            self._complaints_sql(),
            self._points_sql(),
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
            SELECT date_trunc('month', create_date)::date, account_id,
                   0.0, 0.0, 0.0, 0, COUNT(*)::int, SUM(cost), 0.0, 0.0
              FROM key_account_complaint
             WHERE account_id IS NOT NULL AND stage_kind != 'cancelled'
          GROUP BY 1, 2
            """
        )

    def _points_sql(self):
        return SQL(
            """
            SELECT date_trunc('month', history.date)::date, account.id,
                   0.0, 0.0, 0.0, 0, 0, 0.0,
                   SUM(history.issued), SUM(history.used)
              FROM loyalty_history history
              JOIN loyalty_card card ON card.id = history.card_id
              JOIN loyalty_program program ON program.id = card.program_id
                   AND program.program_type = 'loyalty'
              JOIN res_partner customer ON customer.id = card.partner_id
              JOIN key_account account
                   ON account.partner_id = customer.commercial_partner_id
                   AND (card.company_id IS NULL
                        OR card.company_id = account.company_id)
          GROUP BY 1, 2
            """
        )

    def _read_group_select(self, aggregate_spec, query):
        """Weigh the margin by revenue where it is added up."""
        if aggregate_spec != "margin_rate:avg":
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "100.0 * SUM(%s) / NULLIF(SUM(%s), 0)",
            self._field_to_sql(self._table, "margin", query),
            self._field_to_sql(self._table, "revenue", query),
        )
