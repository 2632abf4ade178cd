# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models
from odoo.tools import SQL

from odoo.addons.key_account_management.models.figures.key_account_kpi import (
    MOVE_CUSTOMER,
    REVENUE_TYPES,
)

#: A median of fewer accounts says more about these than about this one.
COMPARABLES = 5


class KeyAccountWhiteSpaceFigures(models.AbstractModel):
    """One statement for a company: what all accounts buy, and what they could.

    The potential of a cell is the median, over comparable accounts, of the category's
    part of their revenue, times the account's own revenue, minus what it buys already.
    Comparable are accounts of the same segment and tier; where fewer than five of them
    have revenue, those of the same segment; where that gives fewer as well, none. The
    account's own group is left out.
    """

    _name = "key.account.white.space.figures"
    _description = "Figures of White Space"

    @api.model
    def _cells_sql(self, company, since, before, today):
        """Build the query for the cells of all accounts of a company.

        :param since: first day of the period
        :param before: first day of the period before it, of the same length
        :param today: last day of the period
        """
        return SQL(
            """
            WITH member AS (%(members)s),
            sold AS MATERIALIZED (%(sold)s),
            tree AS (
                SELECT leaf.id AS leaf_id, upper.id AS category_id
                  FROM product_category leaf
                  JOIN product_category upper
                    ON starts_with(leaf.parent_path, upper.parent_path)),
            bought AS MATERIALIZED (
                SELECT sold.account_id, tree.category_id, SUM(sold.now) AS now,
                       SUM(sold.before) AS before
                  FROM sold JOIN tree ON tree.leaf_id = sold.category_id
              GROUP BY 1, 2),
            buyer AS MATERIALIZED (
                SELECT member.id, member.root, member.segment_id, member.tier_id,
                       SUM(sold.now) AS total
                  FROM member JOIN sold ON sold.account_id = member.id
              GROUP BY member.id, member.root, member.segment_id, member.tier_id
                HAVING SUM(sold.now) > 0),
            compared AS MATERIALIZED (%(compared)s),
            pool AS MATERIALIZED (%(pools)s),
            peer AS MATERIALIZED (%(peers)s),
            %(medians)s
            SELECT COALESCE(bought.account_id, median.account_id) AS account_id,
                   COALESCE(bought.category_id, median.category_id) AS category_id,
                   COALESCE(bought.now, 0) AS revenue,
                   COALESCE(bought.before, 0) AS revenue_before,
                   CASE WHEN median.share IS NULL THEN 0
                        ELSE ROUND((100 * median.share)::numeric, 4) END
                       AS median_share,
                   %(potential)s AS potential,
                   COALESCE(compared.basis, 'none') AS basis,
                   COALESCE(compared.others, 0) AS comparable_count
              FROM bought
         FULL JOIN median ON median.account_id = bought.account_id
               AND median.category_id = bought.category_id
         LEFT JOIN compared
                ON compared.id = COALESCE(bought.account_id, median.account_id)
             WHERE bought.now != 0 OR bought.before != 0
                OR %(potential)s > 0
            """,
            members=self._members_sql(company),
            sold=self._sold_sql(since, before, today),
            compared=self._compared_sql(),
            pools=self._pools_sql(),
            peers=self._peers_sql(),
            medians=self._medians_sql(),
            potential=self._potential_sql(company.currency_id.decimal_places),
        )

    @api.model
    def _potential_sql(self, digits):
        """Return the potential of a cell: none without comparable accounts."""
        return SQL(
            """
            CASE WHEN compared.id IS NULL THEN 0
                 WHEN median.share IS NULL THEN GREATEST(-bought.now, 0)
                 ELSE ROUND(GREATEST(median.share * compared.total
                      - COALESCE(bought.now, 0), 0)::numeric, %s) END
            """,
            digits,
        )

    @api.model
    def _members_sql(self, company):
        """Return the accounts of a company that aren't ended, with their group."""
        return SQL(
            """
            SELECT id, partner_id, company_id, segment_id, tier_id,
                   split_part(parent_path, '/', 1) AS root
              FROM key_account
             WHERE company_id = %s AND active AND state != 'ended'
            """,
            company.id,
        )

    @api.model
    def _sold_sql(self, since, before, today):
        """Add up posted invoice lines by account and category, credit notes subtract.

        Lines without a product have no category. They count in the account's revenue.
        """
        return SQL(
            """
            SELECT member.id AS account_id, template.categ_id AS category_id,
                   COALESCE(-SUM(line.balance)
                       FILTER (WHERE move.invoice_date >= %(since)s), 0) AS now,
                   COALESCE(-SUM(line.balance)
                       FILTER (WHERE move.invoice_date < %(since)s), 0) AS before
              FROM member
              JOIN account_move move ON %(customer)s = member.partner_id AND %(own)s
               AND move.state = 'posted' AND move.move_type IN %(types)s
               AND move.invoice_date BETWEEN %(before)s AND %(today)s
              JOIN account_move_line line ON line.move_id = move.id
               AND line.display_type = 'product'
         LEFT JOIN product_product product ON product.id = line.product_id
         LEFT JOIN product_template template ON template.id = product.product_tmpl_id
          GROUP BY member.id, template.categ_id
            """,
            since=since,
            before=before,
            today=today,
            customer=MOVE_CUSTOMER,
            types=REVENUE_TYPES,
            own=self.env["key.account"]._own_documents_sql("move", "member"),
        )

    @api.model
    def _compared_sql(self):
        """Choose whom each buying account is compared with, and count them."""
        return SQL(
            """
            SELECT id, root, total, segment_id,
                   CASE WHEN near >= %(least)s THEN tier_id END AS tier_id,
                   CASE WHEN near >= %(least)s THEN near ELSE far END AS others,
                   CASE WHEN near >= %(least)s THEN 'tier' ELSE 'segment' END AS basis
              FROM (
                SELECT buyer.*,
                       CASE WHEN tier_id IS NULL THEN 0
                            ELSE COUNT(*) OVER (PARTITION BY segment_id, tier_id)
                               - COUNT(*) OVER (PARTITION BY segment_id, tier_id, root)
                       END AS near,
                       COUNT(*) OVER (PARTITION BY segment_id)
                     - COUNT(*) OVER (PARTITION BY segment_id, root) AS far
                  FROM buyer WHERE segment_id IS NOT NULL) counted
             WHERE GREATEST(near, far) >= %(least)s
            """,
            least=COMPARABLES,
        )

    @api.model
    def _pools_sql(self):
        """Number the pools of comparable accounts that are asked for."""
        return SQL(
            """
            SELECT ROW_NUMBER() OVER () AS pool, segment_id, tier_id
              FROM compared GROUP BY segment_id, tier_id
            """
        )

    @api.model
    def _peers_sql(self):
        """Put the members into the pools; one of a tier's pool is in its segment's."""
        return SQL(
            """
            SELECT pool.pool, buyer.id, buyer.root, buyer.total,
                   COUNT(*) OVER (PARTITION BY pool.pool) AS members,
                   COUNT(*) OVER (PARTITION BY pool.pool, buyer.root) AS of_group
              FROM pool
              JOIN buyer ON buyer.segment_id = pool.segment_id
               AND (pool.tier_id IS NULL OR buyer.tier_id = pool.tier_id)
            """
        )

    @api.model
    def _medians_sql(self):
        """Take the medians, without the account's own group.

        Most accounts that are no buyers of a category have a share of zero; they are
        counted and not stored, and where the middle lies among them there is nothing to
        look at. The shares of a pool are sorted once. Where the group has one member
        in the pool, its own share is stepped over by its rank; where it has several,
        theirs are taken out.
        """
        return SQL(
            """
            shared AS MATERIALIZED (
                SELECT peer.pool, peer.id, bought.category_id,
                       (bought.now / peer.total)::float8 AS share
                  FROM peer JOIN bought ON bought.account_id = peer.id
                 WHERE bought.now != 0),
            ranked AS MATERIALIZED (
                SELECT shared.*, %(ranked_key)s AS key, ROW_NUMBER() OVER (
                       PARTITION BY pool, category_id ORDER BY share, id) AS place
                  FROM shared),
            sorted AS MATERIALIZED (
                SELECT pool, category_id, array_agg(share ORDER BY place) AS shares,
                       COUNT(*) AS filled, COUNT(*) FILTER (WHERE share < 0) AS below
                  FROM ranked GROUP BY pool, category_id),
            target AS MATERIALIZED (
                SELECT compared.id, compared.root, compared.others,
                       pool.pool, peer.members, peer.of_group
                  FROM compared
                  JOIN pool ON pool.segment_id = compared.segment_id
                   AND pool.tier_id IS NOT DISTINCT FROM compared.tier_id
                  JOIN peer ON peer.pool = pool.pool AND peer.id = compared.id),
            cell AS (
                SELECT target.*, sorted.category_id, sorted.shares, sorted.below,
                       target.members - sorted.filled AS zeros,
                       CASE WHEN ranked.place IS NULL THEN sorted.below
                            WHEN ranked.share < 0 THEN ranked.place - 1
                            ELSE ranked.place - 1 + target.members - sorted.filled
                       END AS own
                  FROM target
                  JOIN sorted ON sorted.pool = target.pool
             LEFT JOIN ranked ON ranked.key = %(target_key)s
                   AND ranked.pool - target.pool = 0
                 WHERE target.of_group = 1
                   AND (sorted.below > (target.others - 1) / 2
                        OR target.others / 2 + 1
                           >= sorted.below + target.members - sorted.filled)),
            middle AS (
                SELECT cell.*,
                       (others - 1) / 2 + ((others - 1) / 2 >= own)::int AS lower,
                       others / 2 + (others / 2 >= own)::int AS upper
                  FROM cell),
            every AS (
                SELECT id AS account_id, category_id,
                       (%(lower)s + %(upper)s) / 2 AS share
                  FROM middle
             UNION ALL
                SELECT target.id, sorted.category_id, (
                       SELECT percentile_cont(0.5) WITHIN GROUP (
                              ORDER BY COALESCE(shared.share, 0))
                         FROM peer
                    LEFT JOIN shared ON shared.pool = peer.pool
                          AND shared.id = peer.id
                          AND shared.category_id = sorted.category_id
                        WHERE peer.pool = target.pool AND peer.root != target.root)
                  FROM target JOIN sorted ON sorted.pool = target.pool
                 WHERE target.of_group > 1),
            median AS (SELECT * FROM every WHERE share != 0)
            """,
            ranked_key=self._cell_key_sql("shared.id", "shared.category_id"),
            target_key=self._cell_key_sql("target.id", "sorted.category_id"),
            lower=self._share_at_sql("lower"),
            upper=self._share_at_sql("upper"),
        )

    @api.model
    def _cell_key_sql(self, account, category):
        """Return account and category as one number.

        With several conditions the planner takes the columns that are sorted already
        and compares each account with all others of its pool.
        """
        return SQL("(%s::bigint << 31) + %s", SQL(account), SQL(category))

    @api.model
    def _share_at_sql(self, place):
        """Return the share at a place of all members' sorted shares, zeros included."""
        return SQL(
            """
            CASE WHEN %(place)s < below THEN shares[%(place)s + 1]
                 WHEN %(place)s < below + zeros THEN 0
                 ELSE shares[%(place)s - zeros + 1] END
            """,
            place=SQL.identifier(place),
        )
