# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestOrderJudgement(KeyAccountCommon):
    """An order is judged by what a change makes of it, in every state, by any door."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.key_account_order_check = "block"
        cls.env.company.key_account_margin_floor = 20.0
        cls.gold.credit_limit = 1000.0
        # 4 pieces at 180, which cost 120 each: a third is margin.
        cls.drill.standard_price = 120.0
        cls.order = cls.make_order(cls.nordwind, 4)
        cls.of_clerk = cls.as_user(cls.clerk, cls.order)
        cls.line = cls.of_clerk.order_line

    def confirm(self):
        self.of_clerk.action_confirm()
        self.assertEqual(self.order.state, "sale")

    def test_confirmed_orders_do_not_get_worse(self):
        """Price, discount, quantity and new lines of a confirmed order are judged."""
        self.confirm()
        product = self.drill.id
        refused = "confirmed and can't be changed"
        for vals in (
            {"price_unit": 1.0},
            {"price_unit": 0.0},
            {"discount": 60.0},
            {"product_uom_qty": 6.0},
            {"price_unit": -180.0},
        ):
            with self.assertRefused(refused):
                self.line.write(vals)
        with self.assertRefused(refused):
            self.line.create(
                {"order_id": self.order.id, "product_id": product, "price_unit": 1.0}
            )
        with self.assertRefused(refused):
            self.of_clerk.write(
                {
                    "order_line": [
                        Command.create({"product_id": product, "price_unit": -500.0})
                    ]
                }
            )

    def test_harmless_changes_pass(self):
        """A better price, fewer pieces and a note need no one."""
        self.confirm()
        self.line.write({"price_unit": 190.0, "product_uom_qty": 3.0})
        self.of_clerk.write({"client_order_ref": "4711", "note": "Rampe 3"})
        self.line.write({"price_unit": 190.0, "name": "Schrauber"})
        self.assertEqual(self.order.amount_untaxed, 570.0)

    def test_what_was_worse_before_may_stay(self):
        """An order from before the rules isn't stopped by a harmless change."""
        self.confirm()
        self.drill.standard_price = 179.0
        self.env.invalidate_all()
        self.assertTrue(self.line.key_account_is_below_floor)
        self.line.write({"product_uom_qty": 3.0})
        with self.assertRefused("can't be changed"):
            self.line.write({"price_unit": 179.5})

    def test_director_makes_the_change(self):
        """Who could release the change makes it, and the order says so."""
        self.confirm()
        self.as_user(self.director, self.order.order_line).write({"price_unit": 1.0})
        self.assertEqual(self.order.key_account_release_user_id, self.director)
        self.assertIn("Katharina Brenner", self.order.key_account_release_reason)

    def test_cost_is_the_products(self):
        """A cost that a user types doesn't lift the margin."""
        self.line.write({"price_unit": 121.0, "purchase_price": 1.0})
        self.assertTrue(self.order.key_account_is_held)
        with self.assertRefused("below the floor"):
            self.of_clerk.action_confirm()

    def test_flags_and_negative_lines(self):
        """No flag takes a line out, and a negative line counts with the whole order."""
        self.line.write({"price_unit": 1.0, "is_downpayment": True})
        self.assertTrue(self.order.key_account_is_held)
        self.line.write({"price_unit": 180.0, "is_downpayment": False})
        self.assertFalse(self.order.key_account_is_held)
        self.of_clerk.order_line = [
            Command.create({"product_id": self.drill.id, "price_unit": -1.0})
        ]
        self.line[:1].order_id.order_line[-1:].write({"price_unit": -600.0})
        self.assertIn("The whole order", self.of_clerk.key_account_credit_issue)
        with self.assertRefused("The whole order"):
            self.of_clerk.action_confirm()

    def test_totals_and_rates_are_the_systems(self):
        """Users can't type totals, rates or the account of an order."""
        for vals in (
            {"amount_total": 1.0},
            {"currency_rate": 1000.0},
            {"key_account_id": False},
            {"key_account_manager_id": self.clerk.id},
        ):
            with self.assertRefused("can't enter", exception=AccessError):
                self.of_clerk.write(vals)
        with self.assertRefused("can't enter", exception=AccessError):
            self.line.write({"price_subtotal": 9999.0})

    def test_state_and_lines_in_one_write(self):
        """Lines that come with the state are judged with it; a reopened order, too."""
        quantity = [Command.update(self.line.id, {"product_uom_qty": 9.0})]
        with self.assertRefused("can't be confirmed", "credit limit"):
            self.of_clerk.write({"state": "sale", "order_line": quantity})
        self.order.state = "cancel"
        self.order.order_line.product_uom_qty = 9.0
        with self.assertRefused("can't be confirmed"):
            self.of_clerk.write({"state": "sale"})

    def test_orders_confirmed_together_count_together(self):
        """Two orders that fit the limit one by one don't fit it together."""
        other = self.make_order(self.nordwind, 4)
        both = self.as_user(self.clerk, self.order | other)
        with self.assertRefused("can't be confirmed", "credit limit"):
            both.action_confirm()

    def test_defaults_of_the_context_are_judged(self):
        """A line or a total by a default of the context is a line or a total."""
        self.confirm()
        Line = self.of_clerk.order_line.with_context(default_order_id=self.order.id)
        with self.assertRefused("is confirmed and can't be changed"):
            Line.create(
                {"product_id": self.drill.id, "product_uom_qty": 1, "price_unit": 1.0}
            )
        order = self.of_clerk.with_context(
            default_amount_total=1.0, default_currency_rate=1000.0
        ).create({"partner_id": self.nordwind.id})
        self.assertEqual(order.amount_total, 0.0)
        self.assertEqual(order.currency_rate, self.order.currency_rate)

    def test_draft_invoice_frees_no_credit(self):
        """Until the invoice is posted, the order uses the limit."""
        self.confirm()
        self.order.order_line.qty_delivered = 4
        self.order._create_invoices()
        other = self.as_user(self.clerk, self.make_order(self.nordwind, 4))
        self.assertTrue(other.key_account_is_held)

    def test_release_is_for_what_was_released(self):
        """A release doesn't cover another customer, currency, product or a gift."""
        self.order.order_line.price_unit = 100.0
        self.as_user(self.director, self.order).action_release_key_account("Messe")
        self.assertFalse(self.order.key_account_is_held)
        self.order.order_line.price_unit = 0.0
        self.assertTrue(self.order.key_account_is_held)
        self.order.order_line.price_unit = 100.0
        self.assertFalse(self.order.key_account_is_held)
        currency = self.env.ref("base.EUR")
        if currency == self.order.currency_id:
            currency = self.env.ref("base.USD")
        currency.active = True
        self.order.sudo().key_account_released_currency_id = currency
        self.assertTrue(self.order.key_account_is_held)

    def test_floor_of_a_list_that_was_not_approved(self):
        """A list can't lower the company's floor by itself."""
        self.gold_list.key_account_margin_floor = 1.0
        self.gold_list._write_approval("draft")
        self.line.write({"price_unit": 125.0})
        self.assertTrue(self.order.key_account_is_held)
        with self.assertConstraint("product.pricelist", "between 0 and 100"):
            self.gold_list.key_account_margin_floor = -1000000.0

    def test_ordinary_customers_are_free(self):
        """Orders of ordinary customers are no one's business here."""
        order = self.make_order(self.bergmann, 4)
        order = self.as_user(self.clerk, order)
        order.action_confirm()
        order.order_line.write({"price_unit": 0.0})
        order.order_line.write({"product_uom_qty": 900.0})
        self.assertEqual(order.amount_untaxed, 0.0)
