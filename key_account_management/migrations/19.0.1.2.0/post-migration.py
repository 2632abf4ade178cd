# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Monthly reports: their own delivery book becomes messages of the report."""

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL, plaintext2html
from odoo.tools.sql import column_exists, table_exists

REPORT = "key.account.monthly.report"
DELIVERED = "key_account_monthly_report_delivered_rel"
FILES = "key_account_monthly_report_attachment_rel"


def migrate(cr, version):
    """Keep who got which report; a second try goes to the others alone."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    if column_exists(cr, "key_account_monthly_report", "tried_on"):
        cr.execute(
            """
            UPDATE key_account_monthly_report SET next_try_on = tried_on + 1
             WHERE tried_on IS NOT NULL AND state = 'failed' AND attempt_count < 2
            """
        )
        env[REPORT].invalidate_model()
    if table_exists(cr, DELIVERED) and table_exists(cr, FILES):
        keep_deliveries(env)
        for table in (DELIVERED, FILES):
            cr.execute(SQL("DROP TABLE %s", SQL.identifier(table)))


def get_ids(env, table, column):
    """Return a dict of report id -> ids on the other side of the table."""
    query = SQL(
        """
        SELECT key_account_monthly_report_id, array_agg(%(column)s ORDER BY %(column)s)
          FROM %(table)s GROUP BY 1 ORDER BY 1
        """,
        column=SQL.identifier(column),
        table=SQL.identifier(table),
    )
    return dict(env.execute_query(query))


def keep_deliveries(env):
    """Write down each delivery as the message that it would be today."""
    delivered = get_ids(env, DELIVERED, "res_partner_id")
    files = get_ids(env, FILES, "ir_attachment_id")
    sent = env.ref("key_account_management.mt_monthly_report")
    for report in env[REPORT].browse(delivered):
        kept = {"state": report.state, "error": report.error}
        manager = report.account_id.manager_id or report.manager_id
        readers = env["res.partner"].browse(delivered[report.id])
        env["mail.message"].create(
            {
                "model": REPORT,
                "res_id": report.id,
                "subtype_id": sent.id,
                "message_type": "auto_comment",
                "date": report.sent_on or report.write_date,
                "author_id": manager.partner_id.id,
                "partner_ids": [(6, 0, readers.ids)],
                "attachment_ids": [(6, 0, files.get(report.id, []))],
                # In no language: colleagues of any may read it.
                "body": plaintext2html(
                    "✓ " + ", ".join(readers.mapped("display_name"))
                ),
            }
        )
        # What was refused then is no notification now: state and reason stay.
        env.flush_all()
        report.write(kept)
