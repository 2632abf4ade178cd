# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.tools import SQL


class KeyAccount(models.Model):
    """How reliably the customer is delivered, and what is late."""

    _inherit = "key.account"

    due_line_count_12m = fields.Integer(
        string="Lines Due (12 Months)", compute="_compute_otif"
    )
    otif_rate_12m = fields.Float(
        string="On Time in Full (%)",
        compute="_compute_otif",
        help="Share of the order lines of twelve months that were delivered whole by "
        "the end of the promised day.",
    )
    late_line_count = fields.Integer(
        string="Late Deliveries", compute="_compute_late_line_count"
    )

    @api.depends("figures_from", "kpi_ids.due_line_count", "kpi_ids.on_time_line_count")
    def _compute_otif(self):
        """Add up the months, for all accounts in one query."""
        since = min(filter(None, self.mapped("figures_from")), default=None)
        rows = {}
        if since:
            rows = {
                account.id: (due, on_time)
                for account, due, on_time in self.env["key.account.kpi"]._read_group(
                    [("account_id", "in", self.ids), ("month", ">=", since)],
                    ["account_id"],
                    ["due_line_count:sum", "on_time_line_count:sum"],
                )
            }
        for account in self:
            due, on_time = rows.get(account.id, (0, 0))
            account.due_line_count_12m = due
            account.otif_rate_12m = 100 * on_time / due if due else 0.0

    def _compute_late_line_count(self):
        counts = dict(
            self.env["sale.order.line"]._read_group(
                [
                    ("key_account_is_late", "=", True),
                    ("order_id.key_account_id", "in", self.ids),
                ],
                ["order_id"],
                ["__count"],
            )
        )
        by_account = {}
        for order, count in counts.items():
            # sudo: which account an order is of, nothing else.
            key = order.sudo().key_account_id.id
            by_account[key] = by_account.get(key, 0) + count
        for account in self:
            account.late_line_count = by_account.get(account.id, 0)

    def _due_lines_sql(self, company):
        """Each confirmed order line of goods, with its promised day and whether it was
        whole by then.

        The promised day is the order's delivery date, else the day expected by the
        line's lead time, on the company's clock.
        """
        return SQL(
            """
            SELECT account.id AS account_id, line.id AS line_id,
                   promise.day AS promised,
                   date_trunc('month', promise.day::timestamp)::date AS month,
                   COALESCE(done.quantity, 0) >= line.product_uom_qty
                       * COALESCE(unit.factor, 1) - 0.00001 AS is_on_time
              FROM key_account account
              JOIN res_partner customer
                ON customer.commercial_partner_id = account.partner_id
              JOIN sale_order sale ON sale.partner_id = customer.id
               AND sale.company_id = account.company_id AND sale.state = 'sale'
              JOIN sale_order_line line ON line.order_id = sale.id
               AND line.display_type IS NULL AND line.product_uom_qty > 0
              JOIN product_product product ON product.id = line.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
               AND template.type = 'consu'
         LEFT JOIN uom_uom unit ON unit.id = line.product_uom_id
              JOIN LATERAL (
                SELECT (COALESCE(sale.commitment_date, sale.date_order
                           + COALESCE(line.customer_lead, 0) * interval '1 day')
                       AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date AS day
                   ) promise ON TRUE
         LEFT JOIN LATERAL (
                SELECT SUM(move.quantity * COALESCE(move_unit.factor, 1)) AS quantity
                  FROM stock_move move
                  JOIN stock_location target ON target.id = move.location_dest_id
                   AND target.usage = 'customer'
             LEFT JOIN uom_uom move_unit ON move_unit.id = move.product_uom
                 WHERE move.sale_line_id = line.id AND move.state = 'done'
                   AND (move.date AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date
                       <= promise.day) done ON TRUE
             WHERE account.id = ANY(%(ids)s)
            """,
            tz=company._get_key_account_tz(),
            ids=self.ids,
        )

    def action_view_due_lines(self):
        """Open the order lines that make up the twelve months' figure."""
        self.ensure_one()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line_id FROM (%s) due
                 WHERE month >= %s AND promised <= %s
                """,
                self._due_lines_sql(self.company_id),
                self.figures_from,
                self.figures_to,
            )
        )
        return self._open_delivery_lines([("id", "in", [row[0] for row in rows])], {})

    def action_view_late_lines(self):
        """Open what is late for this account."""
        return self._open_delivery_lines(
            [
                ("key_account_is_late", "=", True),
                ("order_id.key_account_id", "in", self.ids),
            ],
            {},
        )

    def _open_delivery_lines(self, domain, context):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_management_stock.sale_order_line_action_late"
        )
        return {**action, "domain": domain, "context": context}
