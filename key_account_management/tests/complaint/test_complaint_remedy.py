# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import io
from datetime import timedelta

import openpyxl

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import HttpCase, new_test_user, tagged

from ..common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestComplaintRemedy(KeyAccountCommon, HttpCase):
    """Discounts, rejections, merging and analysis of complaints."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact = cls.env["res.partner"].create(
            {
                "name": "Anna Seidel",
                "parent_id": cls.nordwind.id,
                "email": "anna@nordwind.example",
            }
        )
        cls.service = new_test_user(
            cls.env,
            login="service",
            name="Sina Hoff",
            groups="key_account_management.group_key_account_complaint,"
            "sales_team.group_sale_salesman_all_leads",
            email="service@alpenhandel.example",
        )
        cls.order = cls.make_order(cls.nordwind, 10)
        cls.order.action_confirm()
        cls.invoice = cls.order._create_invoices()
        cls.invoice.action_post()

    def complain(self, **values):
        return self.env["key.account.complaint"].create(
            {
                "subject": "Beulen",
                "partner_id": self.contact.id,
                "move_id": self.invoice.id,
                **values,
            }
        )

    def resolve(self, complaint, kind, user=None, **values):
        Wizard = self.env["key.account.complaint.resolve"].with_user(
            user or self.service
        )
        Wizard.create(
            {"complaint_id": complaint.id, "resolution_type": kind, **values}
        ).action_resolve()

    def test_discount_is_taken_off_the_next_order(self):
        """The customer gets a discount code that the next order redeems."""
        complaint = self.complain()
        self.resolve(complaint, "discount", discount=150.0, note="Es tut uns leid.")
        card = complaint.discount_card_id
        self.assertEqual(card.points, 150.0)
        self.assertEqual(complaint.cost, 150.0)
        told = complaint.message_ids.filtered(lambda m: m.message_type == "comment")
        self.assertIn(card.code, told[:1].body)
        order = self.make_order(self.nordwind)
        before = order.amount_total
        order._apply_program_reward(
            card.program_id.reward_ids,
            order._try_apply_code(card.code) and card,
        )
        self.assertAlmostEqual(order.amount_total, before - 150.0)
        order.action_confirm()
        self.assertAlmostEqual(card.points, 0.0)
        self.assertEqual(complaint.cost, 150.0)

    def test_discount_has_its_limits(self):
        """A discount is limited by the invoice; cancelling archives the unused code."""
        complaint = self.complain()
        for amount in (0.0, -5.0, self.invoice.amount_total + 0.01):
            with self.assertRaises(UserError), self.cr.savepoint():
                self.resolve(complaint, "discount", discount=amount)
        self.resolve(complaint, "discount", discount=50.0, close=False)
        card = complaint.discount_card_id
        complaint.action_cancel()
        self.assertFalse(card.active)
        self.assertEqual(complaint.cost, 0.0)

    def test_rejection_goes_out_by_template(self):
        """A rejection mail tells the customer the reason and how to object."""
        complaint = self.complain()
        self.resolve(complaint, "rejected", reason="Der Schaden war gemeldet <b>")
        mail = complaint.message_ids.filtered(lambda m: "regret" in (m.body or ""))
        self.assertEqual(len(mail), 1)
        self.assertIn("&lt;b&gt;", mail.body)
        self.assertIn(self.contact, mail.partner_ids | mail.notified_partner_ids)

    def test_merging_moves_work_and_cost(self):
        """Merging moves actions, costs and credit notes to the remaining complaint."""
        first, second = self.complain(), self.complain(extra_cost=20.0)
        second.action_ids = [Command.create({"kind": "containment", "name": "Prüfen"})]
        line = self.invoice.invoice_line_ids
        self.resolve(
            second,
            "credit",
            move_id=self.invoice.id,
            line_ids=[Command.create({"line_id": line.id, "quantity": 1})],
            close=False,
        )
        credited = second.credit_cost
        self.assertGreater(credited, 0)
        (first | second).action_merge()
        self.assertEqual(second.stage_kind, "cancelled")
        self.assertEqual(first.cost, credited + 20.0)
        self.assertEqual(second.cost, 0.0)
        self.assertEqual(len(first.action_ids), 1)
        self.assertEqual(first.refund_move_id.key_account_complaint_id, first)

    def test_unknown_sender_is_not_merged_into_a_customer(self):
        """An unknown sender's complaint isn't merged into a customer's."""
        known = self.complain()
        stranger = self.complain(
            partner_id=False, move_id=False, email_from="x@fremd.example"
        )
        with self.assertRaises(UserError):
            (known | stranger).action_merge()

    def test_credited_complaint_cannot_be_cancelled(self):
        """A complaint can't be cancelled while its credit note exists."""
        complaint = self.complain()
        line = self.invoice.invoice_line_ids
        self.resolve(
            complaint,
            "credit",
            move_id=self.invoice.id,
            line_ids=[Command.create({"line_id": line.id, "quantity": 3})],
            close=False,
        )
        with self.assertRaises(UserError), self.cr.savepoint():
            complaint.action_cancel()
        complaint.refund_move_id.button_cancel()
        complaint.action_cancel()
        self.assertEqual(complaint.stage_kind, "cancelled")

    def test_reminders_pause_while_it_is_critical(self):
        """An open critical complaint pauses reminders to the customer's contacts."""
        complaint = self.complain(severity="critical")
        partners = self.contact | self.nordwind
        self.assertEqual(partners.mapped("key_account_reminder_paused"), [True, True])
        found = self.env["res.partner"].search(
            [("key_account_reminder_paused", "=", True)]
        )
        self.assertIn(self.contact, found)
        self.assertNotIn(self.bergmann, found)
        self.resolve(complaint, "explanation", note="Erklärt.")
        self.env.invalidate_all()
        self.assertFalse(self.nordwind.key_account_reminder_paused)

    def test_satisfaction_counts_only_after_a_rating(self):
        """Satisfaction has no score until a customer has given a rating."""
        self.account._refresh_health()
        kinds = self.account.health_ids.component_id.mapped("kind")
        self.assertNotIn("satisfaction", kinds)
        complaint = self.complain()
        self.resolve(complaint, "explanation", note="Erklärt.")
        complaint.rating_apply(1, token=complaint._rating_get_access_token())
        self.env.invalidate_all()
        self.account._refresh_health()
        rated = self.account.health_ids.filtered(
            lambda row: row.component_id.kind == "satisfaction"
        )
        self.assertEqual(rated.mapped("score"), [0.0])

    def test_company_comes_from_the_document(self):
        """A complaint belongs to the company of its invoice."""
        complaint = (
            self.env["key.account.complaint"]
            .with_context(
                allowed_company_ids=(self.other_company | self.env.company).ids
            )
            .create({"subject": "Bruch", "move_id": self.invoice.id})
        )
        self.assertEqual(complaint.company_id, self.invoice.company_id)

    def test_pareto_adds_up(self):
        """The Pareto sorts and accumulates; the workbook has all its sheets."""
        category = self.env["key.account.complaint.category"].search([], limit=2)
        for each, count, cost in ((category[0], 3, 10.0), (category[1], 1, 70.0)):
            for _n in range(count):
                self.complain(category_id=each.id, extra_cost=cost)
        Pareto = self.env["key.account.complaint.pareto"].with_user(self.service)
        pareto = Pareto.create({"date_from": self.today - timedelta(days=1)})
        rows = pareto.pareto["rows"]
        self.assertEqual([row["count"] for row in rows], [3, 1])
        self.assertEqual([row["cumulative"] for row in rows], [75.0, 100.0])
        pareto.measure = "cost"
        rows = pareto.pareto["rows"]
        self.assertEqual([row["cost"] for row in rows], [70.0, 30.0])
        self.assertEqual([row["cumulative"] for row in rows], [70.0, 100.0])
        self.env["key.account.complaint"].search([]).write({"subject": "=1+1"})
        self.env.flush_all()
        self.service.group_ids += self.env.ref("base.group_allow_export")
        self.env.flush_all()
        self.authenticate("service", "service")
        answer = self.url_open(f"/key_account/complaints/{pareto.id}.xlsx")
        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        self.assertEqual(book.sheetnames, ["Complaints", "Pareto", "Cohort"])
        self.assertEqual(book["Complaints"].max_row, 5)
        self.assertEqual(book["Complaints"]["C2"].value, "=1+1")
        self.assertEqual(book["Complaints"]["C2"].data_type, "s")
        self.assertEqual(book["Cohort"]["B2"].value, 4)
