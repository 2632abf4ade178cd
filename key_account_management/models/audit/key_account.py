# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models
from odoo.tools import SQL

from ..figures.key_account_kpi import REVENUE_TYPES
from .waterfall_rules import add_up


class KeyAccount(models.Model):
    """From list price to pocket margin: what the terms of accounts cost."""

    _inherit = "key.account"

    def action_view_waterfall(self):
        """Open the price waterfall of the account's twelve months."""
        self.ensure_one()
        today = self.company_id._get_key_account_today()
        wizard = self.env["key.account.waterfall"].create(
            {
                "account_id": self.id,
                "date_from": self.figures_from or self._figures_period(today),
                "date_to": self.figures_to or today,
                "with_group": bool(self.child_ids),
            }
        )
        return wizard._get_records_action(
            name=self.env._("Price Waterfall of %s", self.display_name), target="new"
        )

    def _get_waterfall(self, date_from, date_to):
        """Return the price waterfall of these accounts together.

        :param date_from: first invoice date
        :param date_to: last invoice date
        :return: dict for the chart: currency and steps, amounts in company currency
        """
        currency = self.company_id.currency_id[:1] or self.env.company.currency_id
        self.check_access("read")
        amounts = self._waterfall_amounts(date_from, date_to)
        return self._waterfall_chart(amounts, currency)

    @api.model
    def _waterfall_steps(self):
        """Return what is taken off an invoice later on: a hook for rooms above.

        Their amounts come from ``_waterfall_amounts``.

        :return: dict of step -> label, in order
        """
        return {"credit_note": self.env._("Credit Notes")}

    @api.model
    def _waterfall_chart(self, amounts, currency):
        """Return steps and currency the way the chart and the workbook take them.

        :param amounts: dict of step -> amount, deductions negative
        """
        labels = {
            "list": self.env._("List Price"),
            "special": self.env._("Special Price"),
            "discount": self.env._("Discount"),
            "reward": self.env._("Loyalty Rewards"),
            "invoiced": self.env._("Invoiced"),
            **self._waterfall_steps(),
            "pocket": self.env._("Pocket Price"),
            "cost": self.env._("Cost"),
            "margin": self.env._("Margin"),
        }
        return {
            "currency_id": currency.id,
            "currency": currency.name,
            "digits": currency.decimal_places,
            "steps": [
                {"key": key, "label": labels[key], "amount": amount, "total": total}
                for key, amount, total in add_up(labels, amounts, currency.round)
            ],
        }

    def _waterfall_amounts(self, date_from, date_to):
        """Add up the steps over posted documents, in one statement.

        Where an invoice line has no order behind it, list and special price are what
        was charged. Rooms above add the amounts of their steps.

        :return: dict of step -> amount in company currency, deductions negative
        """
        self.env.flush_all()
        row = self.env.execute_query_dict(
            SQL(
                """
                SELECT COALESCE(SUM(list_amount) FILTER (WHERE counts), 0) AS list,
                       COALESCE(SUM(rule_amount - list_amount)
                           FILTER (WHERE counts), 0) AS special,
                       COALESCE(SUM(amount - rule_amount)
                           FILTER (WHERE counts), 0) AS discount,
                       COALESCE(SUM(amount) FILTER (WHERE is_reward), 0) AS reward,
                       COALESCE(SUM(amount) FILTER (WHERE is_refund), 0)
                           AS credit_note
                  FROM (%(lines)s) line
                """,
                lines=self._waterfall_lines_sql(date_from, date_to),
            )
        )[0]
        amounts = {key: float(value) for key, value in row.items()}
        amounts["cost"] = -self._waterfall_cost(date_from, date_to)
        return amounts

    def _waterfall_cost(self, date_from, date_to):
        """Return what the goods on posted documents cost, in company currency."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(SUM(move.key_account_cost), 0)
                  FROM account_move move
                  JOIN key_account account ON account.id = ANY(%(ids)s)
                   AND account.partner_id = COALESCE(
                       move.key_account_partner_id, move.commercial_partner_id)
                   AND %(own)s
                 WHERE move.state = 'posted' AND move.move_type IN %(types)s
                   AND move.invoice_date BETWEEN %(date_from)s AND %(date_to)s
                """,
                ids=self.ids,
                own=self._own_documents_sql("move"),
                types=REVENUE_TYPES,
                date_from=date_from,
                date_to=date_to,
            )
        )
        return float(rows[0][0])

    @api.model
    def _waterfall_price_sql(self, name):
        """Return what a line comes to at a price that is kept on its order line.

        A discount on the whole order comes to nothing, a line without a list price to
        what was charged.
        """
        return SQL(
            """
            CASE WHEN line.product_id = company.sale_discount_product_id THEN 0
                 WHEN sold.key_account_list_price > 0 AND %(has_list_price)s
                 THEN sold_net.units * %(price)s
                 ELSE -line.balance END
            """,
            has_list_price=self._has_list_price_sql(),
            price=SQL.identifier("sold", name),
        )

    @api.model
    def _has_list_price_sql(self):
        """Return the condition on ``sold`` for lines that a price list is for.

        Expenses are passed on, and the parts of a combo share its price.
        """
        return SQL(
            """
            sold.is_expense IS NOT TRUE AND sold.combo_item_id IS NULL
            AND NOT EXISTS (SELECT 1 FROM sale_order_line item
                             WHERE item.linked_line_id = sold.id
                               AND item.combo_item_id IS NOT NULL)
            """
        )

    @api.model
    def _waterfall_units_sql(self):
        """Return what the prices of ``sold`` are multiplied by for an invoice ``line``.

        That is the quantity, net of taxes that are in the price, in company currency.
        """
        return SQL(
            """
            SELECT line.quantity / COALESCE(NULLIF(sale.currency_rate, 0), 1)
                   -- Without taxes in the price, cents of rounding don't matter.
                   * CASE WHEN ABS(sold.price_subtotal - gross.amount) < gross.rounding
                          THEN 1
                          ELSE COALESCE(sold.price_subtotal / gross.amount, 1)
                     END AS units
              FROM (SELECT NULLIF(sold.price_unit * sold.product_uom_qty
                               * (1 - COALESCE(sold.discount, 0) / 100), 0) AS amount,
                           (SELECT rounding FROM res_currency
                             WHERE id = sale.currency_id) AS rounding) gross
            """
        )

    @api.model
    def _waterfall_scope_sql(self):
        """Return the condition on ``sale`` and ``sold`` for lines that count.

        Rooms above leave out what is a step of their own.
        """
        return SQL("TRUE")

    def _waterfall_lines_sql(self, date_from, date_to):
        """Return each invoice line at list price, at special price and as charged."""
        return SQL(
            """
            SELECT -line.balance AS amount, move.move_type = 'out_refund' AS is_refund,
                   move.move_type != 'out_refund' AND sold.reward_id IS NOT NULL
                       AS is_reward,
                   move.move_type != 'out_refund' AND sold.reward_id IS NULL AS counts,
                   %(list)s AS list_amount, %(rule)s AS rule_amount
              FROM key_account account
              JOIN account_move move ON COALESCE(move.key_account_partner_id,
                   move.commercial_partner_id) = account.partner_id
               AND %(own)s
               AND move.state = 'posted' AND move.move_type IN %(types)s
               AND move.invoice_date BETWEEN %(date_from)s AND %(date_to)s
              JOIN res_company company ON company.id = move.company_id
              JOIN account_move_line line ON line.move_id = move.id
               AND line.display_type IN ('product', 'rounding')
               AND line.tax_repartition_line_id IS NULL
         LEFT JOIN sale_order_line sold ON sold.id = (
                SELECT MIN(link.order_line_id) FROM sale_order_line_invoice_rel link
                 WHERE link.invoice_line_id = line.id)
         LEFT JOIN sale_order sale ON sale.id = sold.order_id
         LEFT JOIN LATERAL (%(net)s) sold_net ON TRUE
             WHERE account.id = ANY(%(ids)s) AND %(scope)s
            """,
            list=self._waterfall_price_sql("key_account_list_price"),
            rule=self._waterfall_price_sql("key_account_rule_price"),
            net=self._waterfall_units_sql(),
            scope=self._waterfall_scope_sql(),
            types=REVENUE_TYPES,
            date_from=date_from,
            date_to=date_to,
            own=self._own_documents_sql("move"),
            ids=self.ids,
        )
