# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import http
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from .common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestLoyaltyPortal(LoyaltyCommon, HttpCase):
    """What customers see and do on the portal, each with their own card."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal_user = cls._create_new_portal_user(
            login="anna.portal", partner_id=cls.anna.id, name="Anna Seidel"
        )
        cls.portal_user.password = "anna.portal"
        stranger = cls.env["res.partner"].create(
            {"name": "Bea Klein", "parent_id": cls.bergmann.id, "email": "b@k.example"}
        )
        cls.stranger = cls._create_new_portal_user(
            login="bea.portal", partner_id=stranger.id, name="Bea Klein"
        )
        cls.stranger.password = "bea.portal"
        cls.portal_card = cls.give(150, description="Messe Hamburg")
        cls.program.key_account_expiry_months = 2
        cls.give(30, description="Jubiläum")
        cls.program.rule_ids.reward_point_amount = 0.01

    def test_statement(self):
        self.authenticate("anna.portal", "anna.portal")
        home = self.url_open("/my").text
        self.assertIn("Partnerpunkte", home)
        page = self.url_open(f"/my/loyalty_card/{self.portal_card.id}/history").text
        for text in ("Messe Hamburg", "Jubiläum", "180 Punkte", "Expiring within"):
            self.assertIn(text, page)

    def test_not_for_others(self):
        self.authenticate("bea.portal", "bea.portal")
        self.assertNotIn("Partnerpunkte", self.url_open("/my").text)
        page = self.url_open(f"/my/loyalty_card/{self.portal_card.id}/history").text
        self.assertNotIn("Messe Hamburg", page)
        values = self.make_jsonrpc_request(
            f"/my/loyalty_card/{self.portal_card.id}/values"
        )
        self.assertFalse(values)
        for record in (self.portal_card, self.portal_card.history_ids, self.program):
            with self.assertRaises(AccessError):
                self.as_user(self.portal_user, record).read(["display_name"])

    def test_dialog_values(self):
        self.authenticate("anna.portal", "anna.portal")
        values = self.make_jsonrpc_request(
            f"/my/loyalty_card/{self.portal_card.id}/values"
        )
        self.assertEqual(values["card"]["points_display"], "180 Punkte")
        self.assertEqual(len(values["rewards"]), 1)
        self.assertEqual(values["history_lines"][0]["points"], "+30 Punkte")

    def redeem(self, order, token=""):
        return self.url_open(
            f"/my/orders/{order.id}/redeem/{self.reward.id}",
            data={
                "csrf_token": http.Request.csrf_token(self),
                "access_token": token,
            },
        )

    def test_redeem_on_a_quotation(self):
        order = self.order(1, partner=self.anna)
        order.action_quotation_sent()
        self.authenticate("anna.portal", "anna.portal")
        page = self.url_open(order.get_portal_url()).text
        self.assertIn("o_point_offers", page)
        self.redeem(order)
        self.assertEqual(order.amount_total, 190)
        self.assertNotIn("o_point_offers", self.url_open(order.get_portal_url()).text)
        # A second attempt from another tab: no second reward.
        self.redeem(order)
        self.assertEqual(order.amount_total, 190)
        order.action_confirm()
        self.assertSound(self.portal_card, 180 - 100 + 2)

    def test_strangers_cannot_redeem(self):
        order = self.order(1, partner=self.anna)
        order.action_quotation_sent()
        self.authenticate("bea.portal", "bea.portal")
        self.redeem(order)
        self.assertEqual(order.amount_total, 200)

    def test_role_without_points(self):
        """A contact with the technician role neither sees nor spends points."""
        order = self.order(1, partner=self.anna)
        order.action_quotation_sent()
        self.anna.key_account_portal_role = "service"
        self.authenticate("anna.portal", "anna.portal")
        self.assertNotIn("o_point_offers", self.url_open(order.get_portal_url()).text)
        self.redeem(order)
        self.assertEqual(order.amount_total, 200)
        self.anna.key_account_portal_role = "purchasing"
        self.redeem(order)
        self.assertEqual(order.amount_total, 190)
