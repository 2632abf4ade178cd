# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models
from odoo.tools import SQL

from .key_account_rebate_basis import COUNTED_ON
from .rebate_rules import ZERO, Item, exact


class KeyAccountRebateBasis(models.AbstractModel):
    """Whose invoices and which products count, and the lines themselves."""

    _inherit = "key.account.rebate.basis"

    @api.model
    def _scopes_sql(self, rebates):
        """Return whose invoices and which products count, as named tables."""
        return SQL(
            """
            member AS MATERIALIZED (
                SELECT rebate.id AS rebate_id, account.id, account.partner_id,
                       account.company_id
                  FROM key_account_rebate rebate
                  JOIN key_account account ON account.id = rebate.account_id
                 WHERE rebate.id = ANY(%(ids)s)
             UNION ALL
                SELECT rebate.id, account.id, account.partner_id, account.company_id
                  FROM key_account_rebate rebate
                  JOIN key_account top ON top.id = rebate.account_id
                  JOIN key_account account ON account.id != top.id
                   AND account.company_id = top.company_id
                   AND starts_with(account.parent_path, top.parent_path)
                 WHERE rebate.id = ANY(%(ids)s) AND rebate.volume = 'group'),
            limited AS MATERIALIZED (
                SELECT rebate_id AS id FROM key_account_rebate_product_rel
                 UNION SELECT rebate_id FROM key_account_rebate_categ_rel
                 UNION SELECT rebate_id FROM key_account_rebate_tag_rel),
            included AS MATERIALIZED (%(included)s),
            excluded AS MATERIALIZED (%(excluded)s)
            """,
            ids=rebates.ids,
            included=self._products_sql(rebates, ""),
            excluded=self._products_sql(rebates, "excluded_"),
        )

    @api.model
    def _products_sql(self, rebates, prefix):
        """Return the products that bonuses name, by themselves, category or tag."""

        def table(name):
            return SQL.identifier(f"key_account_rebate_{prefix}{name}_rel")

        return SQL(
            """
            SELECT scope.rebate_id, scope.product_id FROM %(products)s scope
             WHERE scope.rebate_id = ANY(%(ids)s)
             UNION
            SELECT scope.rebate_id, product.id
              FROM %(categories)s scope
              JOIN product_category top ON top.id = scope.categ_id
              JOIN product_category categ
                ON starts_with(categ.parent_path, top.parent_path)
              JOIN product_template template ON template.categ_id = categ.id
              JOIN product_product product ON product.product_tmpl_id = template.id
             WHERE scope.rebate_id = ANY(%(ids)s)
             UNION
            SELECT scope.rebate_id, product.id
              FROM %(tags)s scope
              JOIN product_tag_product_template_rel tagged
                ON tagged.product_tag_id = scope.tag_id
              JOIN product_product product
                ON product.product_tmpl_id = tagged.product_template_id
             WHERE scope.rebate_id = ANY(%(ids)s)
             UNION
            SELECT scope.rebate_id, tagged.product_product_id
              FROM %(tags)s scope
              JOIN product_tag_product_product_rel tagged
                ON tagged.product_tag_id = scope.tag_id
             WHERE scope.rebate_id = ANY(%(ids)s)
            """,
            products=table("product"),
            categories=table("categ"),
            tags=table("tag"),
            ids=rebates.ids,
        )

    @api.model
    def _count_unconvertible(self, rebate, first, last):
        """Return how many lines can't be converted to the unit of a bonus."""
        self.env.flush_all()
        lines = self._lines_sql([(0, rebate, first, last)], last)
        return self.env.execute_query(
            SQL(
                """
                SELECT COUNT(*)
                  FROM (%(lines)s) counted
                  JOIN account_move_line line ON line.id = counted.line_id
                  JOIN uom_uom unit ON unit.id = line.product_uom_id
                  JOIN uom_uom wanted ON wanted.id = %(unit)s
                 WHERE split_part(unit.parent_path, '/', 1)
                       != split_part(wanted.parent_path, '/', 1)
                """,
                lines=lines,
                unit=rebate.uom_id.id,
            )
        )[0][0]

    @api.model
    def _get_revenues(self, claims, day):
        """Return the revenue that counts for each of these claims.

        :param claims: list of (rebate, (first day, last day))
        :return: list of fractions
        """
        revenues = [ZERO] * len(claims)
        for row in self._collect(
            [(number, rebate, *days) for number, (rebate, days) in enumerate(claims)],
            day,
        ):
            revenues[row.claim] += row.item.revenue
        return revenues

    @api.model
    def _get_lines(self, rebate, period, day):
        """Return the lines that count for a bonus, in the order of time.

        :return: list of (line id, :class:`~.rebate_rules.Item`)
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT counted.line_id, counted.revenue, counted.quantity
                  FROM (%(lines)s) counted
                  JOIN account_move_line line ON line.id = counted.line_id
                  JOIN account_move move ON move.id = line.move_id
             LEFT JOIN account_move source ON source.id = move.reversed_entry_id
             LEFT JOIN account_move first ON first.id = source.reversed_entry_id
              ORDER BY %(counted_on)s, COALESCE(first.id, source.id, move.id),
                       line.product_id, line.id
                """,
                lines=self._lines_sql([(0, rebate, *period)], day),
                counted_on=COUNTED_ON,
            )
        )
        return [
            (line_id, Item(exact(revenue), exact(quantity)))
            for line_id, revenue, quantity in rows
        ]
