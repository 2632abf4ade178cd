# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.key_account_management.tests.common import KeyAccountCommon
from odoo.addons.key_account_management.wizards.tools import key_account_export
from odoo.addons.queue_job.tests.common import trap_jobs


@tagged("post_install", "-at_install")
class TestJobs(KeyAccountCommon):
    """Long work becomes jobs, one for each task."""

    def test_long_export(self):
        """A long export becomes one job, which writes the file."""
        model = self.as_user(self.kam)["key.account.export"].with_context(
            active_model="key.account", active_ids=self.account.ids
        )
        with (
            patch.object(key_account_export, "AT_ONCE", 0),
            trap_jobs() as trap,
        ):
            action = model.action_export()
            export = self.env["key.account.export"].sudo().browse(action["res_id"])
            export._start()
            trap.assert_jobs_count(1, only=export._write_as_job)
            trap.perform_enqueued_jobs()
        self.assertEqual(export.state, "done")
        self.assertTrue(export.content)

    def test_monthly_reports(self):
        """Each due report becomes one job; a report isn't sent twice."""
        report = (
            self.env["key.account.monthly.report"]
            .sudo()
            .create(
                {
                    "account_id": self.account.id,
                    "partner_ids": self.kam.partner_id.ids,
                    "is_scheduled": True,
                }
            )
        )
        with trap_jobs() as trap:
            report._send_due(lambda count: True)
            report._send_due(lambda count: True)
            trap.assert_jobs_count(1, only=report._send_as_job)
            trap.perform_enqueued_jobs()
        self.assertEqual(report.state, "sent")
        report.attempt_count = 0
        report._send_as_job()
        self.assertEqual(report.attempt_count, 0)
