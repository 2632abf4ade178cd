# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestOverview(KeyAccountCommon):
    """The account opens on what one has to know before calling the customer."""

    def overview(self, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.as_user(user or self.kam, self.account).overview

    def test_new_account(self):
        self.assertFalse(self.env["key.account"].new({}).overview)

    def test_people(self):
        self.anna.write({"function": "Einkaufsleiterin", "phone": "+49 40 123456"})
        (person,) = self.overview()["people"]
        self.assertEqual(person["name"], "Anna Seidel")
        self.assertEqual(person["role"], "Einkaufsleiterin")
        self.assertEqual(person["phone"], "+49 40 123456")
        self.assertEqual(person["last"], "")
        body = "Guten Tag"
        self.account.message_post(
            body=body,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.anna.ids,
        )
        (person,) = self.overview()["people"]
        self.assertTrue(person["last"])

    def test_add_person(self):
        action = self.as_user(self.kam, self.account).action_add_person()
        person = (
            self.as_user(self.kam)["res.partner"]
            .with_context(**action["context"])
            .create({"name": "Jens Ohlsen"})
        )
        self.assertEqual(person.parent_id, self.nordwind)
        self.assertEqual(len(self.overview()["people"]), 2)

    def test_next_steps(self):
        self.account.activity_schedule(
            "mail.mail_activity_data_todo",
            self.today - timedelta(days=1),
            summary="Angebot nachfassen",
            user_id=self.kam.id,
        )
        self.env["calendar.event"].create(
            {
                "name": "Jahresgespräch",
                "start": fields.Datetime.now() + timedelta(days=3),
                "stop": fields.Datetime.now() + timedelta(days=3, hours=1),
                "partner_ids": self.anna.ids,
            }
        )
        todo, meeting = self.overview()["next"]
        self.assertEqual((todo["text"], todo["late"]), ("Angebot nachfassen", True))
        self.assertEqual((meeting["text"], meeting["late"]), ("Jahresgespräch", False))

    def test_figures_and_what_is_behind_them(self):
        self.assertFalse(self.account.overdue_amount)
        self.make_due_invoice(
            self.nordwind,
            500.0,
            self.today - timedelta(days=60),
            self.today - timedelta(days=30),
        )
        self.account.action_refresh_figures()
        overview = self.overview()
        revenue = overview["figures"][0]
        self.assertIn("500", revenue["value"])
        account = self.as_user(self.kam, self.account)
        for figure in overview["figures"] + overview["open"]:
            if figure["action"]:
                self.assertIn("res_model", getattr(account, figure["action"])())
        bad = [row["label"] for row in overview["open"] if row["bad"]]
        self.assertIn("Overdue", bad)

    def test_recent_documents(self):
        order = self.make_order(self.nordwind)
        order.action_confirm()
        invoice = self.make_invoice(
            self.nordwind, 80.0, invoice_date=self.today - timedelta(days=5)
        )
        draft = self.make_invoice(self.nordwind, 90.0, post=False)
        rows = self.overview()["recent"]
        found = [(row["model"], row["id"]) for row in rows]
        self.assertEqual(
            found, [("sale.order", order.id), ("account.move", invoice.id)]
        )
        self.assertNotIn(draft.name or "/", [row["text"] for row in rows])

    def test_drafts_take_no_places(self):
        """With more drafts than places, the posted invoices are there."""
        posted = self.make_invoice(self.nordwind, 80.0)
        for _number in range(9):
            self.make_invoice(self.nordwind, 10.0, post=False)
        self.assertEqual([row["id"] for row in self.overview()["recent"]], posted.ids)

    def test_documents_of_others_stay_out(self):
        self.make_order(self.bergmann).action_confirm()
        self.assertEqual(self.overview()["recent"], [])

    def test_search_by_whatever_one_has(self):
        self.nordwind.write({"vat": "DE136695976", "phone": "+49 40 55501"})
        self.anna.phone = "+49 40 55577"
        search = self.as_user(self.kam)["key.account"].name_search
        for text in (
            "Nordwind",
            "K-10042",
            "136695976",
            "55501",
            "Anna",
            "anna.seidel@",
            "55577",
        ):
            self.assertIn(self.account.id, [key for key, _name in search(text)], text)


@tagged("post_install", "-at_install")
class TestSalespeopleOpenInvoices(KeyAccountCommon):
    """Salespeople can open invoices; payments stay with the accountants."""

    def test_invoice_with_a_payment(self):
        invoice = self.make_invoice(self.bergmann, 100.0)
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.as_user(self.accountant, invoice).payment_count, 1)
        for user in (self.clerk, self.kam):
            if user == self.kam:
                invoice = self.make_invoice(self.nordwind, 100.0)
            view = self.as_user(user)["account.move"].get_view(view_type="form")
            self.assertIn("payment_count", view["arch"])
            self.env.invalidate_all()
            self.assertEqual(self.as_user(user, invoice).payment_count, 0)
