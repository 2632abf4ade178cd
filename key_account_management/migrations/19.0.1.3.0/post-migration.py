# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo.tools import SQL

OUTCOME = '<t t-out="object._get_outcome_text()"></t> '


def migrate(cr, version):
    """Keep who is in the teams, what was released and replaced; complete a mail."""
    # Members from before were let in by the rules of that time.
    cr.execute("UPDATE key_account_team_member SET is_accepted = TRUE")
    # The rules are not updated with the addon, as administrators can change them.
    cr.execute(
        r"""
        UPDATE ir_rule
           SET domain_force = regexp_replace(
                   domain_force,
                   '\(''((?:\w+\.)*)team_member_ids\.user_id'', ''='', user\.id\)',
                   '(''\1team_member_ids'', ''any'', [(''user_id'', ''='', user.id), '
                   '(''is_accepted'', ''='', True)])',
                   'g')
         WHERE id IN (SELECT res_id FROM ir_model_data
                       WHERE model = 'ir.rule'
                         AND module LIKE 'key\_account\_management%')
           AND domain_force LIKE '%team_member_ids.user_id%'
        """
    )
    # What releases and replacements are for wasn't kept before.
    cr.execute(
        """
        UPDATE sale_order
           SET key_account_released_partner_id = partner_id,
               key_account_released_currency_id = currency_id
         WHERE key_account_release_user_id IS NOT NULL
        """
    )
    cr.execute(
        """
        UPDATE sale_order_line line
           SET key_account_released_product_id =
                   CASE WHEN key_account_released_qty > 0 THEN line.product_id END,
               key_account_replaced_product_id =
                   CASE WHEN sale.key_account_complaint_id IS NOT NULL
                         AND line.price_unit = 0 THEN line.product_id END,
               key_account_replaced_qty =
                   CASE WHEN sale.key_account_complaint_id IS NOT NULL
                         AND line.price_unit = 0 THEN line.product_uom_qty END
          FROM sale_order sale
         WHERE sale.id = line.order_id
           AND (key_account_released_qty > 0
                OR sale.key_account_complaint_id IS NOT NULL)
        """
    )
    # The weights of health add up to a hundred, unless they were changed by hand.
    cr.execute(
        """
        UPDATE key_account_health_component SET weight = 15
         WHERE weight = 20 AND kind IN ('growth', 'margin', 'contact')
           AND (SELECT SUM(weight) FROM key_account_health_component
                 WHERE active) = 115
        """
    )
    # A list without a floor of its own was approved with none, not with the lowest.
    for table, term in (
        ("product_pricelist", "floor"),
        ("key_account_agreement", "list_floor"),
    ):
        cr.execute(
            SQL(
                """
                UPDATE %s
                   SET key_account_approved_terms = jsonb_set(
                           key_account_approved_terms, %s, '100')
                 WHERE key_account_approved_terms #>> %s IN ('0', '0.0')
                """,
                SQL.identifier(table),
                [term, "1"],
                [term, "1"],
            )
        )
    # Lines of core's from before the ledger, and of programs without one.
    cr.execute(
        """
        UPDATE loyalty_history
           SET key_account_date = create_date::date,
               key_account_kind = CASE
                   WHEN COALESCE(issued, 0) >= COALESCE(used, 0)
                   THEN CASE WHEN COALESCE(order_id, 0) = 0
                             THEN 'gift' ELSE 'earn' END
                   WHEN COALESCE(order_id, 0) = 0 THEN 'correction'
                   ELSE 'spend' END
         WHERE key_account_kind IS NULL
        """
    )
    # Until now every reward on a line counted as given by its program.
    cr.execute(
        """
        UPDATE sale_order_line SET key_account_is_reward = TRUE
         WHERE reward_id IS NOT NULL
        """
    )
    # The mail that asks how a complaint was handled says what came of it, in each
    # language, before the first picture; unless somebody has written that already.
    cr.execute(
        r"""
        UPDATE mail_template
           SET body_html = (
                   SELECT jsonb_object_agg(
                              key,
                              regexp_replace(value, '(<a [^>]*/rate/)', %s || '\1'))
                     FROM jsonb_each_text(body_html))
         WHERE id IN (SELECT res_id FROM ir_model_data
                       WHERE model = 'mail.template'
                         AND module = 'key_account_management'
                         AND name = 'mail_template_complaint_rating')
           AND body_html::text LIKE '%%/rate/%%'
           AND body_html::text NOT LIKE '%%_get_outcome_text%%'
        """,
        [OUTCOME],
    )
    # For whom orders and their invoices count, where it isn't the one who pays.
    cr.execute(
        """
        UPDATE sale_order SET key_account_partner_id = account.partner_id
          FROM key_account account, res_partner contact
         WHERE account.id = sale_order.key_account_id
           AND contact.id = sale_order.partner_id
           AND contact.commercial_partner_id != account.partner_id
        """
    )
    cr.execute(
        """
        UPDATE account_move
           SET key_account_id = account.id,
               key_account_partner_id = account.partner_id
          FROM account_move_line line
          JOIN sale_order_line_invoice_rel link ON link.invoice_line_id = line.id
          JOIN sale_order_line sold ON sold.id = link.order_line_id
          JOIN sale_order sale ON sale.id = sold.order_id
          JOIN key_account account ON account.id = sale.key_account_id
         WHERE account_move.id = line.move_id
           AND account_move.commercial_partner_id != account.partner_id
           AND account_move.move_type IN ('out_invoice', 'out_refund')
        """
    )
    # The figures are taken by these, over longer windows: the night takes them all.
    cr.execute(
        "INSERT INTO key_account_kpi_queue (account_id) SELECT id FROM key_account"
    )
