# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestOwnTerms(KeyAccountCommon):
    """What an account gets of its own takes a second person above the role's limit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gold.credit_limit = 1000.0
        cls.mine = cls.as_user(cls.kam, cls.account)

    def test_own_credit_limit_waits(self):
        """A limit above the tier's applies once somebody with the role approves it."""
        self.mine.credit_limit = 900.0
        self.assertEqual(self.mine.effective_credit_limit, 900.0)
        self.mine.credit_limit = 9000.0
        self.assertEqual(self.account.key_account_approval_state, "pending")
        self.assertEqual(self.account.effective_credit_limit, 900.0)
        request = self.account.activity_ids.filtered(
            lambda activity: "Approve the terms" in (activity.summary or "")
        )
        self.assertEqual(len(request), 1)
        with self.assertRefused("to decide on", exception=AccessError):
            self.mine.action_approve_terms()
        self.as_user(self.all_user, self.account).action_approve_terms()
        self.assertEqual(self.account.effective_credit_limit, 9000.0)
        self.as_user(self.all_user, self.account).credit_limit = 90000.0
        self.assertEqual(self.account.effective_credit_limit, 9000.0)
        self.as_user(self.director, self.account).action_reject_terms("Nein")
        self.assertEqual(self.account.effective_credit_limit, 9000.0)
        self.mine.credit_limit = 800.0
        self.assertEqual(self.account.key_account_approval_state, "approved")
        self.assertEqual(self.account.effective_credit_limit, 800.0)

    def test_terms_of_a_new_account(self):
        """Terms that an account is made with wait as well."""
        account = self.as_user(self.kam, self.env["key.account"]).create(
            {
                "partner_id": self.bergmann.id,
                "credit_limit": 77777.0,
                "payment_term_id": self.make_payment_term(90).id,
            }
        )
        self.assertEqual(account.key_account_approval_state, "pending")
        self.assertFalse(account.effective_credit_limit)
        self.assertFalse(account.effective_payment_term_id)

    def test_best_of_all_waits(self):
        """The mode decides on prices, so it isn't changed by one hand."""
        self.account.pricelist_id = self.make_pricelist("Eigene", 1)
        self.assertEqual(self.mine.effective_pricelist_id.name, "Eigene")
        self.mine.pricelist_mode = "best"
        order = self.make_order(self.nordwind, 1)
        self.assertAlmostEqual(order.order_line.price_subtotal, 198.0)

    def test_discount_by_effect(self):
        """The discount that decides on the role is the one that comes out."""
        pricelist = self.make_pricelist("Listen", 4)
        other = self.make_pricelist("Grundlage", 40)
        item = pricelist.item_ids
        self.assertEqual(pricelist.key_account_max_discount, 4.0)
        for values, discount in (
            ({"compute_price": "formula", "price_surcharge": -5.0}, 50.0),
            ({"price_surcharge": 0.0, "price_round": 50.0}, 100.0),
            (
                {
                    "price_round": 0.0,
                    "base": "pricelist",
                    "base_pricelist_id": other.id,
                },
                40,
            ),
            ({"base": "standard_price"}, 100.0),
        ):
            item.write(values)
            pricelist.invalidate_recordset()
            self.assertGreaterEqual(pricelist.key_account_max_discount, discount)

    def test_sheltering_rule(self):
        """Removing or shortening a rule with a higher price reopens the approval."""
        pricelist = self.as_user(self.director, self.env["product.pricelist"]).create(
            {
                "name": "Geschützt",
                "key_account_only": True,
                "company_id": self.env.company.id,
                "item_ids": [
                    Command.create(
                        {"compute_price": "percentage", "percent_price": 40.0}
                    ),
                    Command.create(
                        {
                            "applied_on": "0_product_variant",
                            "product_id": self.drill.id,
                            "compute_price": "fixed",
                            "fixed_price": 190.0,
                        }
                    ),
                ],
            }
        )
        mine = self.as_user(self.kam, pricelist)
        shelter = mine.item_ids.filtered(lambda item: item.compute_price == "fixed")
        shelter.fixed_price = 195.0
        self.assertEqual(mine.key_account_approval_state, "approved")
        shelter.date_end = f"{self.today} 10:00:00"
        self.assertEqual(mine.key_account_approval_state, "draft")
        self.as_user(self.director, pricelist).action_submit_approval()
        shelter.unlink()
        self.assertEqual(mine.key_account_approval_state, "draft")

    def test_base_list_changes(self):
        """A list follows the list that it is based on, and so does its approval."""
        base = self.make_pricelist("Grundlage", 4, key_account_only=True)
        pricelist = self.make_pricelist("Darauf", 0, key_account_only=True)
        pricelist.item_ids.write(
            {
                "compute_price": "formula",
                "base": "pricelist",
                "base_pricelist_id": base.id,
            }
        )
        self.assertEqual(pricelist.key_account_approval_state, "approved")
        self.as_user(self.kam, base).item_ids.percent_price = 60.0
        self.assertEqual(pricelist.key_account_approval_state, "draft")

    def test_lists_of_others(self):
        """Account managers leave lists of tiers and of colleagues alone."""
        theirs = self.make_pricelist("Bergmann", 10, key_account_only=True)
        account = self.make_account(self.bergmann, manager_id=self.kam2.id)
        account.pricelist_id = theirs
        for pricelist in (theirs, self.gold_list):
            mine = self.as_user(self.kam, pricelist)
            for values in (
                {"active": False},
                {"key_account_date_end": self.today},
                {"name": "Meine"},
            ):
                with self.assertRaises(AccessError):
                    mine.write(values)
            with self.assertRaises(AccessError):
                mine.action_reject_terms()
            with self.assertRaises(AccessError):
                mine.item_ids.percent_price = 1.0
            with self.assertRaises(AccessError):
                mine.item_ids.unlink()

    def test_requests_and_imports_of_others(self):
        """Nor do they submit, withdraw or import what a colleague's account gets."""
        theirs = self.make_pricelist("Bergmann", 60, key_account_only=True)
        account = self.make_account(self.bergmann, manager_id=self.kam2.id)
        account.pricelist_id = theirs
        as_theirs = self.as_user(self.kam2, theirs)
        mine = self.as_user(self.kam, theirs)
        as_theirs.item_ids.percent_price = 70.0
        self.assertEqual(theirs.key_account_approval_state, "draft")
        with self.assertRefused("others depend on", exception=AccessError):
            mine.action_submit_approval()
        as_theirs.action_submit_approval()
        self.assertEqual(theirs.key_account_approval_state, "pending")
        with self.assertRefused("others depend on", exception=AccessError):
            mine.action_withdraw_approval()
        notes = theirs.message_ids
        with self.assertRefused("others depend on", exception=AccessError):
            self.as_user(self.kam)["key.account.pricelist.import"].create(
                {"pricelist_id": theirs.id}
            ).action_import()
        self.assertEqual(theirs.message_ids, notes)
        as_theirs.action_withdraw_approval()
        self.assertEqual(theirs.key_account_approval_state, "draft")

    def test_director_of_another_company(self):
        """A shared list that our accounts use isn't edited from elsewhere."""
        shared = self.make_pricelist("Gemeinsam", 10, key_account_only=True)
        shared.company_id = False
        self.account.pricelist_id = shared
        with self.assertRefused("others depend on", exception=AccessError):
            self.as_user(self.other_director, shared).item_ids.percent_price = 90.0

    def test_unapproved_list_by_hand(self):
        """A list that isn't approved gives no prices, on the order or the customer."""
        pricelist = self.as_user(self.kam, self.env["product.pricelist"]).create(
            {
                "name": "Heimlich",
                "key_account_only": True,
                "item_ids": [
                    Command.create(
                        {"compute_price": "percentage", "percent_price": 95.0}
                    )
                ],
            }
        )
        order = self.as_user(self.clerk, self.make_order(self.nordwind, 1))
        with self.assertRefused("is not approved"):
            order.pricelist_id = pricelist.id
        self.nordwind.specific_property_product_pricelist = pricelist
        self.env.invalidate_all()
        order = self.make_order(self.nordwind, 1)
        self.assertAlmostEqual(order.order_line.price_subtotal, 180.0)
