# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import freeze_time, tagged

from ..common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestPricelistApproval(KeyAccountCommon):
    """Special prices count once they are approved, as they were approved."""

    def special_list(self, user, percent, **values):
        return self.as_user(user, self.env["product.pricelist"]).create(
            {
                "name": "Sonderpreise Nordwind",
                "key_account_only": True,
                "company_id": self.env.company.id,
                "item_ids": [
                    Command.create(
                        {"compute_price": "percentage", "percent_price": percent}
                    )
                ],
                **values,
            }
        )

    def price(self, **values):
        # Each order is written in a request of its own.
        self.env.invalidate_all()
        return self.make_order(self.nordwind, 1, **values).order_line.price_subtotal

    def test_small_discount_is_the_account_managers_own(self):
        """An account manager can approve five per cent, which counts at once."""
        pricelist = self.special_list(self.kam, 5.0)
        self.assertEqual(pricelist.key_account_approval_state, "approved")
        self.as_user(self.kam, self.account).pricelist_id = pricelist
        self.assertAlmostEqual(self.price(), 190.0)

    def test_an_ordinary_list_bound_to_an_account_waits(self):
        """Choosing a generous list for an account doesn't approve it on the side."""
        generous = self.env["product.pricelist"].create(
            {
                "name": "Abverkauf",
                "company_id": self.env.company.id,
                "item_ids": [
                    Command.create({"compute_price": "percentage", "percent_price": 50})
                ],
            }
        )
        self.as_user(self.kam, self.account).pricelist_id = generous
        self.assertTrue(generous.key_account_only)
        self.assertNotEqual(generous.key_account_approval_state, "approved")
        self.assertAlmostEqual(self.price(), 180.0)

    def test_a_range_for_nothing_is_refused(self):
        """A price of 0.00 for everything was forgotten; one product is a gift."""
        pricelist = self.special_list(self.director, 5.0)
        rule = {"pricelist_id": pricelist.id, "compute_price": "fixed"}
        Item = self.as_user(self.director, self.env["product.pricelist.item"])
        for scope in (
            {"applied_on": "3_global"},
            {
                "applied_on": "2_product_category",
                "categ_id": self.env["product.category"].create({"name": "Bohrer"}).id,
            },
        ):
            with self.assertRefused("for 0.00", exception=ValidationError):
                Item.create({**rule, **scope})
        gift = Item.create(
            {
                **rule,
                "applied_on": "1_product",
                "product_tmpl_id": self.drill.product_tmpl_id.id,
            }
        )
        self.assertEqual(gift.fixed_price, 0)
        # An ordinary list stays as it is in core.
        ordinary = self.env["product.pricelist"].create({"name": "Muster"})
        self.env["product.pricelist.item"].create(
            {**rule, "pricelist_id": ordinary.id, "applied_on": "3_global"}
        )

    def test_large_discount_waits_for_the_director(self):
        """Thirty per cent doesn't count until the director approves it."""
        pricelist = self.special_list(self.kam, 30.0)
        self.assertEqual(pricelist.key_account_approval_state, "draft")
        self.as_user(self.kam, self.account).pricelist_id = pricelist
        self.assertAlmostEqual(self.price(), 180.0)
        pricelist.action_submit_approval()
        self.assertEqual(pricelist.key_account_approval_state, "pending")
        request = pricelist.activity_ids
        self.assertEqual(len(request), 1)
        self.assertIn("30.0 % for Nordwind Handels GmbH", request.summary)
        self.assertIn("margin", request.summary)
        asked = self.as_user(self.kam, pricelist).key_account_decision_request
        self.assertIn(f"Asked of {request.user_id.name}", asked)
        for user in (self.kam, self.all_user):
            with self.assertRefused("to decide on", exception=AccessError):
                self.as_user(user, pricelist).action_approve_terms()
        self.as_user(self.director, pricelist).action_approve_terms()
        self.assertFalse(request.exists() and request.active)
        self.assertFalse(pricelist.key_account_decision_request)
        # Who asked is told.
        self.assertEqual(pricelist.activity_ids.user_id, self.kam)
        self.assertIn("Approved by", pricelist.activity_ids.summary)
        told = pricelist.message_ids.filtered(
            lambda message: self.kam.partner_id in message.notified_partner_ids
        )
        self.assertIn("Approved by", told[:1].body)
        self.assertAlmostEqual(self.price(), 140.0)

    def test_worse_terms_reopen_harmless_edits_do_not(self):
        """A lower price reopens the approval; a new name or higher price doesn't."""
        pricelist = self.special_list(self.director, 20.0)
        self.account.pricelist_id = pricelist
        mine = self.as_user(self.kam, pricelist)
        mine.name = "Sonderpreise 2027"
        mine.item_ids.percent_price = 19.0
        self.assertEqual(mine.key_account_approval_state, "approved")
        self.assertAlmostEqual(self.price(), 162.0)
        mine.item_ids.percent_price = 21.0
        self.assertEqual(mine.key_account_approval_state, "draft")
        self.assertIn("no longer valid", mine.message_ids[0].body)
        self.assertAlmostEqual(self.price(), 180.0)
        as_director = self.as_user(self.director, pricelist)
        mine.action_submit_approval()
        as_director.action_reject_terms("Zu viel")
        self.assertEqual(mine.key_account_approval_state, "rejected")
        self.assertIn("Zu viel", str(mine.message_ids[:2].mapped("body")))
        as_director.action_submit_approval()
        self.assertEqual(mine.key_account_approval_state, "approved")
        as_director.item_ids.percent_price = 25.0
        self.assertEqual(mine.key_account_approval_state, "approved")

    def test_new_rule_and_longer_validity_are_worse(self):
        """A new rule or a longer validity reopens the approval."""
        pricelist = self.special_list(
            self.director, 20.0, key_account_date_end=self.today + timedelta(days=30)
        )
        mine = self.as_user(self.kam, pricelist)
        mine.key_account_date_end = self.today + timedelta(days=20)
        self.assertEqual(mine.key_account_approval_state, "approved")
        mine.key_account_date_end = False
        self.assertEqual(mine.key_account_approval_state, "draft")
        self.as_user(self.director, pricelist).action_submit_approval()
        mine.write(
            {
                "item_ids": [
                    Command.create(
                        {
                            "applied_on": "0_product_variant",
                            "product_id": self.gloves.id,
                            "compute_price": "fixed",
                            "fixed_price": 1.0,
                        }
                    )
                ]
            }
        )
        self.assertEqual(mine.key_account_approval_state, "draft")

    def test_validity_is_asked_at_the_date_of_the_order(self):
        """The tier's prices apply before and after the list's validity."""
        pricelist = self.special_list(self.director, 20.0)
        pricelist.key_account_date_start = self.today + timedelta(days=10)
        pricelist.key_account_date_end = self.today + timedelta(days=20)
        self.account.pricelist_id = pricelist
        for days, price in ((0, 180.0), (10, 160.0), (20, 160.0), (21, 180.0)):
            day = f"{self.today + timedelta(days=days)} 10:00:00"
            self.assertAlmostEqual(self.price(date_order=day), price)

    def test_day_of_the_company(self):
        """A clerk in Tokyo, where it is tomorrow, writes an order at today's prices."""
        self.env.company.resource_calendar_id.tz = "Europe/Berlin"
        pricelist = self.special_list(self.director, 20.0)
        pricelist.key_account_date_start = self.today + timedelta(days=1)
        self.account.pricelist_id = pricelist
        self.env.user.tz = "Asia/Tokyo"
        for hour, price in ((16, 180.0), (23, 160.0)):
            with freeze_time(f"{self.today} {hour}:30:00"):
                self.assertAlmostEqual(self.price(), price)

    def test_no_way_around_through_rpc(self):
        """Account managers can't write the state or ordinary lists over RPC."""
        pricelist = self.special_list(self.kam, 30.0)
        with self.assertRefused("can't enter", exception=AccessError):
            pricelist.key_account_approval_state = "approved"
        with self.assertRefused("can't enter", exception=AccessError):
            pricelist.create({"name": "X", "key_account_approval_state": "approved"})
        with self.assertRaises(AccessError):
            self.as_user(self.kam, self.pricelist).name = "Meine"
        with self.assertRefused("sales manager", exception=AccessError):
            pricelist.key_account_only = False
