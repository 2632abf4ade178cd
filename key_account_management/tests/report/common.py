# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from ..complaint.common import ComplaintCommon


class MonthlyReportCommon(ComplaintCommon):
    """A monthly report of one account to two colleagues, with a fake mail server."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.manager_id = cls.kam
        cls.kam.email = "kam@example.com"
        cls.kam2.email = "kam2@example.com"
        cls.Report = cls.env["key.account.monthly.report"]
        cls.report = cls.Report.create(
            {
                "account_id": cls.account.id,
                "partner_ids": (cls.kam + cls.kam2).partner_id.ids,
            }
        )
        cls.report.sudo().is_scheduled = True

    def mails(self):
        """Return the report's own mails, without those of activities and notes."""
        sent = self.env.ref("key_account_management.mt_monthly_report")
        return self.env["mail.mail"].search(
            [
                ("subtype_id", "=", sent.id),
                ("model", "=", self.Report._name),
                ("res_id", "in", self.report.ids),
            ]
        )

    def notifications(self):
        # sudo: core writes them as the system.
        return self.mails().mail_message_id.notification_ids.sudo()

    def run_cron(self):
        """Run the job as Odoo does, without the commit."""
        with patch.object(
            type(self.env["ir.cron"]), "_commit_progress", return_value=60.0
        ):
            self.Report.sudo()._cron_send()

    @contextmanager
    def mail_server(self, send_email):
        """Replace the mail server's answer to each mail with this function."""
        server = type(self.env["ir.mail_server"])
        with (
            patch.object(server, "_disable_send", return_value=False),
            patch.object(server, "_connect__", return_value=None),
            patch.object(server, "send_email", autospec=True, side_effect=send_email),
        ):
            yield

    def a_day_passes(self):
        self.report.sudo().next_try_on -= timedelta(days=1)

    def statuses(self):
        """Return the mail statuses of each reader, the latest last."""
        notifications = self.report.message_ids.notification_ids.sorted("id")
        return {
            partner: found.mapped("notification_status")
            for partner, found in notifications.grouped("res_partner_id").items()
        }
