# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import DayCommon


@tagged("post_install", "-at_install")
class TestDayOfOthers(DayCommon):
    """Deputies, directors and strangers; what is put off, and the mail."""

    def setUp(self):
        super().setUp()
        self.complaint = self.complain()

    def key(self):
        return ("complaint", "key.account.complaint", self.complaint.id)

    def skip(self, user=None, *args):
        return self.as_user(user or self.kam, self.env["key.account.day.page"]).skip(
            *self.key(), *args
        )

    def test_deputy(self):
        """The deputy has the matters of a manager who is absent, the manager none."""
        self.account.deputy_id = self.kam2
        self.assertEqual(self.rows("complaint", self.kam2), [])
        self.kam.key_account_absence_start = self.today
        self.assertEqual(self.rows("complaint"), [])
        row = self.row("complaint", self.kam2)
        self.assertEqual(row["manager"], self.kam.name)

    def test_director(self):
        self.assertEqual(self.rows("complaint", self.director), [])
        self.row("complaint", self.director, self.kam.id)
        self.row("complaint", self.director, 0)
        managers = self.day(self.director)["managers"]
        self.assertIn(self.kam.id, [manager["id"] for manager in managers])

    def test_colleague(self):
        self.assertEqual(self.day(self.kam2)["managers"], [])
        for manager in (self.kam.id, 0):
            with self.assertRefused("your own day", exception=AccessError):
                self.day(self.kam2, manager)
        for user in (self.outsider, self.clerk):
            with self.assertRaises(AccessError):
                self.day(user)

    def test_snooze(self):
        self.skip(None, "Muster ist unterwegs", self.today + timedelta(days=3))
        self.assertEqual(self.rows(), [])
        with freeze_time(self.today + timedelta(days=3)):
            self.assertEqual(len(self.rows("complaint")), 1)

    def test_skip_until_the_deadline_changes(self):
        self.skip(None, "Kunde hat es zurückgezogen")
        self.assertEqual(self.rows(), [])
        # Answered in another way: the remedy has a deadline of its own.
        self.complaint.action_respond()
        self.assertEqual(len(self.rows("complaint")), 1)

    def test_director_sees_what_was_skipped_and_why(self):
        self.skip(None, "Muster ist unterwegs", self.today + timedelta(days=3))
        skipped = self.as_user(self.director)["key.account.day.skip"].search([])
        self.assertEqual(skipped.reason, "Muster ist unterwegs")
        self.assertEqual(skipped.user_id, self.kam)
        self.assertIn(self.complaint.name, skipped.matter)
        self.assertFalse(
            self.as_user(self.kam2)["key.account.day.skip"].search([]), "not theirs"
        )
        skipped.action_undo()
        self.row("complaint")

    def test_colleague_cant_take_it_back(self):
        self.account.deputy_id = self.kam2
        self.skip(None, "Muster ist unterwegs")
        skipped = self.as_user(self.kam2)["key.account.day.skip"].search([])
        with self.assertRefused("Jonas Reuter", exception=AccessError):
            skipped.action_undo()

    def test_skip_asks_for_a_reason_and_a_day_to_come(self):
        with self.assertRefused("Say why"):
            self.skip(None, "  ")
        with self.assertRefused("still to come"):
            self.skip(None, "später", self.today)
        with self.assertRefused("isn't open", exception=UserError):
            self.skip(self.kam2, "nicht meins")

    def mail(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref(
                "key_account_management.ir_cron_key_account_day"
            ).method_direct_trigger()
        self.env.invalidate_all()
        return self.env["mail.mail"].search([("email_to", "like", self.kam.email)])

    def test_mail(self):
        before = self.mail()
        self.kam.key_account_day_mail = True
        mail = self.mail() - before
        self.assertEqual(len(mail), 1)
        self.assertIn(self.complaint.name, mail.body_html)
        self.assertIn("/odoo/key-account-day", mail.body_html)
        self.assertEqual(self.mail() - before, mail, "once a day")

    def test_no_mail_about_nothing(self):
        self.complaint.action_cancel()
        before = self.mail()
        self.kam.key_account_day_mail = True
        self.assertEqual(self.mail(), before)

    def test_user_switches_the_mail(self):
        self.as_user(self.kam, self.kam).key_account_day_mail = True
        with self.assertRaises(AccessError):
            self.as_user(self.kam, self.kam).key_account_day_mailed_on = self.today
