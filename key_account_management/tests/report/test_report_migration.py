# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from pathlib import Path

from odoo.modules.migration import load_script
from odoo.tests import tagged

from ..common import KeyAccountCommon

SCRIPT = "migrations/19.0.1.2.0/post-migration.py"


@tagged("post_install", "-at_install")
class TestReportMigration(KeyAccountCommon):
    """The migration keeps the readers of earlier reports."""

    def test_deliveries_become_messages(self):
        """Deliveries become messages; a second attempt goes to the missed reader."""
        report = (
            self.env["key.account.monthly.report"]
            .sudo()
            .create(
                {
                    "account_id": self.account.id,
                    "partner_ids": (self.kam + self.kam2).partner_id.ids,
                    "is_scheduled": True,
                    "state": "failed",
                    "error": "Mailbox full",
                    "attempt_count": 1,
                    "sent_on": "2026-10-03 05:00:00",
                }
            )
        )
        file = self.env["ir.attachment"].create({"name": "October.pdf"})
        self.env.flush_all()
        self.env.cr.execute(
            """
            CREATE TABLE key_account_monthly_report_delivered_rel
                (key_account_monthly_report_id int, res_partner_id int);
            CREATE TABLE key_account_monthly_report_attachment_rel
                (key_account_monthly_report_id int, ir_attachment_id int);
            ALTER TABLE key_account_monthly_report ADD COLUMN tried_on date;
            UPDATE key_account_monthly_report SET tried_on = '2026-10-03';
            INSERT INTO key_account_monthly_report_delivered_rel VALUES (%s, %s);
            INSERT INTO key_account_monthly_report_attachment_rel VALUES (%s, %s);
            """,
            [report.id, self.kam.partner_id.id, report.id, file.id],
        )
        path = Path(__file__).parents[2] / SCRIPT
        load_script(str(path), "report_post_migration").migrate(self.cr, "19.0.1.1.0")
        self.env.invalidate_all()
        self.assertEqual((report.state, report.error), ("failed", "Mailbox full"))
        self.assertEqual(str(report.next_try_on), "2026-10-04")
        [message] = report._get_mailings()
        self.assertIn(self.kam.name, message.body)
        self.assertEqual(message.partner_ids, self.kam.partner_id)
        self.assertEqual(message.attachment_ids, file)
        self.assertEqual(message.date, report.sent_on)
        report._deliver()
        self.assertEqual(report.state, "sent")
        self.assertEqual(
            report.message_ids.notification_ids.res_partner_id, self.kam2.partner_id
        )
