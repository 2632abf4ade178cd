# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.tools import SQL

from .key_account_kpi import REVENUE_TYPES

#: A change to one of these moves an amount from one month or customer to another.
FIGURE_FIELDS = {"state", "invoice_date", "partner_id", "company_id", "move_type"}
#: What the cost of a document is taken from.
COST_FIELDS = {
    "account.move": ("state", "move_type", "company_id", "key_account_cost"),
    "account.move.line": (
        "move_id",
        "display_type",
        "quantity",
        "product_id",
        "product_uom_id",
        "sale_line_ids",
    ),
    "sale.order.line": ("purchase_price", "product_uom_id", "order_id"),
    "sale.order": ("currency_rate",),
    "product.product": ("standard_price",),
    "product.template": ("uom_id",),
}


class AccountMove(models.Model):
    _inherit = "account.move"

    key_account_cost = fields.Monetary(
        string="Cost of Key Account Sales",
        currency_field="company_currency_id",
        readonly=True,
        copy=False,
        groups="key_account_management.group_key_account_user",
        help="What the invoiced goods cost when the document was posted: by the order "
        "line, or else by the product. Negative on credit notes.",
    )

    _key_account_figures_idx = models.Index(
        "(COALESCE(key_account_partner_id, commercial_partner_id), company_id, "
        "invoice_date) WHERE state = 'posted' "
        "AND move_type IN ('out_invoice', 'out_refund', 'out_receipt')"
    )

    def write(self, vals):
        if FIGURE_FIELDS.isdisjoint(vals):
            return super().write(vals)
        # Both the month that is left and the one that is entered change.
        months = self._key_account_months()
        result = super().write(vals)
        self.env["key.account.kpi.queue"]._add(months + self._key_account_months())
        return result

    def unlink(self):
        if not self:
            return super().unlink()
        months = self._key_account_months()
        result = super().unlink()
        self.env["key.account.kpi.queue"]._add(months)
        return result

    def _key_account_months(self):
        """Return the months in which these documents count as revenue.

        :return: list of (commercial partner id, company id, invoice date)
        """
        return [
            (
                # sudo: for whom it counts, for every user who writes it.
                (move.sudo().key_account_partner_id or move.commercial_partner_id).id,
                move.company_id.id,
                move.invoice_date,
            )
            for move in self
            if move.state == "posted"
            and move.move_type in REVENUE_TYPES
            and move.invoice_date
        ]

    def _post(self, soft=True):
        posted = super()._post(soft)
        # sudo: every posted document keeps its cost; the field's groups say who can
        # read it.
        posted.filtered(
            lambda move: move.sudo().key_account_id
        )._take_key_account_cost()
        return posted

    def _check_key_account_post(self):
        """Refuse currencies without a rate: the figures would count them one to one."""
        result = super()._check_key_account_post()
        for move in self:
            # Core takes one to one where there is no rate; one that was entered on the
            # invoice is a rate.
            if move.sudo().key_account_id and move.invoice_currency_rate == 1.0:
                move.currency_id._check_key_account_rate(move.company_id)
        return result

    @api.model
    def _key_account_payments_sql(self):
        """Build the statement on what was paid of an invoice, which it calls ``move``.

        It returns the day of the last payment, the amount in company currency, and the
        amounts times their days from the invoice on. Money that came in is a payment,
        by a payment, a bank statement or an entry on an account of bank or cash. Credit
        notes and write-offs are none.
        """
        return SQL(
            """
            SELECT MAX(partial.max_date) AS day, SUM(partial.amount) AS amount,
                   SUM(partial.amount * (partial.max_date - move.invoice_date))
                       AS amount_days
              FROM account_move_line billed
              JOIN account_partial_reconcile partial
                ON partial.debit_move_id = billed.id
              JOIN account_move_line counterpart
                ON counterpart.id = partial.credit_move_id
              JOIN account_move entry ON entry.id = counterpart.move_id
             WHERE billed.move_id = move.id
               AND (entry.origin_payment_id IS NOT NULL
                    OR entry.statement_line_id IS NOT NULL
                    OR EXISTS (
                        SELECT 1 FROM account_move_line cash
                          JOIN account_account account ON account.id = cash.account_id
                         WHERE cash.move_id = entry.id
                           AND account.account_type = 'asset_cash'))
            """
        )

    def _take_key_account_cost(self):
        """Keep what the goods of these documents cost now, in one statement."""
        if not self:
            return
        # Not all of it: an order that is being invoiced is worked out later, once.
        for model, names in COST_FIELDS.items():
            self.env[model].flush_model(names)
        self.env.cr.execute(
            self._key_account_cost_sql(SQL("move.id = ANY(%s)", self.ids))
        )
        self.invalidate_recordset(["key_account_cost"])

    @api.model
    def _fill_key_account_cost(self, scope):
        """Take the cost of older documents of customers who became key accounts.

        :param scope: SQL on ``account``, which accounts
        """
        self.env.cr.execute(
            self._key_account_cost_sql(
                SQL(
                    """
                    move.key_account_cost IS NULL AND move.id IN (
                    SELECT document.id FROM key_account account
                      JOIN account_move document
                        ON COALESCE(document.key_account_partner_id,
                                    document.commercial_partner_id) = account.partner_id
                       AND %(own)s
                       AND document.state = 'posted'
                       AND document.move_type IN %(types)s
                       AND document.key_account_cost IS NULL
                     WHERE %(scope)s)
                    """,
                    own=self.env["key.account"]._own_documents_sql("document"),
                    types=REVENUE_TYPES,
                    scope=scope,
                )
            )
        )

    @api.model
    def _key_account_cost_sql(self, chosen):
        """Build the statement that writes the cost of documents; see below."""
        return SQL(
            """
            UPDATE account_move SET key_account_cost = cost.amount
              FROM (%s) cost
             WHERE cost.id = account_move.id
               AND account_move.key_account_cost IS DISTINCT FROM cost.amount
            """,
            self._key_account_costs_sql(chosen),
        )

    @api.model
    def _key_account_costs_sql(self, chosen):
        """Build the query for the cost of documents: ``id`` and ``amount``.

        The order line's cost comes into company currency at the order's rate; of the
        order lines behind one invoice line the first counts. ``chosen``: on ``move``.
        """
        return SQL(
            """
            SELECT move.id, ROUND(COALESCE(SUM(
                       CASE WHEN move.move_type = 'out_refund' THEN -1 ELSE 1 END
                       * line.quantity * COALESCE(uom.factor, 1) * COALESCE(
                           sold.purchase_price
                           / COALESCE(NULLIF(sale.currency_rate, 0), 1)
                           / COALESCE(NULLIF(sold_uom.factor, 0), 1),
                           (product.standard_price ->> move.company_id::text)::numeric
                           / COALESCE(NULLIF(unit.factor, 0), 1), 0)), 0)::numeric,
                       COALESCE(currency.decimals, 2)) AS amount
              FROM account_move move
              JOIN res_company company ON company.id = move.company_id
              JOIN (SELECT id, CEIL(-LOG(rounding))::int AS decimals FROM res_currency
                     WHERE rounding > 0) currency ON currency.id = company.currency_id
         LEFT JOIN account_move_line line
                ON line.move_id = move.id AND line.display_type = 'product'
         LEFT JOIN uom_uom uom ON uom.id = line.product_uom_id
         LEFT JOIN product_product product ON product.id = line.product_id
         LEFT JOIN product_template template ON template.id = product.product_tmpl_id
         LEFT JOIN uom_uom unit ON unit.id = template.uom_id
         LEFT JOIN sale_order_line sold ON sold.id = (
                SELECT MIN(link.order_line_id) FROM sale_order_line_invoice_rel link
                 WHERE link.invoice_line_id = line.id)
         LEFT JOIN sale_order sale ON sale.id = sold.order_id
         LEFT JOIN uom_uom sold_uom ON sold_uom.id = sold.product_uom_id
             WHERE %(chosen)s GROUP BY move.id, currency.decimals
            """,
            chosen=chosen,
        )
