# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from contextlib import contextmanager
from smtplib import SMTPException, SMTPRecipientsRefused
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .complaint_common import ComplaintCommon

MAIL = "odoo.addons.mail.models.mail_mail"


@tagged("post_install", "-at_install")
class TestMonthlyDelivery(ComplaintCommon):
    """What the mail server says of a report hours later is on the report."""

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
        cls.report.is_scheduled = True

    def mails(self):
        return self.env["mail.mail"].search(
            [("model", "=", self.Report._name), ("res_id", "in", self.report.ids)]
        )

    def run_cron(self):
        """Run the job as Odoo does, which commits: not in a test."""
        with patch.object(
            type(self.env["ir.cron"]), "_commit_progress", return_value=60.0
        ):
            self.Report.sudo()._cron_send()

    @contextmanager
    def mail_server(self, send_email):
        """Let this function stand for what the mail server says to each mail."""
        server = type(self.env["ir.mail_server"])
        with (
            patch.object(server, "_disable_send", return_value=False),
            patch.object(server, "_connect__", return_value=None),
            patch.object(server, "send_email", autospec=True, side_effect=send_email),
        ):
            yield

    def activities(self):
        return (self.account.activity_ids + self.kam.partner_id.activity_ids).filtered(
            lambda activity: "not sent" in (activity.summary or "")
        )

    @mute_logger(MAIL)
    def test_refused_mail_is_a_failed_report(self):
        """Tried once more the next day; then the account manager hears of it."""
        self.report.action_send()
        self.assertEqual(self.report.state, "sent")
        with self.mail_server(SMTPException("Mailbox full")):
            self.mails().send()
            self.assertEqual(self.report.state, "failed")
            self.assertIn("Mailbox full", self.report.error)
            self.assertFalse(self.activities(), "there is a second try")
            self.run_cron()
            self.assertEqual(
                (self.report.state, self.report.attempt_count), ("sent", 2)
            )
            waiting = self.mails().filtered(lambda mail: mail.state == "outgoing")
            self.assertEqual(len(waiting), 1, "the first mail is out of the race")
            waiting.send()
        self.assertEqual(self.report.state, "failed")
        self.assertEqual(self.activities().user_id, self.kam)
        self.run_cron()
        self.assertEqual(self.report.attempt_count, 2)

    @mute_logger(MAIL)
    def test_one_of_two_refused(self):
        """Who has the report doesn't get it twice; it says who hasn't."""
        self.report.action_send()

        def send_email(server, message, **_options):
            if "kam2@" in message["To"]:
                raise SMTPRecipientsRefused({"kam2@example.com": (550, b"unknown")})
            return message["Message-Id"]

        with self.mail_server(send_email):
            self.mails().send()
        self.assertEqual(self.report.state, "sent")
        self.assertIn(self.kam2.name, self.report.error)
        self.assertNotIn(self.kam.partner_id.name + ":", self.report.error)
        self.assertEqual(len(self.activities()), 1)

    def test_sent_again_before_the_first_went_out(self):
        """One mail with its files, not one more without them."""
        self.report.action_send()
        self.report.action_send()
        waiting = self.mails().filtered(lambda mail: mail.state == "outgoing")
        self.assertEqual(len(waiting), 1)
        self.assertEqual(len(waiting.attachment_ids), 2)

    def test_last_day_of_a_short_month(self):
        """The 31st is the 28th of February; before it nothing is sent."""
        company = self.env.company
        company.resource_calendar_id.tz = "Europe/Berlin"
        company.key_account_report_day = 31
        self.account.report_to_manager = True
        planned = [("account_id", "=", self.account.id), ("month", "=", "2027-01-01")]
        with freeze_time("2027-02-27 12:00:00"):
            self.run_cron()
            self.assertFalse(self.Report.search(planned))
        # Already the 28th in Berlin.
        with freeze_time("2027-02-27 23:30:00"):
            self.run_cron()
            self.assertEqual(self.Report.search(planned).state, "sent")
        with self.assertRaises(ValidationError):
            company.key_account_report_day = 0

    def test_failure_of_a_managers_report_is_shown(self):
        """It belongs to no single account, and is shown all the same."""
        report = self.Report.create(
            {"manager_id": self.kam.id, "partner_ids": self.kam.partner_id.ids}
        )
        report._note_delivery(self.env["res.partner"], "No route to host")
        self.assertEqual(report.state, "failed")
        self.assertEqual(self.activities().user_id, self.kam)

    def test_figures_of_today_name_their_day(self):
        """What is open is so today, whichever month is reported."""
        labels = [
            figure["label"]
            for figure in self.report._collect()["figures"]
            if figure["previous"] is None
        ]
        self.assertTrue(labels)
        for label in labels:
            self.assertRegex(label, r"\(.*\d{4}\)$")

    def test_complaint_of_the_companys_month(self):
        """Received on the first in Berlin, when it still was last month in UTC."""
        complaint = self.complain(resolution_type="explanation")
        complaint.action_close()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE key_account_complaint SET create_date = '2027-01-31 23:30:00'"
            " WHERE id = %s",
            [complaint.id],
        )
        complaint.invalidate_recordset()
        for month, count in (("2027-01-01", 0), ("2027-02-01", 1)):
            self.report.month = month
            rows = self.report._collect()["complaints"]
            self.assertEqual(len(rows), count, month)
        self.assertEqual(str(rows[0]["received"]), "2027-02-01")
