# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tools import SQL


def pre_init_hook(env):
    """Fill the promised day of all order lines at once, not record by record."""
    env.cr.execute(
        SQL(
            """
            ALTER TABLE sale_order_line
              ADD COLUMN IF NOT EXISTS key_account_promised_date date
            """
        )
    )
    # The time zone as res.company._get_key_account_tz takes it.
    env.cr.execute(
        SQL(
            """
            UPDATE sale_order_line line
               SET key_account_promised_date = (
                       COALESCE(sale.commitment_date, sale.date_order
                           + COALESCE(line.customer_lead, 0) * interval '1 day')
                       AT TIME ZONE 'UTC'
                       AT TIME ZONE COALESCE(
                           NULLIF(calendar.tz, ''), NULLIF(partner.tz, ''), 'UTC')
                   )::date
              FROM sale_order sale
              JOIN res_company company ON company.id = sale.company_id
              JOIN res_partner partner ON partner.id = company.partner_id
         LEFT JOIN resource_calendar calendar
                ON calendar.id = company.resource_calendar_id
             WHERE sale.id = line.order_id AND sale.state = 'sale'
               AND line.qty_delivered_method = 'stock_move'
            """
        )
    )


def post_init_hook(env):
    """Count the deliveries of the accounts that exist, in the background, soon."""
    env.ref("key_account_management.ir_cron_update_figures")._trigger()
