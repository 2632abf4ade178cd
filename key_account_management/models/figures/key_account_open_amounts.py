# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import date
from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

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


class KeyAccountOpenAmounts(models.AbstractModel):
    """The statements on what customers owe or have ordered, each for a whole batch."""

    _name = "key.account.open.amounts"
    _description = "Open Amounts of Key Accounts"

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
    def _due_sql(self, day):
        """Add up what the customer owes, and what of it is past its due date."""
        Line = self.env["account.move.line"]
        return SQL(
            """
            SELECT account_id, SUM(amount_residual) AS open_amount,
                   SUM(amount_residual) FILTER (WHERE %(past_due)s) AS overdue_amount,
                   SUM(amount_residual) FILTER (
                       WHERE %(past_due)s AND amount_residual > 0) AS overdue_items,
                   MIN(date_maturity) FILTER (
                       WHERE %(past_due)s AND amount_residual > 0) AS oldest,
                   -- How long we have been waiting for it.
                   SUM(amount_residual * (%(day)s - invoice_date)) FILTER (
                       WHERE %(past_due)s AND amount_residual > 0) AS amount_days
              FROM (%(items)s) account_move_line
          GROUP BY account_id
            """,
            items=self._open_items_sql(),
            # sudo: which items count doesn't depend on who looks at the sum.
            past_due=Line.sudo()._search(past_due(day)).where_clause,
            day=day,
        )

    @api.model
    def _open_items_sql(self):
        """Name what is open: of the customer, and of others who pay for it."""
        # sudo: see _due_sql.
        items = self.env["account.move.line"].sudo()._search(OPEN_ITEMS)
        own = self.env["key.account"]._own_documents_sql
        return SQL(
            """
            SELECT chosen.id AS account_id, account_move_line.amount_residual,
                   account_move_line.date_maturity,
                   COALESCE(move.invoice_date, move.date) AS invoice_date
              FROM chosen
              JOIN res_partner customer
                ON customer.commercial_partner_id = chosen.partner_id
              JOIN (%(items)s) ON account_move_line.partner_id = customer.id
               AND %(own_item)s
              JOIN account_move move ON move.id = account_move_line.move_id
               AND COALESCE(move.key_account_partner_id, chosen.partner_id)
                   = chosen.partner_id
             WHERE %(open)s
         UNION ALL
            SELECT chosen.id, account_move_line.amount_residual,
                   account_move_line.date_maturity,
                   COALESCE(move.invoice_date, move.date)
              FROM chosen
              JOIN account_move move ON move.key_account_partner_id = chosen.partner_id
               AND move.commercial_partner_id != chosen.partner_id
               AND %(own_move)s
              JOIN (%(items)s) ON account_move_line.move_id = move.id
             WHERE %(open)s
            """,
            items=items.from_clause,
            own_item=own("account_move_line", "chosen"),
            own_move=own("move", "chosen"),
            open=items.where_clause,
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
                       SUM(due.net)
                           FILTER (WHERE sale.state IN ('draft', 'sent')) AS quoted,
                       COALESCE(SUM(due.gross * COALESCE(due.pieces_left,
                               CASE WHEN ABS(due.invoiced) < ABS(due.net)
                                   THEN LEAST(1, 1 - due.invoiced / due.net)
                                   ELSE 0 END))
                           FILTER (WHERE sale.state = 'sale'
                               AND line.is_downpayment IS NOT TRUE), 0) AS ordered,
                       COALESCE(SUM(due.invoiced
                               * sale.amount_total / NULLIF(sale.amount_untaxed, 0))
                           FILTER (WHERE sale.state = 'sale'
                               AND line.is_downpayment), 0) AS paid_down
                  FROM chosen
                  JOIN res_partner customer
                    ON customer.commercial_partner_id = chosen.partner_id
                  JOIN sale_order sale
                    ON COALESCE(sale.key_account_partner_id,
                                sale.partner_id) = customer.id
                   AND %(own)s AND sale.state IN ('draft', 'sent', 'sale')
                  JOIN sale_order_line line ON line.order_id = sale.id
                   AND line.display_type IS NULL
            CROSS JOIN LATERAL (%(line_due)s) due
              GROUP BY chosen.id, sale.id) document
          GROUP BY account_id
            """,
            line_due=self._line_due_sql(),
            own=self.env["key.account"]._own_documents_sql("sale", "chosen"),
        )

    @api.model
    def _line_due_sql(self):
        """Return what a ``line`` of an order called ``sale`` comes to.

        That is its net and gross amount with what was delivered beyond the order, and
        what of it is invoiced, in company currency. Pieces say which share is left, as
        they may have been billed cheaper; where there are drafts, which Odoo counts as
        invoiced pieces, or pieces that come back, the amounts do.
        """
        return SQL(
            """
            SELECT (line.price_subtotal + beyond.units
                       * COALESCE(line.price_subtotal / ordered.units, price.value))
                       / rate.value AS net,
                   (line.price_total + beyond.units
                       * COALESCE(line.price_total / ordered.units, price.value))
                       / rate.value AS gross,
                   COALESCE(line.untaxed_amount_invoiced, 0) / rate.value AS invoiced,
                   CASE WHEN COALESCE(line.product_uom_qty, 0) <= 0 THEN NULL
                        WHEN COALESCE(line.qty_invoiced, 0) = 0
                         AND COALESCE(line.untaxed_amount_invoiced, 0) = 0 THEN 1
                        WHEN line.qty_invoiced = line.product_uom_qty + beyond.units
                         AND line.untaxed_amount_invoiced = line.price_subtotal THEN 0
                        WHEN EXISTS (SELECT FROM sale_order_line_invoice_rel billed
                              JOIN account_move_line bill
                                ON bill.id = billed.invoice_line_id
                             WHERE billed.order_line_id = line.id
                               AND bill.parent_state = 'draft') THEN NULL
                        ELSE GREATEST(0, LEAST(1, 1 - line.qty_invoiced
                                 / (line.product_uom_qty + beyond.units)))
                        END AS pieces_left
              FROM (SELECT NULLIF(line.product_uom_qty, 0) AS units) ordered
        CROSS JOIN (SELECT CASE WHEN line.product_uom_qty >= 0
                                THEN GREATEST(COALESCE(line.qty_delivered, 0)
                                         - line.product_uom_qty, 0)
                                ELSE 0 END AS units) beyond
        CROSS JOIN (SELECT line.price_unit * (1 - COALESCE(line.discount, 0) / 100)
                               AS value) price
        CROSS JOIN (SELECT COALESCE(NULLIF(sale.currency_rate, 0), 1) AS value) rate
            """
        )
