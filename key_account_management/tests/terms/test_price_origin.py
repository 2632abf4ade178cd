# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tests import tagged

from ..common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestPriceOrigin(KeyAccountCommon):
    """The order line shows which rule gave its price."""

    def test_line_says_where_its_price_comes_from(self):
        """The origin names rule, list and tier, or a manual price, and is kept."""
        line = self.make_order(self.nordwind).order_line
        self.assertAlmostEqual(line.price_unit * (1 - line.discount / 100), 180.0)
        self.assertAlmostEqual(line.key_account_list_price, 200.0)
        self.assertIn("Goldpreise", line.key_account_price_origin)
        self.assertIn("Tier Gold", line.key_account_price_origin)
        line.price_unit = 150.0
        self.assertIn("by hand", line.key_account_price_origin)
        line.order_id.action_confirm()
        self.gold_list.name = "Neue Goldpreise"
        self.assertIn(
            "by hand (price list “Goldpreise”)", line.key_account_price_origin
        )
        ordinary = self.make_order(self.bergmann).order_line
        self.assertFalse(ordinary.key_account_price_origin)
        self.assertFalse(ordinary.key_account_list_price)

    def test_best_of_all_is_chosen_line_by_line(self):
        """Best of all takes each line's price from the cheaper list."""
        own = self.env["product.pricelist"].create(
            {
                "name": "Eigene Preise",
                "item_ids": [
                    (
                        0,
                        0,
                        {
                            "applied_on": "0_product_variant",
                            "product_id": self.drill.id,
                            "compute_price": "fixed",
                            "fixed_price": 150.0,
                        },
                    ),
                    (
                        0,
                        0,
                        {
                            "applied_on": "0_product_variant",
                            "product_id": self.gloves.id,
                            "compute_price": "fixed",
                            "fixed_price": 9.5,
                        },
                    ),
                ],
            }
        )
        self.account.pricelist_id = own
        self.account.pricelist_mode = "best"
        order = self.make_order(self.nordwind, 1)
        order.order_line.create(
            {"order_id": order.id, "product_id": self.gloves.id, "product_uom_qty": 1}
        )
        drill, gloves = order.order_line
        self.assertAlmostEqual(drill.price_subtotal, 150.0)
        self.assertAlmostEqual(gloves.price_subtotal, 9.0)
        self.assertIn("Goldpreise", gloves.key_account_price_origin)
        self.account.pricelist_mode = "override"
        order = self.make_order(self.nordwind, 1)
        self.assertEqual(order.pricelist_id, own)

    def test_inherit_takes_the_groups_list_before_the_own(self):
        """In the inherit mode the group's list goes before the account's own."""
        holding = self.make_account(self.rheintal, pricelist_id=self.gold_list.id)
        child = self.make_account(
            self.rheintal_sued, pricelist_id=self.silver_list.id, credit_limit=9.0
        )
        self.assertEqual(child.parent_id, holding)
        self.assertEqual(child.effective_pricelist_id, self.silver_list)
        child.pricelist_mode = "inherit"
        self.assertEqual(child.effective_pricelist_id, self.gold_list)
        holding.credit_limit = 5.0
        child.credit_limit_mode = "best"
        self.assertEqual(child.effective_credit_limit, 9.0)
        child.payment_term_id = self.make_payment_term(10)
        holding.payment_term_id = self.term_45
        self.assertEqual(child.effective_payment_term_id, child.payment_term_id)
        child.payment_term_mode = "best"
        self.assertEqual(child.effective_payment_term_id, self.term_45)
