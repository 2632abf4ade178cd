# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from .common import DayCommon


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
