# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.key_account_management.models.figures.key_account_kpi import (
    MOVE_CUSTOMER,
    REVENUE_TYPES,
)

from .rebate_rules import Item, exact

#: The day on which an invoice line counts. What credits an invoice, or takes such a
#: credit back, counts in the period of that invoice.
COUNTED_ON = SQL("COALESCE(first.invoice_date, source.invoice_date, move.invoice_date)")
#: The taxes of an invoice ``line``.
LINE_TAXES = SQL(
    """
    (SELECT array_agg(tax.account_tax_id ORDER BY tax.account_tax_id)
       FROM account_move_line_account_tax_rel tax
      WHERE tax.account_move_line_id = line.id)
    """
)
#: From so many claims on the tables are read as a whole.
MANY = 200
#: How PostgreSQL does that.
WHOLE_TABLES = {
    "enable_nestloop": "off",
    "enable_sort": "off",
    "hash_mem_multiplier": "8",
}


class Bucket(NamedTuple):
    """Whose lines these are, who was billed, and how."""

    customer: int | None = None
    bill_to: int | None = None
    taxes: tuple = ()
    #: Analytic distribution as JSON text.
    analytic: str = ""


class Row(NamedTuple):
    """Lines added up that count for the same bonuses."""

    claims: frozenset
    claim: int
    bucket: Bucket
    #: Where the lines stand in time, for steps that are walked through.
    place: tuple
    item: Item


class KeyAccountRebateBasis(models.AbstractModel):
    """Adds up the invoice lines that count for bonuses, in one statement."""

    _name = "key.account.rebate.basis"
    _description = "Basis of Bonuses"

    @api.model
    def _collect(self, claims, day, detail=False, shared=False):
        """Add up the lines that count, by bonus and period.

        :param claims: list of (number, rebate, first day, last day)
        :param day: invoices up to this day
        :param bool detail: also by customer, billed partner and taxes
        :param bool shared: also by all the claims that a line counts for
        :return: list of :class:`Row`
        """
        if not claims:
            return []
        self.env.flush_all()
        names = self._get_groups(claims, detail)
        query = self._sums_sql(claims, day, names, shared)
        rows = []
        for keys, revenue, quantity, *values in self._fetch(query, len(claims)):
            found = dict(zip(names, values, strict=True))
            bucket = Bucket(
                customer=found.get("customer_id", 0),
                bill_to=found.get("bill_to_id", 0),
                taxes=tuple(found.get("tax_ids") or ()),
                analytic=found["analytic"] or "",
            )
            place = (
                found.get("on_day"),
                found.get("source_id", 0),
                found.get("product_id", 0),
            )
            item = Item(exact(revenue or 0), exact(quantity or 0))
            rows.append(Row(frozenset(keys), found["claim_id"], bucket, place, item))
        return rows

    @api.model
    def _get_groups(self, claims, detail):
        """Return the names of the columns that lines are added up by."""
        names = ["claim_id", "analytic"]
        if detail:
            names += ["customer_id", "bill_to_id", "tax_ids"]
        rebates = {rebate for _number, rebate, _first, _last in claims}
        if any(rebate._get_rules().follows_time for rebate in rebates):
            names += ["on_day", "source_id", "product_id"]
        return names

    @api.model
    def _fetch(self, query, number):
        """Run a query over that many claims.

        PostgreSQL doesn't know how many invoices a claim has and looks each one up by
        the index; for many of them it is several times faster to read the tables once,
        and to add up without sorting.
        """
        if number < MANY:
            return self.env.execute_query(query)
        for name, value in WHOLE_TABLES.items():
            self.env.cr.execute(SQL("SET LOCAL %s TO %s", SQL.identifier(name), value))
        rows = self.env.execute_query(query)
        for name in WHOLE_TABLES:
            self.env.cr.execute(SQL("SET LOCAL %s TO DEFAULT", SQL.identifier(name)))
        return rows

    @api.model
    def _sums_sql(self, claims, day, names, shared):
        groups = SQL(", ").join(SQL.identifier(name) for name in names)
        shown = SQL(", ").join(
            # Added up as it is, and shown as the text that it is compared by.
            SQL("analytic::text") if name == "analytic" else SQL.identifier(name)
            for name in names
        )
        lines = self._lines_sql(claims, day)
        if not shared:
            return SQL(
                """
                SELECT ARRAY[claim_id], SUM(revenue), SUM(quantity), %(shown)s
                  FROM (%(lines)s) line GROUP BY %(groups)s
                """,
                groups=groups,
                shown=shown,
                lines=lines,
            )
        return SQL(
            """
            SELECT claims, SUM(revenue), SUM(quantity), %(shown)s
              FROM (SELECT line.*, array_agg(claim_id) OVER (
                           PARTITION BY line_id ORDER BY claim_id
                           ROWS BETWEEN UNBOUNDED PRECEDING
                                AND UNBOUNDED FOLLOWING) AS claims
                      FROM (%(lines)s) line) line
          GROUP BY claims, %(groups)s
            """,
            groups=groups,
            shown=shown,
            lines=lines,
        )

    @api.model
    def _lines_sql(self, claims, day):
        """Return each line once for each claim that it counts for."""
        rebates = self.env["key.account.rebate"].union(*(claim[1] for claim in claims))
        return SQL(
            """
            WITH %(scopes)s, counted AS MATERIALIZED (%(moves)s)
            SELECT move.claim_id, line.id AS line_id, move.customer_id, move.bill_to_id,
                   %(taxes)s AS tax_ids, line.analytic_distribution AS analytic,
                   move.on_day, move.source_id, line.product_id,
                   -line.balance AS revenue, %(quantity)s AS quantity
              FROM counted move
              JOIN account_move_line line ON line.move_id = move.id
             WHERE %(conditions)s
            """,
            scopes=self._scopes_sql(rebates),
            moves=self._moves_sql(claims, rebates, day),
            taxes=LINE_TAXES,
            quantity=self._quantity_sql(rebates),
            conditions=SQL(" AND ").join(self._line_conditions(rebates)),
        )

    @api.model
    def _moves_sql(self, claims, rebates, day):
        """Return each invoice once for each claim that its lines can count for."""
        return SQL(
            """
            SELECT claim.id AS claim_id, rebate.id AS rebate_id, rebate.uom_id,
                   account.partner_id AS customer_id, move.id, move.move_type,
                   move.company_id, move.key_account_rebate_quantity,
                   move.commercial_partner_id AS bill_to_id, %(counted_on)s AS on_day,
                   COALESCE(first.id, source.id, move.id) AS source_id
              FROM unnest(%(ids)s::int[], %(rebates)s::int[], %(starts)s::date[],
                          %(ends)s::date[])
                   AS claim(id, rebate_id, date_from, date_to)
              JOIN key_account_rebate rebate ON rebate.id = claim.rebate_id
              JOIN member account ON account.rebate_id = rebate.id
              JOIN account_move move
                ON %(customer)s = account.partner_id AND %(own)s
               AND move.state = 'posted' AND move.move_type IN %(types)s
               AND move.invoice_date BETWEEN claim.date_from AND %(day)s
               AND (move.reversed_entry_id IS NOT NULL
                    OR move.invoice_date <= claim.date_to)
         LEFT JOIN account_move source ON source.id = move.reversed_entry_id
         LEFT JOIN account_move first ON first.id = source.reversed_entry_id
             WHERE %(conditions)s
            """,
            counted_on=COUNTED_ON,
            ids=[claim[0] for claim in claims],
            rebates=[claim[1].id for claim in claims],
            starts=[claim[2] for claim in claims],
            ends=[claim[3] for claim in claims],
            customer=MOVE_CUSTOMER,
            own=self.env["key.account"]._own_documents_sql("move"),
            types=REVENUE_TYPES,
            day=day,
            conditions=SQL(" AND ").join(self._move_conditions(rebates, day)),
        )

    @api.model
    def _move_conditions(self, rebates, day):
        """Return what makes an invoice count, as a list of SQL."""
        conditions = [
            SQL("%s BETWEEN claim.date_from AND claim.date_to", COUNTED_ON),
            # What pays out points or rewards a referral credits no goods.
            SQL("move.key_account_settlement_card_id IS NULL"),
            SQL(
                "move.id NOT IN (SELECT reward_move_id FROM key_account_referral "
                "WHERE reward_move_id IS NOT NULL)"
            ),
        ]
        if any(rebate.payment != "any" for rebate in rebates):
            conditions.append(self._paid_sql(day))
        return conditions

    @api.model
    def _line_conditions(self, rebates):
        """Return what makes a line of such an invoice count, as a list of SQL."""
        conditions = [
            SQL("line.display_type = 'product'"),
            SQL("line.key_account_rebate_settlement_id IS NULL"),
            SQL("line.is_downpayment IS NOT TRUE"),
            SQL(
                """
                line.id NOT IN (
                    SELECT link.invoice_line_id
                      FROM sale_order sale
                      JOIN sale_order_line sold ON sold.order_id = sale.id
                      JOIN sale_order_line_invoice_rel link
                        ON link.order_line_id = sold.id
                     WHERE sale.key_account_complaint_id IS NOT NULL)
                """
            ),
            SQL(
                "(move.rebate_id, line.id) NOT IN (SELECT rebate_id, line_id "
                "FROM key_account_rebate_exclusion)"
            ),
        ]
        if any(rebate._is_limited() for rebate in rebates):
            conditions.append(
                SQL(
                    "(move.rebate_id NOT IN (SELECT id FROM limited) OR "
                    "(move.rebate_id, line.product_id) IN "
                    "(SELECT rebate_id, product_id FROM included))"
                )
            )
        if any(rebate._has_exclusions() for rebate in rebates):
            conditions.append(
                SQL(
                    "(line.product_id IS NULL OR (move.rebate_id, line.product_id) "
                    "NOT IN (SELECT rebate_id, product_id FROM excluded))"
                )
            )
        return conditions

    @api.model
    def _paid_sql(self, day):
        """Return the condition that what was invoiced is paid, where a bonus asks.

        A credit note goes with the invoice that it credits.
        """
        return SQL(
            """
            (rebate.payment = 'any'
             OR COALESCE(first.move_type, source.move_type, move.move_type)
                = 'out_refund'
             OR (SELECT bool_and(due.reconciled)
                        AND COALESCE(MAX(partial.max_date) <= %(day)s
                            AND (rebate.payment = 'paid' OR MAX(partial.max_date)
                                <= MAX(due.date_maturity) + rebate.grace_days), TRUE)
                   FROM account_move_line due
              LEFT JOIN account_partial_reconcile partial
                     ON partial.debit_move_id = due.id
                     OR partial.credit_move_id = due.id
                  WHERE due.display_type = 'payment_term'
                    AND due.move_id = COALESCE(first.id, source.id, move.id)))
            """,
            day=day,
        )

    @api.model
    def _quantity_sql(self, rebates):
        """Return the quantity of a ``line`` in the unit of the bonus.

        A price correction gives no goods back, a discount or reward is no goods, and
        what has another kind of unit counts for nothing.
        """
        if not any(rebate._needs_quantity() for rebate in rebates):
            return SQL("0")
        return SQL(
            """
            CASE WHEN line.product_id IS NULL
                   OR move.key_account_rebate_quantity = 'price'
                   OR line.product_id = (SELECT sale_discount_product_id
                        FROM res_company WHERE id = move.company_id)
                   OR EXISTS (SELECT FROM sale_order_line_invoice_rel link
                        JOIN sale_order_line sold ON sold.id = link.order_line_id
                         AND sold.reward_id IS NOT NULL
                       WHERE link.invoice_line_id = line.id)
                 THEN 0
                 ELSE COALESCE((SELECT line.quantity * unit.factor / wanted.factor
                        FROM uom_uom unit, uom_uom wanted
                       WHERE unit.id = line.product_uom_id
                         AND wanted.id = move.uom_id
                         AND split_part(unit.parent_path, '/', 1)
                             = split_part(wanted.parent_path, '/', 1)), 0)
                      * CASE WHEN move.move_type = 'out_refund' THEN -1 ELSE 1 END
             END
            """
        )
