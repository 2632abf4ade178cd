# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from smtplib import SMTPException, SMTPRecipientsRefused

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import MonthlyReportCommon

MAIL = "odoo.addons.mail.models.mail_mail"
MAILING = (
    "odoo.addons.key_account_management.models.report."
    "key_account_monthly_report_mailing"
)


@tagged("post_install", "-at_install")
class TestMonthlyDelivery(MonthlyReportCommon):
    """A later answer from the mail server updates the report."""

    @mute_logger(MAIL)
    def test_refused_mail_is_a_failed_report(self):
        """A refused mail is sent again the next day; then the manager gets a to-do."""
        self.report.action_send()
        self.assertEqual(self.report.state, "sent")
        with self.mail_server(SMTPException("Mailbox full")):
            self.mails().send()
            self.assertEqual(self.report.state, "failed")
            self.assertIn("Mailbox full", self.report.error)
            self.run_cron()
            self.assertFalse(self.report.activity_ids, "a second attempt follows")
            self.assertEqual(self.report.attempt_count, 1, "not in the same night")
            self.a_day_passes()
            self.run_cron()
            self.assertEqual(
                (self.report.state, self.report.attempt_count), ("sent", 2)
            )
            waiting = self.mails().filtered(lambda mail: mail.state == "outgoing")
            self.assertEqual(len(waiting), 1, "the first mail is cancelled")
            waiting.send()
        self.assertEqual(self.report.state, "failed")
        for _night in range(2):
            self.run_cron()
            self.assertEqual(self.report.activity_ids.user_id, self.kam)
        self.assertEqual(self.report.attempt_count, 2)

    @mute_logger(MAIL)
    def test_one_of_two_refused(self):
        """The second attempt goes only to the reader whose mail was refused."""

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
        """If one reader of a shared mail is refused, the others don't get it twice."""

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
        """A bounce days later sets the report to failed."""
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
        # Odoo deletes the notifications of mails that were sent long ago.
        (notifications - bounced).unlink()
        self.report.action_send()
        latest = self.notifications() - bounced
        self.assertEqual(latest.res_partner_id, self.kam2.partner_id)
        self.assertEqual(self.report.state, "sent")

    def test_other_recipients_after_a_failure(self):
        """The second attempt goes only to readers who haven't got the report."""
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

    def test_mail_contains_only_the_report(self):
        """The mail has no link and no copies; replies go to the account manager."""
        self.kam2.notification_type = "inbox"
        self.report.message_subscribe(partner_ids=self.director.partner_id.ids)
        question = "What do we tell them about Bergmann?"
        self.report.message_post(
            body=question,
            partner_ids=self.director.partner_id.ids,
        )
        self.report.action_send()
        mail = self.mails().filtered(
            lambda mail: mail.recipient_ids == (self.kam + self.kam2).partner_id
        )
        self.assertEqual(len(mail), 1, "files go by mail, not to an inbox in Odoo")
        self.assertEqual(mail.author_id, self.kam.partner_id)
        self.assertEqual(mail.reply_to, self.kam.email_formatted)
        self.assertNotIn("/mail/view", mail.body_html)
        self.assertNotIn("Bergmann", mail.body_html)
        # Messages between colleagues on the report don't change its state.
        note = self.report.message_ids.filtered(lambda item: "Bergmann" in item.body)
        note.notification_ids.sudo().notification_status = "exception"
        self.assertEqual(self.report.state, "sent")

    def test_customers_contacts_read_no_chatter(self):
        """Each contact gets a separate mail without link or others' addresses."""
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
        answer = "They ask for more."
        report.message_post(body=answer, subtype_xmlid="mail.mt_comment")
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
        """Each reader gets mail and files in their own language."""
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

    def test_deleted_report_blocks_no_mail(self):
        """Deleting a report deletes its mails; orphaned mails don't block others."""
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

    def test_users_cannot_write_the_log(self):
        """Users can't change or delete a scheduled report, which would resend it."""
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
        """A report without active readers fails visibly; the others are sent."""
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
        # Planned before the manager left: it isn't sent, and the error says why.
        self.assertEqual(self.report.state, "failed")
        self.assertIn(self.kam.name, self.report.error)

    def test_users_of_other_companies(self):
        """Users of other companies can't get a report with margins."""
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
