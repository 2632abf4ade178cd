# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tools import SQL


def post_init_hook(env):
    """Take the promises of goods, and count again what shipments say, soon."""
    env.flush_all()
    promises = env["sale.order.line"]._key_account_promise_sql(SQL("line"), SQL("sale"))
    env.cr.execute(
        SQL(
            """
            UPDATE sale_order_line line SET key_account_promised_date = NULL
              FROM sale_order sale
             WHERE sale.id = line.order_id
               AND line.key_account_promised_date IS NOT NULL AND NOT %s
            """,
            promises,
        )
    )
    # A row without a month takes all of them, and the promises that are missing.
    env.cr.execute(
        "INSERT INTO key_account_kpi_queue (account_id) SELECT id FROM key_account"
    )
    env.ref("key_account_management.ir_cron_update_figures")._trigger()
