# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MailCommon

from .common import ComplaintCommon

MAIL = """From: {sender}
To: Nordwind <someone@else.example>
In-Reply-To: {origin}
Subject: Re: Schrauber
Message-Id: <{message_id}@forged.example>
Content-Type: text/plain

Alles erledigt."""


@tagged("post_install", "-at_install")
class TestComplaintTrust(ComplaintCommon, MailCommon):
    """What a complaint gives, and what stops its clocks, isn't for anybody to type."""

    def resolve(self, user, complaint, **values):
        Wizard = self.as_user(user, self.env["key.account.complaint.resolve"])
        return Wizard.create({"complaint_id": complaint.id, **values}).action_resolve()

    def test_claimed_amount_is_no_money(self):
        """A claim that was typed in is worth what the role can give."""
        complaint = self.complain(claimed_amount=500000.0)
        for user, amount in (
            (self.kam, 501.0),
            (self.handler, 501.0),
            (self.all_user, 5001.0),
        ):
            with self.assertRefused("more than your role can give"):
                self.resolve(
                    user,
                    complaint,
                    resolution_type="discount",
                    discount=amount,
                    close=False,
                )
        self.resolve(
            self.kam, complaint, resolution_type="discount", discount=400.0, close=False
        )
        self.assertEqual(complaint.discount_card_id.points, 400.0)
        with self.assertRefused("more than your role can give"):
            self.resolve(
                self.kam,
                complaint,
                resolution_type="discount",
                discount=400.0,
                close=False,
            )

    def test_one_matter_in_many_complaints(self):
        """Several complaints about one document, or about none, count together."""
        invoice = self.make_invoice(self.nordwind, 450.0)
        values = {"resolution_type": "discount", "close": False}
        first, second = (self.complain(move_id=invoice.id) for _number in range(2))
        self.resolve(self.kam, first, discount=300.0, **values)
        with self.assertRefused("more than your role can give"):
            self.resolve(self.kam, second, discount=300.0, **values)
        with self.assertRefused("can't be above the amount of the complaint"):
            self.resolve(self.director, second, discount=300.0, **values)
        self.resolve(self.kam, second, discount=100.0, **values)
        third, fourth = (self.complain(claimed_amount=400.0) for _number in range(2))
        self.resolve(self.kam, third, discount=400.0, **values)
        with self.assertRefused("more than your role can give"):
            self.resolve(self.kam, fourth, discount=400.0, **values)
        self.resolve(self.director, fourth, discount=400.0, **values)

    def test_goods_for_nothing(self):
        """A replacement gives what was decided on; what is added is judged."""
        self.env.company.key_account_margin_floor = 10.0
        complaint = self.complain(product_id=self.drill.id, quantity=900.0)
        with self.assertRefused("more than your role can give"):
            self.resolve(self.kam, complaint, resolution_type="replacement")
        complaint.quantity = 2.0
        self.resolve(self.kam, complaint, resolution_type="replacement", close=False)
        order = self.as_user(self.clerk, complaint.replacement_order_id)
        self.assertFalse(order.key_account_is_held)
        free = {"price_unit": 0.0, "technical_price_unit": 1.0}
        order.order_line.write({"product_uom_qty": 50.0, **free})
        self.assertTrue(order.key_account_is_held)
        order.order_line.write({"product_uom_qty": 2.0, **free})
        self.assertFalse(order.key_account_is_held)
        order.order_line = [Command.create({"product_id": self.drill.id, **free})]
        with self.assertRefused("given away"):
            order.action_confirm()
        gift = self.make_order(self.nordwind, 1)
        with self.assertRefused("can't enter", exception=AccessError):
            self.as_user(self.clerk, gift).write(
                {"key_account_complaint_id": complaint.id}
            )

    def test_replaced_twice(self):
        """What was credited isn't replaced as well."""
        order = self.make_order(self.nordwind, 3)
        order.action_confirm()
        invoice = order._create_invoices()
        invoice.action_post()
        complaint = self.complain(move_id=invoice.id)
        line = invoice.invoice_line_ids
        lines = [Command.create({"line_id": line.id, "quantity": 3.0})]
        self.resolve(self.kam, complaint, line_ids=lines, close=False)
        with self.assertRefused("can be replaced"):
            self.resolve(
                self.kam,
                complaint,
                resolution_type="replacement",
                line_ids=lines,
                close=False,
            )

    def test_a_colleagues_address_is_no_answer(self):
        """A mail with the manager's address stops no clock, but asks the owner."""
        complaint = self.complain(user_id=self.kam.id)
        greeting = "Hallo"
        origin = complaint.message_post(body=greeting, message_type="comment")
        mail = MAIL.format(
            sender=self.kam.email_formatted,
            origin=origin.message_id,
            message_id="forged-1",
        )
        with (
            self.mock_mail_gateway(),
            mute_logger("odoo.addons.mail.models.mail_thread"),
        ):
            self.env(context={})["mail.thread"].message_process(False, mail)
        self.assertFalse(complaint.responded_on)
        self.assertEqual(complaint.response_state, "running")
        self.assertIn("Confirm the answer", complaint.activity_ids.summary)
        self.as_user(self.kam, complaint).action_respond()
        self.assertTrue(complaint.responded_on)

    def test_context_keys_decide_nothing(self):
        """No key of the context keeps a message from counting."""
        complaint = self.as_user(self.kam, self.complain(self.nordwind))
        keyed = complaint.with_context(key_account_auto_reply=True, install_mode=True)
        self.say(keyed, "Wir kümmern uns")
        self.assertTrue(complaint.responded_on)
