# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tools import SQL

from odoo.addons.key_account_management.models.tools.company_day import (
    company_tz_sql,
    day_sql,
)


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
    moment = SQL(
        """
        COALESCE(sale.commitment_date, sale.date_order
            + COALESCE(line.customer_lead, 0) * interval '1 day')
        """
    )
    env.cr.execute(
        SQL(
            """
            UPDATE sale_order_line line
               SET key_account_promised_date = %(day)s
              FROM sale_order sale
              JOIN (SELECT id, %(tz)s AS tz FROM res_company) company
                ON company.id = sale.company_id
             WHERE sale.id = line.order_id AND sale.state = 'sale'
               AND line.qty_delivered_method = 'stock_move'
            """,
            day=day_sql(moment, SQL("company.tz")),
            tz=company_tz_sql(SQL("res_company.id")),
        )
    )


def post_init_hook(env):
    """Count the deliveries of the accounts that exist, in the background, soon."""
    env.ref("key_account_management.ir_cron_update_figures")._trigger()
