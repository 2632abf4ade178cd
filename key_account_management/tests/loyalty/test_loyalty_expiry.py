# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import io

from freezegun import freeze_time
from openpyxl import load_workbook

from odoo import fields
from odoo.tests import tagged

from .common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestLoyaltyExpiry(LoyaltyCommon):
    """Expiry, reminder, statement, settlement and the report of open points."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.write(
            {"key_account_expiry_months": 12, "key_account_settlement_value": 0.05}
        )
        cls.nordwind.email = "einkauf@nordwind.example"

    def run_cron(self):
        cron = self.env.ref("key_account_management.ir_cron_expire_points")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()

    def test_oldest_expire_and_are_spent_first(self):
        card = self.give(60, day=self.days(-350))
        self.give(100, day=self.days(-10))
        order = self.order(1)
        self.program.rule_ids.reward_point_amount = 0.01
        order._update_programs_and_rewards()
        self.claim(order)
        order.action_confirm()
        first, second = card.history_ids.sorted("id")[:2]
        self.assertEqual(
            (first.key_account_remaining, second.key_account_remaining), (0, 60)
        )

    def test_cron_expires_in_batches_and_once(self):
        card = self.give(60, day=self.days(-400))
        self.give(100, day=self.days(-10))
        self.run_cron()
        self.run_cron()
        self.assertSound(card, 100)
        self.assertEqual(self.kinds(card)[-1], ("expire", -60))
        self.assertEqual(len(card.history_ids), 3)

    def test_lapsed_points_cannot_be_spent_before_the_cron(self):
        card = self.give(150, day=self.days(-400))
        self.program.rule_ids.reward_point_amount = 0.01
        order = self.order(1)
        self.assertFalse(self.claim(order))
        self.assertSound(card, 0)

    def test_taken_back_stays_taken_when_the_rest_lapses(self):
        """100 earned, 40 credited, 60 lapsed: looking again books nothing."""
        self.program.accrual_moment = "invoice_posted"
        invoice = self.make_invoice(self.nordwind, 100.0)
        refund = self.credit(invoice, 0.4)
        card = self.card()
        self.assertSound(card, 60)
        card._expire(self.days(400))
        self.assertSound(card, 0)
        invoice._sync_points()
        self.assertSound(card, 0)
        # Without the credit the customer has what was taken back.
        refund.button_draft()
        self.assertSound(card, 40)

    def test_last_day_still_counts(self):
        card = self.give(60, day=fields.Date.subtract(self.today, months=12))
        card._expire()
        self.assertSound(card, 60)

    def test_reminder_once(self):
        card = self.give(60, day=self.days(-345))
        self.run_cron()
        self.run_cron()
        mails = self.env["mail.mail"].search(
            [("model", "=", "loyalty.card"), ("res_id", "=", card.id)]
        )
        self.assertEqual(len(mails), 1)
        self.assertIn("60 Punkte", mails.subject)
        self.assertTrue(card.history_ids.key_account_reminded)

    def test_statement(self):
        card = self.give(60, description="Messe Hamburg")
        template = self.env.ref("key_account_management.mail_template_points_statement")
        body = template._render_field("body_html", card.ids)[card.id]
        self.assertIn("Messe Hamburg", body)
        self.assertIn("60 Punkte", body)
        action = card.action_send_statement()
        self.assertEqual(action["context"]["default_template_id"], template.id)

    def test_statement_by_itself_once_a_month(self):
        self.give(60)
        self.program.key_account_statement_interval = "month"
        cron = self.env.ref("key_account_management.ir_cron_send_statements")
        mails = self.env["mail.mail"].search_count([("model", "=", "loyalty.card")])
        for _run in range(2):
            with self.enter_registry_test_mode():
                cron.method_direct_trigger()
        self.assertEqual(
            self.env["mail.mail"].search_count([("model", "=", "loyalty.card")]),
            mails + 1,
        )
        self.assertEqual(self.card().key_account_statement_date, self.today)

    def test_settlement_deleted_gives_points_back(self):
        card = self.give(500)
        self.env["account.move"].browse(self.settle(card, 400)).unlink()
        self.assertSound(card, 500)

    def settle(self, card, points):
        return (
            self.env["loyalty.settlement"]
            .create({"card_id": card.id, "points": points})
            .action_settle()["res_id"]
        )

    def test_settlement_and_its_cancellation(self):
        card = self.give(500)
        move = self.env["account.move"].browse(self.settle(card, 400))
        self.assertEqual(move.move_type, "out_refund")
        self.assertEqual(sum(move.invoice_line_ids.mapped("price_unit")), 20)
        self.assertSound(card, 100)
        self.assertEqual(card.history_ids.sorted("id")[-1].key_account_move_id, move)
        move.action_post()
        self.assertSound(card, 100)
        move.button_draft()
        move.button_cancel()
        self.assertSound(card, 500)
        move.button_draft()
        move.action_post()
        self.assertSound(card, 100)

    def test_settlement_pays_an_invoice_and_takes_no_points(self):
        self.program.accrual_moment = "invoice_paid"
        card = self.give(400)
        move = self.env["account.move"].browse(self.settle(card, 400))
        move.invoice_line_ids.tax_ids = False
        move.action_post()
        invoice = self.make_invoice(self.nordwind, 20)
        (move | invoice).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        ).reconcile()
        self.assertEqual(invoice.amount_residual, 0)
        self.assertSound(card, 20)

    def test_settlement_pays_no_more_than_the_points_are_worth(self):
        move = self.env["account.move"].browse(self.settle(self.give(400), 400))
        move.invoice_line_ids.write({"tax_ids": False, "price_unit": 21})
        with self.assertRefused("400", "20.00"):
            move.action_post()

    def test_settlement_refused(self):
        card = self.give(500)
        with self.assertRefused("Nordwind"):
            self.settle(card, 501)
        self.program.key_account_settlement_minimum = 200
        with self.assertRefused("200"):
            self.settle(card, 100)
        self.program.key_account_settlement_value = 0
        with self.assertRefused("value of a point"):
            self.settle(card, 300)

    def rows(self, day):
        report = self.env["loyalty.liability"].create(
            {"date": day, "program_ids": self.program.ids}
        )
        return report, {row["partner_id"]: row for row in report._get_rows()}

    def test_liability_at_a_date(self):
        self.give(100, day=self.days(-340))
        card = self.give(200, day=self.days(-300))
        card._book(-50, "spend", key_account_date=self.days(-5))
        self.give(30, partner=self.bergmann)._book(-80, "claw_back")
        report, rows = self.rows(self.today)
        row = rows[self.nordwind.id]
        self.assertEqual((row["points"], row["value"]), (250, 12.5))
        self.assertEqual((row["expiring_30"], row["expiring_90"]), (50, 250))
        self.assertEqual(
            row["expiring_30"], sum(p for _day, p in card._get_expiring_points(30))
        )
        owed = rows[self.bergmann.id]
        self.assertEqual((owed["points"], owed["owed"], owed["value"]), (0, 50, 0))
        # Before the points were spent.
        self.assertEqual(self.rows(self.days(-6))[1][self.nordwind.id]["points"], 300)
        self.assertFalse(self.rows(self.days(-341))[1])
        action = report.action_show()
        self.assertEqual(len(report.line_ids), 2)
        self.assertEqual(action["domain"], [("report_id", "=", report.id)])

    def test_accountants_have_it(self):
        """Users who book the payouts see what is outstanding."""
        self.give(100)
        report = self.as_user(self.accountant, self.env["loyalty.liability"]).create(
            {"date": self.today}
        )
        report.action_show()
        self.assertIn(self.nordwind, report.line_ids.partner_id)

    def test_xlsx(self):
        self.give(100)
        self.give(40, partner=self.bergmann)
        report, _rows = self.rows(self.today)
        sheet = load_workbook(io.BytesIO(report._get_xlsx())).active
        self.assertEqual(sheet["B2"].value, "Nordwind Handels GmbH")
        self.assertEqual(sheet["C2"].value, 100)
        self.assertEqual(sheet["C4"].value, 140)
        self.assertIn("/file/points_", report.action_export()["url"])

    def test_day_of_the_company_decides(self):
        card = self.give(60, day=fields.Date.subtract(self.today, months=12))
        company = self.env.company
        with freeze_time(f"{self.today} 20:00:00"):
            for zone, left in (("America/Los_Angeles", 60), ("Pacific/Auckland", 0)):
                company.resource_calendar_id.tz = company.partner_id.tz = zone
                card._get_cards_with_lapsed_points()._expire()
                self.assertSound(card, left)
