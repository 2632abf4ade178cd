# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import re

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MailCommon

from .common import ComplaintCommon

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4"
    "890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)

MAIL = """From: {sender}
To: complaints@{domain}
Subject: {subject}
Message-ID: <{message_id}@nordwind.example>
{headers}MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="xx"

--xx
Content-Type: text/plain; charset=utf-8

Drei von zehn sind kaputt.
--xx
Content-Type: image/png
Content-Disposition: attachment; filename="foto.png"
Content-Transfer-Encoding: base64

iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==
--xx--
"""


@tagged("post_install", "-at_install")
class TestComplaintMail(ComplaintCommon, MailCommon):
    """Complaints by mail are matched, answered and reopened."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["mail.alias"].search(
            [("alias_model_id.model", "=", "key.account.complaint")]
        ).alias_domain_id = cls.env.company.alias_domain_id

    def feed(
        self,
        sender="Anna Seidel <anna.seidel@nordwind.example>",
        headers="",
        message_id="m1",
        subject="Schrauber kaputt",
    ):
        """Pass a mail through the gateway, and send the mails that result."""
        # Without the context that mutes the chatter in tests.
        thread = self.env(context={})["mail.thread"]
        mail = MAIL.format(
            sender=sender,
            domain=self.env.company.alias_domain_id.name,
            subject=subject,
            message_id=message_id,
            headers=headers,
        )
        with (
            self.mock_mail_gateway(),
            mute_logger("odoo.addons.mail.models.mail_thread"),
        ):
            complaint_id = thread.message_process(False, mail)
            self.flush_tracking()
        return self.env["key.account.complaint"].browse(complaint_id)

    def test_mail_makes_a_complaint(self):
        """A mail becomes a complaint with sender, file, owner and reply."""
        complaint = self.feed()
        self.assertEqual(complaint.partner_id, self.anna)
        self.assertEqual(complaint.account_id, self.account)
        self.assertEqual(complaint.user_id, self.kam)
        self.assertEqual(complaint.channel, "email")
        self.assertIn("Drei von zehn", complaint.description)
        attachment = self.env["ir.attachment"].search(
            [("res_model", "=", complaint._name), ("res_id", "=", complaint.id)]
        )
        self.assertIn("foto.png", attachment.mapped("name"))
        self.assertFalse(complaint.responded_on)
        self.flush_tracking()
        sent = complaint.message_ids.filtered(
            lambda message: complaint.name in (message.subject or "")
        )
        self.assertTrue(sent)

    def test_unknown_sender_and_machines(self):
        """Unknown senders are kept with their address; auto-replies get no answer."""
        complaint = self.feed(sender="Wer <wer@anders.example>", message_id="m2")
        self.assertIn("wer@anders.example", complaint.email_from)
        self.assertFalse(complaint.account_id)
        machine = self.feed(headers="Auto-Submitted: auto-replied\n", message_id="m3")
        self.flush_tracking()
        self.assertFalse(
            machine.message_ids.filtered(
                lambda message: machine.name in (message.subject or "")
            )
        )

    def reply(
        self, complaint, headers="", author="anna.seidel@nordwind.example", number=1
    ):
        # The rating request that was sent at closing.
        origin = complaint.message_ids.filtered(
            lambda message: "satisfied" in (message.subject or "")
        )[0]
        return self.feed(
            sender=author,
            headers=f"In-Reply-To: {origin.message_id}\n{headers}",
            message_id=f"r{number}",
            subject="Re: Schrauber",
        )

    def test_reply_reopens(self):
        """A customer's reply reopens the complaint; an out-of-office note doesn't."""
        complaint = self.complain(self.anna, resolution_type="explanation")
        with self.mock_mail_gateway():
            complaint.action_close()
        for number, header in enumerate(
            (
                "Auto-Submitted: auto-replied",
                "Precedence: bulk",
                "X-Autoreply: yes",
                "X-Autorespond: Abwesend",
                "X-Auto-Response-Suppress: All",
                "Return-Path: <>",
            )
        ):
            self.reply(complaint, headers=f"{header}\n", number=f"machine{number}")
            self.assertEqual(complaint.stage_kind, "done", header)
        self.reply(complaint, author="fremd@anders.example", number=2)
        self.assertEqual(complaint.stage_kind, "done")
        found = self.reply(complaint, number=3)
        self.assertEqual(found, complaint)
        self.assertEqual(complaint.stage_kind, "open")
        self.assertEqual(complaint.reopen_count, 1)

    def test_answer_stops_the_clock_notes_do_not(self):
        """A message to the customer counts as the answer; an internal note doesn't."""
        complaint = self.as_user(self.kam, self.complain(self.anna))
        self.say(complaint, "Intern", "mail.mt_note")
        self.assertFalse(complaint.responded_on)
        self.say(complaint, "Wir kümmern uns")
        self.assertEqual(complaint.response_state, "met")
        self.assertEqual(complaint.stage_kind, "open")
        complaint.action_wait()
        self.say(complaint.sudo(), "Hier die Fotos", author_id=self.anna.id)
        self.assertEqual(complaint.stage_kind, "open")

    def test_rating_does_not_reopen(self):
        """The customer is asked for a rating, which leaves the complaint closed."""
        complaint = self.complain(self.anna, resolution_type="explanation")
        with self.mock_mail_gateway():
            complaint.action_close()
        rating = complaint.rating_ids
        self.assertEqual(rating.partner_id, self.anna)
        complaint.rating_apply(5, token=rating.access_token, feedback="Danke")
        self.assertEqual(complaint.stage_kind, "done")
        self.assertEqual(complaint.rating_last_value, 5)


@tagged("post_install", "-at_install")
class TestComplaintPortal(ComplaintCommon, HttpCase):
    """Customers file and follow their own complaints, and see no others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal_user = new_test_user(
            cls.env,
            login="anna.portal",
            groups="base.group_portal",
            company_id=cls.env.company.id,
        )
        cls.portal_user.partner_id.parent_id = cls.nordwind
        cls.make_account(cls.bergmann)

    def post(self, files=None, **values):
        page = self.url_open("/my/complaints/new").text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page).group(1)
        return self.url_open(
            "/my/complaints/new",
            data={
                "csrf_token": token,
                "subject": "Bruch",
                "description": "3 kaputt",
                **values,
            },
            files=files,
        )

    def test_file_a_complaint_with_photo(self):
        """A complaint filed with order and photo reaches the account manager."""
        order = self.make_order(self.nordwind, 10)
        order.action_confirm()
        self.authenticate("anna.portal", "anna.portal")
        response = self.post(
            files=[("files", ("foto.png", PNG, "image/png"))],
            order_id=order.id,
            product_id=self.drill.id,
            quantity="3",
        )
        complaint = self.env["key.account.complaint"].search(
            [], limit=1, order="id desc"
        )
        self.assertIn(f"/my/complaints/{complaint.id}", response.url)
        self.assertIn(complaint.name, response.text)
        self.assertEqual(complaint.order_id, order)
        self.assertEqual(complaint.quantity, 3)
        self.assertEqual(complaint.channel, "portal")
        self.assertEqual(complaint.user_id, self.kam)
        self.assertEqual(complaint.company_id, self.env.company)
        self.assertIn("foto.png", complaint.message_ids.attachment_ids.mapped("name"))
        self.assertFalse(complaint.responded_on)
        self.assertIn(complaint.name, self.url_open("/my/complaints").text)

    def test_refused_uploads_and_foreign_orders(self):
        """Executable files and other customers' orders are refused without a trace."""
        foreign = self.make_order(self.bergmann)
        foreign.action_confirm()
        count = self.env["key.account.complaint"].search_count([("id", ">", 0)])
        self.authenticate("anna.portal", "anna.portal")
        response = self.post(
            files=[("files", ("bild.png", b"MZ\x90\x00\x03" * 50, "image/png"))]
        )
        self.assertIn("bild.png", response.text)
        self.assertIn("a plain text file", response.text)
        response = self.post(order_id=foreign.id)
        self.assertIn("choose from the list", response.text)
        big = PNG + b"\0" * (10 * 1024 * 1024)
        response = self.post(files=[("files", ("gross.png", big, "image/png"))])
        self.assertIn("larger than", response.text)
        self.assertEqual(
            self.env["key.account.complaint"].search_count([("id", ">", 0)]), count
        )

    def test_other_customers_complaints(self):
        """Another customer's complaint can't be opened by id, wrong token or RPC."""
        other = self.complain(self.bergmann, subject="Geheim bei Bergmann")
        other._portal_ensure_token()
        attachment = self.env["ir.attachment"].create(
            {
                "name": "geheim.txt",
                "raw": b"geheim",
                "res_model": other._name,
                "res_id": other.id,
            }
        )
        self.authenticate("anna.portal", "anna.portal")
        for query in ("", "?access_token=falsch", "?access_token="):
            response = self.url_open(f"/my/complaints/{other.id}{query}")
            self.assertNotIn("Geheim bei Bergmann", response.text)
        self.assertNotIn("Geheim", self.url_open("/my/complaints").text)
        response = self.url_open(f"/web/content/{attachment.id}")
        self.assertNotIn("geheim", response.text)
        env = self.as_user(self.portal_user)
        own = self.complain(self.nordwind)
        for complaint in (other, own):
            with self.assertRaises(AccessError), mute_logger("odoo.models"):
                complaint.with_env(env).read(["subject"])
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            env["key.account.complaint"].search_read([], ["subject"])
        right = self.url_open(
            f"/my/complaints/{other.id}?access_token={other.access_token}"
        )
        self.assertIn("Geheim bei Bergmann", right.text)

    def test_internal_things_stay_inside(self):
        """The portal page shows neither notes nor costs."""
        own = self.complain(
            self.nordwind, internal_note="<p>Lieferant war's</p>", extra_cost=77.77
        )
        self.authenticate("anna.portal", "anna.portal")
        page = self.url_open(f"/my/complaints/{own.id}").text
        self.assertIn(own.name, page)
        self.assertNotIn("Lieferant", page)
        self.assertNotIn("77.77", page)

    def test_8d_report(self):
        """The 8D report contains findings and actions."""
        complaint = self.complain(
            root_cause_kind="supplier",
            why_ids=[(0, 0, {"question": "Warum kaputt?", "answer": "Lager trocken"})],
            action_ids=[(0, 0, {"name": "Charge sperren", "kind": "containment"})],
        )
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html(
                "key_account_management.report_key_account_complaint_8d", complaint.ids
            )[0]
            .decode()
        )
        for text in (complaint.name, "Lager trocken", "Charge sperren", "Supplier"):
            self.assertIn(text, html)
