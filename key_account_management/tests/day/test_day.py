# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..complaint.common import ComplaintCommon


class DayCommon(ComplaintCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.next_review_date = False
        # Their data is incomplete, which has tests of its own.
        cls.account.company_id.key_account_data_minimum = 0
        # Contact of today: nothing is waiting, unless a test says so.
        cls.write_to_customer(cls.account, "Guten Tag")
        cls.account.action_refresh_figures()

    @classmethod
    def write_to_customer(cls, record, body):
        record.message_post(
            body=body, message_type="comment", subtype_xmlid="mail.mt_comment"
        )

    def day(self, user=None, *args):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.as_user(user or self.kam, self.env["key.account.day.page"]).get_day(
            *args
        )

    def rows(self, kind=None, user=None, *args):
        rows = self.day(user, *args)["rows"]
        return [row for row in rows if kind in (None, row["kind"])]

    def row(self, kind, user=None, *args):
        rows = self.rows(kind, user, *args)
        self.assertEqual(len(rows), 1, rows)
        return rows[0]

    def take(self, row, user=None):
        """Do the step of a row as the web client does."""
        step = row["step"]
        record = self.as_user(user or self.kam)[step["model"]].browse(step["id"])
        return getattr(record, step["name"])()


@tagged("post_install", "-at_install")
class TestDay(DayCommon):
    """Each room's matters come, with their reason, and go when the work is done."""

    def test_nothing_to_do(self):
        self.assertEqual(self.rows(), [])

    def test_complaint(self):
        complaint = self.complain(claimed_amount=2400.0)
        row = self.row("complaint")
        self.assertEqual(row["lane"], "owe")
        self.assertEqual(row["account_id"], self.account.id)
        self.assertIn(complaint.name, row["reason"])
        self.assertIn("2,400", row["value"])
        action = self.take(row)
        self.assertEqual(action["res_model"], "mail.compose.message")
        composer = (
            self.as_user(self.kam)["mail.compose.message"]
            .with_context(**action["context"])
            .create({"body": "Wir tauschen morgen."})
        )
        composer.action_send_mail()
        # Answered: now the remedy is what is waited for.
        row = self.row("complaint")
        self.assertIn("Resolve", row["reason"])
        self.assertEqual(self.take(row)["res_model"], "key.account.complaint.resolve")
        complaint.action_cancel()
        self.assertEqual(self.rows(), [])

    def test_complaint_that_waits_for_the_customer(self):
        self.complain().action_wait()
        self.assertEqual(self.rows("complaint"), [])

    def test_contact_overdue(self):
        """An account where nothing happens appears, and a call takes it away."""
        self.gold.contact_interval_days = 30
        with freeze_time(self.today + timedelta(days=40)):
            self.account.action_refresh_figures()
            row = self.row("contact")
            self.assertIn("40 days", row["reason"])
            self.assertIn("30 days", row["evidence"])
            self.assertEqual(row["days"], -10)
            action = self.take(row)
            call = (
                self.as_user(self.kam)["mail.activity"]
                .with_context(**action["context"])
                .create({"summary": "Anruf"})
            )
            self.assertEqual(len(self.rows("contact")), 1, "a plan is no call")
            call.action_feedback(feedback="Alles gut")
            self.assertEqual(self.rows("contact"), [])

    def test_planned_meeting_is_contact(self):
        self.gold.contact_interval_days = 30
        with freeze_time(self.today + timedelta(days=40)):
            self.account.action_refresh_figures()
            action = self.as_user(self.kam, self.account).action_plan_meeting()
            self.as_user(self.kam)["calendar.event"].with_context(
                **action["context"]
            ).create({})
            self.assertEqual(self.rows("contact"), [])

    def test_review(self):
        self.gold.review_interval_days = 60
        self.account.next_review_date = self.today + timedelta(days=3)
        row = self.row("review")
        self.assertEqual(row["days"], 3)
        self.take(row)
        self.assertEqual(self.account.next_review_date, self.today + timedelta(days=60))
        self.assertEqual(self.rows("review"), [])

    def test_review_by_the_tier_alone(self):
        self.gold.review_interval_days = 5
        self.assertEqual(self.row("review")["days"], 5)

    def test_at_risk(self):
        self.account.action_set_at_risk()
        self.account.risk_reason = "Bestellt beim Wettbewerb"
        row = self.row("risk")
        self.assertEqual(row["evidence"], "Bestellt beim Wettbewerb")
        self.account.action_activate()
        self.assertEqual(self.rows("risk"), [])

    def test_overdue_money(self):
        invoice = self.make_due_invoice(
            self.nordwind,
            500.0,
            self.today - timedelta(days=60),
            self.today - timedelta(days=30),
        )
        self.account.action_refresh_figures()
        row = self.row("overdue")
        self.assertIn("500", row["reason"])
        # Paid this morning: the figures of last night say otherwise.
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()
        self.assertEqual(self.rows("overdue"), [])

    def test_quotation_without_answer(self):
        order = self.make_order(
            self.nordwind, 10, date_order=self.today - timedelta(days=10)
        )
        self.assertEqual(self.rows("quotation"), [], "the customer hasn't got it")
        order.state = "sent"
        row = self.row("quotation")
        self.assertIn(order.name, row["reason"])
        self.assertEqual(row["model"], "sale.order")
        self.write_to_customer(order, "Haben Sie noch Fragen?")
        self.assertEqual(self.rows("quotation"), [])

    def test_tier_near(self):
        """A tenth of the next tier's revenue is a matter, more than that isn't."""
        account = self.account.sudo()
        first = self.env["key.account.tier"].search([("id", "!=", False)], limit=1)
        self.gold.copy(
            {
                "name": "Platin",
                "sequence": first.sequence - 1,
                "min_revenue": 10_000_000,
                "min_orders": 0,
                "max_payment_days": 0,
                "min_margin": 0,
            }
        )
        account.revenue_12m = 9_100_000
        row = self.row("threshold")
        self.assertIn("Platin", row["reason"])
        self.assertIn("900,000", row["reason"])
        for revenue in (8_900_000, 10_000_000):
            account.revenue_12m = revenue
            self.assertFalse(self.rows("threshold"))

    def test_tier_change_ahead(self):
        self.gold.grace_days = 20
        self.account.sudo().below_tier_since = self.today - timedelta(days=10)
        row = self.row("tier")
        self.assertEqual(row["days"], 10)
        self.assertIn("Gold", row["reason"])

    def test_special_list_ends(self):
        special = self.make_pricelist(
            "Aktion",
            30,
            key_account_only=True,
            key_account_date_end=self.today + timedelta(days=5),
        )
        self.account.pricelist_id = special
        row = self.row("pricelist")
        self.assertEqual((row["model"], row["id"]), ("product.pricelist", special.id))
        self.assertEqual(row["days"], 5)

    def test_held_order(self):
        self.env.company.key_account_order_check = "block"
        order = self.make_order(self.nordwind, 100)
        self.assertEqual(self.rows("hold"), [])
        order.action_request_key_account_release()
        row = self.row("hold")
        self.assertIn("credit limit", row["evidence"])
        self.assertEqual(row["step"]["type"], "open", "the manager can't release it")
        self.assertEqual(self.row("hold", self.director, 0)["step"]["type"], "action")
        asked = order.activity_ids.user_id
        decision = self.row("approval", asked)
        self.assertEqual(decision["step"]["label"], "Release")
        self.assertEqual(decision["step"]["type"], "action")
        order.action_cancel()
        self.assertEqual(self.rows("hold"), [])

    def test_decision_that_waits_for_me(self):
        self.env.company.key_account_decider_ids = self.director
        self.as_user(self.kam, self.account)._propose_tier(
            self.as_user(self.kam, self.silver), "Weniger Umsatz"
        )
        self.assertEqual(self.rows("approval"), [])
        row = self.row("approval", self.director)
        self.assertEqual(row["account_id"], self.account.id)
        self.as_user(self.director, self.account.pending_tier_change_id).action_reject()
        self.assertEqual(self.rows("approval", self.director), [])

    def test_agreement_obligation_and_commitment(self):
        agreement = self.env["key.account.agreement"].create(
            {
                "title": "Rahmenvertrag",
                "account_id": self.account.id,
                "date_start": self.today - timedelta(days=200),
                "date_end": self.today + timedelta(days=100),
                "notice_months": 3,
                "commitment_ids": [Command.create({"target": 1_000_000})],
                "obligation_ids": [
                    Command.create(
                        {
                            "name": "Muster liefern",
                            "user_id": self.kam.id,
                            "date_due": self.today + timedelta(days=2),
                        }
                    )
                ],
            }
        )
        self.assertEqual(self.rows(), [], "not agreed yet")
        agreement.action_submit_approval()
        self.assertEqual(
            {row["kind"] for row in self.rows()},
            {"agreement", "obligation", "commitment"},
        )
        self.take(self.row("obligation"))
        self.assertEqual(self.rows("obligation"), [])
        self.take(self.row("agreement"))
        self.assertEqual(self.rows("agreement"), [], "an amendment is on its way")

    def test_rank_is_explained(self):
        self.complain(claimed_amount=9_000.0)
        row = self.row("complaint")
        self.assertIn("value 2.00", row["formula"])
        self.assertIn("Gold", row["formula"])
        self.assertIn(f"Rank {row['score']:.1f}", row["formula"])

    def test_constant_number_of_queries(self):
        """A day with 40 accounts takes the queries of one with 10."""
        customers = self.env["res.partner"].create(
            [{"name": f"Filiale {n:02}", "is_company": True} for n in range(40)]
        )

        def add(partners):
            accounts = self.env["key.account"].create(
                [
                    {
                        "partner_id": partner.id,
                        "manager_id": self.kam.id,
                        "tier_id": self.gold.id,
                        "next_review_date": self.today,
                    }
                    for partner in partners
                ]
            )
            accounts.action_set_at_risk()
            for partner in partners:
                self.complain(partner)
                order = self.make_order(
                    partner, 1, date_order=self.today - timedelta(days=9)
                )
                order.state = "sent"

        counts = []
        for partners in (customers[:10], customers[10:]):
            add(partners)
            self.day()
            counts.append(self.count_queries(lambda: self.day()))
        self.assertGreater(len(self.rows()), 100)
        self.assertLessEqual(counts[1], counts[0])


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
