# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from smtplib import SMTPException, SMTPRecipientsRefused
from unittest.mock import patch

from freezegun import freeze_time
from openpyxl import load_workbook

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..complaint.common import ComplaintCommon

MAIL = "odoo.addons.mail.models.mail_mail"
MAILING = (
    "odoo.addons.key_account_management.models.report."
    "key_account_monthly_report_mailing"
)


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
        cls.report.sudo().is_scheduled = True

    def mails(self):
        """Return the report's mails, not those of its activities and notes."""
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

    def a_day_passes(self):
        self.report.sudo().next_try_on -= timedelta(days=1)

    def statuses(self):
        """Return what became of the mails of each reader, the latest last."""
        notifications = self.report.message_ids.notification_ids.sorted("id")
        return {
            partner: found.mapped("notification_status")
            for partner, found in notifications.grouped("res_partner_id").items()
        }

    @mute_logger(MAIL)
    def test_refused_mail_is_a_failed_report(self):
        """Tried once more the next day; then the account manager hears of it."""
        self.report.action_send()
        self.assertEqual(self.report.state, "sent")
        with self.mail_server(SMTPException("Mailbox full")):
            self.mails().send()
            self.assertEqual(self.report.state, "failed")
            self.assertIn("Mailbox full", self.report.error)
            self.run_cron()
            self.assertFalse(self.report.activity_ids, "there is a second try")
            self.assertEqual(self.report.attempt_count, 1, "not in the same night")
            self.a_day_passes()
            self.run_cron()
            self.assertEqual(
                (self.report.state, self.report.attempt_count), ("sent", 2)
            )
            waiting = self.mails().filtered(lambda mail: mail.state == "outgoing")
            self.assertEqual(len(waiting), 1, "the first mail is out of the race")
            waiting.send()
        self.assertEqual(self.report.state, "failed")
        for _night in range(2):
            self.run_cron()
            self.assertEqual(self.report.activity_ids.user_id, self.kam)
        self.assertEqual(self.report.attempt_count, 2)

    @mute_logger(MAIL)
    def test_one_of_two_refused(self):
        """The second try goes to the other reader alone."""

        def send_email(server, message, **_options):
            if "kam2@" in message["To"] and refusing:
                raise SMTPRecipientsRefused({"kam2@example.com": (550, b"unknown")})
            sent.append(message["To"])
            return message["Message-Id"]

        sent, refusing = [], True
        self.kam2.partner_id.lang = self.other_language()
        self.report.action_send()
        with self.mail_server(send_email):
            self.mails().send()
            self.assertEqual(self.report.state, "failed")
            self.assertEqual(self.statuses()[self.kam.partner_id], ["sent"])
            self.assertEqual(self.statuses()[self.kam2.partner_id], ["exception"])
            self.assertIn(self.kam2.name, self.report.error)
            self.assertNotIn(self.kam.name, self.report.error)
            refusing = False
            self.a_day_passes()
            self.run_cron()
            self.mails().filtered(lambda mail: mail.state == "outgoing").send()
        self.assertEqual((self.report.state, self.report.error), ("sent", False))
        self.assertEqual(len(sent), 2)
        self.assertEqual(len([who for who in sent if "kam@" in who]), 1)
        self.assertEqual(self.statuses()[self.kam2.partner_id], ["canceled", "sent"])

    @mute_logger(MAIL)
    def test_refused_in_one_mail_with_others(self):
        """Readers of one language share a mail; who got it gets it once."""

        def send_email(server, message, **_options):
            if "kam2@" in message["To"] and refusing:
                raise SMTPRecipientsRefused({"kam2@example.com": (550, b"unknown")})
            sent.append(message["To"])
            return message["Message-Id"]

        sent, refusing = [], True
        self.report.action_send()
        self.assertEqual(len(self.mails()), 1)
        with self.mail_server(send_email):
            self.mails().send()
            self.assertEqual(self.report.state, "failed")
            refusing = False
            self.report.action_send()
            self.mails().filtered(lambda mail: mail.state == "outgoing").send()
        self.assertEqual(self.report.state, "sent")
        self.assertEqual(sorted("kam2@" in who for who in sent), [False, True])

    def test_bounce(self):
        """A mail that comes back days later makes the report a failed one."""
        self.report.action_send()
        notifications = self.notifications()
        notifications.notification_status = "sent"
        self.assertEqual(self.report.state, "sent")
        bounced = notifications.filtered(
            lambda item: item.res_partner_id == self.kam2.partner_id
        )
        bounced.write({"notification_status": "bounce", "failure_type": "mail_bounce"})
        self.assertEqual(self.report.state, "failed")
        self.assertEqual(
            self.report.error, f"Not delivered to {self.kam2.name}: Bounce"
        )
        # Odoo deletes what it knows of mails that were sent long ago.
        (notifications - bounced).unlink()
        self.report.action_send()
        latest = self.notifications() - bounced
        self.assertEqual(latest.res_partner_id, self.kam2.partner_id)
        self.assertEqual(self.report.state, "sent")

    def test_other_recipients_after_a_failure(self):
        """Whom the report still has to reach gets it, and only they."""
        self.report.action_send()
        failed = self.notifications().filtered(
            lambda item: item.res_partner_id == self.kam2.partner_id
        )
        failed.notification_status = "exception"
        self.report.partner_ids = (self.kam + self.director).partner_id
        self.assertEqual(self.report.state, "draft")
        self.report.action_send()
        self.assertEqual(self.report.state, "sent")
        readers = self.report.message_ids.notification_ids.grouped("res_partner_id")
        self.assertEqual(len(readers[self.kam.partner_id]), 1)
        self.assertEqual(len(readers[self.director.partner_id]), 1)

    def test_nothing_but_the_report(self):
        """No link, no copy for followers, answers to the account manager."""
        self.kam2.notification_type = "inbox"
        self.report.message_subscribe(partner_ids=self.director.partner_id.ids)
        question = "What do we tell them about Bergmann?"
        self.report.message_post(
            body=question, partner_ids=self.director.partner_id.ids
        )
        self.report.action_send()
        mail = self.mails().filtered(
            lambda mail: mail.recipient_ids == (self.kam + self.kam2).partner_id
        )
        self.assertEqual(len(mail), 1, "an inbox in Odoo is no place for files")
        self.assertEqual(mail.author_id, self.kam.partner_id)
        self.assertEqual(mail.reply_to, self.kam.email_formatted)
        self.assertNotIn("/mail/view", mail.body_html)
        self.assertNotIn("Bergmann", mail.body_html)
        # What colleagues write to each other on the report is not its mail.
        note = self.report.message_ids.filtered(lambda item: "Bergmann" in item.body)
        note.notification_ids.sudo().notification_status = "exception"
        self.assertEqual(self.report.state, "sent")

    def test_customers_contacts_read_no_chatter(self):
        """Each gets a mail without link and without the other's address."""
        contacts = self.anna + self.env["res.partner"].create(
            {
                "name": "Bodo Lang",
                "email": "bodo@nordwind.example",
                "parent_id": self.nordwind.id,
            }
        )
        report = self.Report.create(
            {
                "account_id": self.account.id,
                "edition": "customer",
                "partner_ids": contacts.ids,
            }
        )
        comment = "They ask for more."
        report.message_post(body=comment, subtype_xmlid="mail.mt_comment")
        report.action_send()
        mail = self.env["mail.mail"].search(
            [("model", "=", report._name), ("res_id", "=", report.id)]
        )
        self.assertEqual(mail.recipient_ids, contacts)
        self.assertNotIn("/mail/view", mail.body_html)
        self.assertNotIn("ask for more", mail.body_html)
        self.assertNotIn("X-Msg-To-Add", mail.headers or "")
        self.assertFalse(report.message_partner_ids & contacts, "no followers")
        proposed = report._message_get_suggested_recipients(reply_discussion=True)
        self.assertFalse(proposed, "a colleague's next message isn't for customers")
        answers = mail._prepare_outgoing_list()
        self.assertEqual([len(answer["email_to"]) for answer in answers], [1, 1])

    def other_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        return "fr_FR"

    def test_each_reader_in_their_language(self):
        """A mail and files for each language, not all in the first one's."""
        self.kam2.partner_id.lang = self.other_language()
        self.report.action_send()
        mails = self.mails()
        self.assertEqual(len(mails), 2)
        self.assertEqual(len(self.report.message_ids.attachment_ids), 4)
        for mail in mails:
            french = mail.recipient_ids.lang == "fr_FR"
            names = "".join(mail.attachment_ids.mapped("name"))
            month = self.report.with_context(lang=mail.recipient_ids.lang).name
            self.assertIn(month, names)
            self.assertEqual(len(mail.attachment_ids), 2)
            self.assertEqual(french, mail.recipient_ids == self.kam2.partner_id)

    def test_deleted_report_holds_up_no_mail(self):
        """Its mails go with it; those of a deleted account stop no other mail."""
        self.report.sudo().is_scheduled = False
        self.report.action_send()
        mail = self.mails()
        self.report.sudo().state = "failed"
        self.report.unlink()
        self.assertFalse(mail.exists())
        report = self.Report.create(
            {"account_id": self.account.id, "partner_ids": self.kam.partner_id.ids}
        )
        self.report = report
        report.action_send()
        mail = self.mails()
        self.env.flush_all()
        self.env.cr.execute(
            "DELETE FROM key_account_monthly_report WHERE id = %s", [report.id]
        )
        self.env.invalidate_all()
        with self.mail_server(SMTPException("Mailbox full")), mute_logger(MAIL):
            mail.send()
        self.assertEqual(mail.state, "exception")

    def test_log_is_not_for_its_readers_to_write(self):
        """Nor to delete: what its schedule finds missing would be sent again."""
        report = self.as_user(self.kam, self.report)
        for values in ({"state": "draft"}, {"error": False}, {"sent_on": False}):
            with self.assertRaises(AccessError):
                report.write(values)
        with self.assertRaises(AccessError):
            report.create({"account_id": self.account.id, "is_scheduled": True})
        with self.assertRaises(UserError):
            report.unlink()
        report.action_send()
        with self.assertRaises(UserError):
            report.partner_ids = self.kam.partner_id
        draft = report.create({"account_id": self.account.id})
        self.assertTrue(draft.unlink())

    def test_readers_who_left(self):
        """Their report fails, and says so; all the others go out."""
        self.account.report_to_manager = True
        self.account.report_contact_ids = self.env["res.partner"].create(
            {
                "name": "Anna Seidel",
                "email": "anna@nordwind.example",
                "parent_id": self.nordwind.id,
            }
        )
        self.account.report_contact_ids.parent_id = self.bergmann
        other = self.make_account(self.bergmann)
        other.manager_id = self.kam2
        other.report_to_manager = True
        self.kam.active = False
        with mute_logger(MAILING):
            self.run_cron()
        scheduled = [("is_scheduled", "=", True), ("id", "!=", self.report.id)]
        done = self.Report.search([*scheduled, ("account_id", "=", other.id)])
        self.assertEqual(done.state, "sent")
        self.assertFalse(self.Report.search([*scheduled, ("state", "=", "failed")]))
        self.assertFalse(
            self.Report.search([*scheduled, ("account_id", "=", self.account.id)])
        )
        # Planned before the manager left: nothing is sent now, and that is shown.
        self.assertEqual(self.report.state, "failed")
        self.assertIn(self.kam.name, self.report.error)

    def test_other_companys_people(self):
        """Margins are for the people of the account's company."""
        elsewhere = self.env["res.company"].create({"name": "Südwind GmbH"})
        self.kam2.write(
            {"company_ids": [(6, 0, elsewhere.ids)], "company_id": elsewhere.id}
        )
        with self.assertRaises(ValidationError):
            self.Report.create(
                {
                    "account_id": self.account.id,
                    "partner_ids": self.kam2.partner_id.ids,
                }
            )

    def test_killed_in_the_middle(self):
        """Tried twice, the report is given up and the manager is asked."""
        for attempts in (1, 2):
            self.report._count_attempt()
            self.assertEqual(self.report.attempt_count, attempts)
        self.run_cron()
        self.assertEqual(self.report.state, "failed")
        self.assertEqual(len(self.report.activity_ids), 1)
        self.assertFalse(self.mails())

    def test_customer_reads_no_unsent_quotation(self):
        """What we think of offering is ours alone."""
        self.make_order(self.nordwind, 3)
        self.account.action_refresh_figures()
        self.assertTrue(self.account.open_quotation_amount)
        report = self.Report.create(
            {"account_id": self.account.id, "edition": "customer"}
        )
        labels = " ".join(figure["label"] for figure in report._collect()["figures"])
        self.assertIn("Overdue", labels)
        self.assertNotIn("Quotations", labels)

    def rows(self, data, key):
        return {section["key"]: section["rows"] for section in data["sections"]}[key]

    def test_overdue_instalment(self):
        """Headline and list count what is past its day, not the whole invoice."""
        terms = self.env["account.payment.term"].create(
            {
                "name": "Half now, half in 60 days",
                "line_ids": [
                    (0, 0, {"value": "percent", "value_amount": 50, "nb_days": days})
                    for days in (0, 60)
                ],
            }
        )
        invoice = self.make_invoice(
            self.nordwind, 1000.0, invoice_date=self.today - timedelta(days=30)
        )
        invoice.button_draft()
        invoice.invoice_payment_term_id = terms
        invoice.action_post()
        data = self.report._collect()
        self.assertEqual([row[-1] for row in self.rows(data, "overdue")], [500.0])
        overdue = [f for f in data["figures"] if f["label"].startswith("Overdue")]
        self.assertEqual(overdue[0]["value"], 500.0)

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
        """It belongs to no single account; its manager is asked all the same."""
        report = self.Report.create(
            {"manager_id": self.kam.id, "partner_ids": self.kam.partner_id.ids}
        )
        report.action_send()
        self.report = report
        self.notifications().write(
            {"notification_status": "exception", "failure_reason": "No\nroute"}
        )
        self.assertEqual(report.state, "failed")
        self.assertIn("No route", report.error)
        self.run_cron()
        self.assertEqual(report.activity_ids.user_id, self.kam)

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
            rows = self.rows(self.report._collect(), "complaints")
            self.assertEqual(len(rows), count, month)
        self.assertEqual(str(rows[0][2]), "2027-02-01")

    def test_section_of_another_addon(self):
        """It is on paper and in the workbook; the customer sees what is for them."""

        def sections(accounts, period):
            self.assertEqual(accounts, self.account)
            columns = [("Step", "text"), ("Paid On", "day"), ("Bonus", "money")]
            row = ("=1+1", self.today, 12.5)
            figure = ("Bonus Accrued", "money", 12.5)
            return [
                {
                    "key": key,
                    "sequence": 60,
                    "title": title,
                    "columns": columns,
                    "rows": [row],
                    "figures": [figure],
                    "internal": internal,
                }
                for key, title, internal in (
                    ("bonus", "Bonus: Q1", False),
                    ("cost", "Cost of It", True),
                )
            ]

        customers = self.Report.create(
            {"account_id": self.account.id, "edition": "customer"}
        )
        Account = type(self.env["key.account"])
        with patch.object(Account, "_report_sections", sections):
            for report, inside in ((self.report, True), (customers, False)):
                html, _kind = self.env["ir.actions.report"]._render_qweb_html(
                    "key_account_management.report_key_account_monthly", report.ids
                )
                self.assertIn("Bonus: Q1", str(html))
                self.assertIn("Bonus Accrued", str(html))
                self.assertEqual("Cost of It" in str(html), inside)
                book = load_workbook(BytesIO(report._get_workbook()))
                self.assertEqual("Cost of It" in book.sheetnames, inside)
                cells = [cell for row in book["Bonus  Q1"] for cell in row]
                self.assertEqual(cells[3].data_type, "s", "text, not a formula")
                self.assertEqual(cells[5].value, 12.5)
