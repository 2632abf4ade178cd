# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import Command
from odoo.tests import tagged

from .common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestLoyaltyInvoice(LoyaltyCommon):
    """Points are earned with the invoice and follow its changes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.accrual_moment = "invoice_paid"

    def test_freight_earns_nothing(self):
        """What earns nothing on the order earns nothing on its invoice."""
        self.program.accrual_moment = "invoice_posted"
        self.patch(
            self.env.registry["sale.order"],
            "_get_no_effect_on_threshold_lines",
            lambda order: order.order_line.filtered(
                lambda line: line.product_id == self.gloves
            ),
        )
        order = self.order(1)
        order.order_line = [Command.create({"product_id": self.gloves.id})]
        order._update_programs_and_rewards()
        order.action_confirm()
        invoice = order._create_invoices()
        self.assertEqual(invoice.amount_total, 210.0)
        invoice.action_post()
        self.assertSound(self.card(), 200)

    def test_order_invoice_payment(self):
        order = self.order(5)
        self.assertEqual(order.key_account_points, 1000)
        order.action_confirm()
        self.assertSound(self.card(), 0)
        invoice = order._create_invoices()
        invoice.action_post()
        self.assertSound(self.card(), 0)
        self.pay(invoice)
        self.assertSound(self.card(), 1000)
        entry = self.card().history_ids
        self.assertEqual(entry.key_account_move_id, invoice)
        self.assertEqual(entry.key_account_source_name, invoice.display_name)

    def test_posted(self):
        self.program.accrual_moment = "invoice_posted"
        self.gold.point_multiplier = 2
        invoice = self.make_invoice(self.nordwind, 100)
        self.assertSound(self.card(), 200)
        invoice.button_draft()
        self.assertSound(self.card(), 0)
        invoice.invoice_line_ids.price_unit = 150
        invoice.action_post()
        self.assertSound(self.card(), 300)
        self.assertEqual(
            self.kinds(self.card()),
            [("earn", 200), ("claw_back", -200), ("earn", 300)],
        )
        invoice.button_draft()
        invoice.button_cancel()
        self.assertSound(self.card(), 0)

    def test_partial_payment_and_unreconcile(self):
        invoice = self.make_invoice(self.nordwind, 1000)
        self.pay(invoice, 400)
        self.assertFalse(self.card().history_ids)
        payment = self.pay(invoice, 600)
        self.assertEqual(invoice.payment_state, "paid")
        self.assertSound(self.card(), 1000)
        partial = invoice.line_ids.matched_credit_ids.filtered(
            lambda partial: partial.amount == 600
        )
        invoice.js_remove_outstanding_partial(partial.id)
        self.assertSound(self.card(), 400)
        invoice.js_assign_outstanding_line(
            payment.move_id.line_ids.filtered(
                lambda line: line.account_type == "asset_receivable"
            ).id
        )
        self.assertSound(self.card(), 1000)
        self.assertEqual(
            self.kinds(self.card()),
            [("earn", 1000), ("claw_back", -600), ("earn", 600)],
        )

    def test_credit_note_pro_rata_once(self):
        invoice = self.make_invoice(self.nordwind, 1000)
        self.pay(invoice)
        refund = self.credit(invoice, 0.3)
        self.assertSound(self.card(), 700)
        (invoice | refund)._sync_points()
        invoice._invoice_paid_hook()
        self.assertSound(self.card(), 700)
        self.credit(invoice, 0.7)
        self.assertSound(self.card(), 0)
        refund.button_draft()
        refund.button_cancel()
        self.assertSound(self.card(), 300)

    def test_credit_before_payment(self):
        invoice = self.make_invoice(self.nordwind, 1000)
        refund = self.credit(invoice, 0.4)
        (invoice | refund).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        ).reconcile()
        self.assertFalse(self.card().history_ids)
        self.pay(invoice)
        self.assertEqual(invoice.payment_state, "paid")
        self.assertSound(self.card(), 600)

    def test_reversed_invoice_earns_nothing(self):
        invoice = self.make_invoice(self.nordwind, 1000)
        invoice._reverse_moves([{"invoice_date": self.today}], cancel=True)
        self.assertEqual(invoice.payment_state, "reversed")
        self.assertFalse(self.card().history_ids)

    def test_only_the_returned_product_counts(self):
        self.program.rule_ids.product_ids = self.drill
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.nordwind.id,
                "invoice_line_ids": [
                    Command.create({"product_id": product.id, "quantity": quantity})
                    for product, quantity in ((self.drill, 5), (self.gloves, 50))
                ],
            }
        )
        invoice.action_post()
        self.pay(invoice)
        self.assertSound(self.card(), 1000)
        refund = invoice._reverse_moves([{"invoice_date": self.today}])
        refund.invoice_line_ids.filtered(
            lambda line: line.product_id == self.drill
        ).unlink()
        refund.action_post()
        self.assertSound(self.card(), 1000)
        self.credit(invoice, 0.2)
        self.assertSound(self.card(), 800)

    def test_refund_made_from_the_order(self):
        order = self.order(10)
        order.action_confirm()
        first = order._create_invoices()
        first.action_post()
        self.pay(first)
        self.assertSound(self.card(), 2000)
        order.order_line.filtered("product_id").product_uom_qty = 6
        refund = order._create_invoices(final=True)
        self.assertEqual(refund.move_type, "out_refund")
        refund.action_post()
        self.assertSound(self.card(), 1200)

    def test_claw_back_below_zero_and_paid_by_the_next(self):
        invoice = self.make_invoice(self.nordwind, 200)
        self.pay(invoice)
        card = self.card()
        order = self.order(1)
        self.claim(order)
        order.action_confirm()
        self.assertSound(card, 100)
        self.credit(invoice)
        self.assertSound(card, -100)
        self.assertTrue(card.key_account_owes_points)
        self.assertIn(card, card.search([("key_account_owes_points", "=", True)]))
        self.pay(self.make_invoice(self.nordwind, 150))
        self.assertSound(card, 50)
        self.assertFalse(card.key_account_owes_points)

    def test_lapsed_points_are_not_taken_twice(self):
        self.program.key_account_expiry_months = 12
        invoice = self.make_invoice(self.nordwind, 1000)
        self.pay(invoice)
        card = self.card()
        card._book(-600, "spend")
        card._expire(self.days(400))
        self.assertSound(card, 0)
        refund = self.credit(invoice, 0.3)
        self.assertSound(card, 0)
        self.credit(invoice, 0.3)
        self.assertSound(card, -200)
        refund.button_draft()
        refund.button_cancel()
        self.assertSound(card, 0)

    def test_minimum_and_rule_per_order(self):
        self.program.rule_ids.minimum_amount = 500
        self.pay(self.make_invoice(self.nordwind, 499))
        self.assertFalse(self.card().history_ids)
        self.pay(self.make_invoice(self.nordwind, 500))
        self.assertSound(self.card(), 500)

    def test_rule_per_order_once_for_two_invoices(self):
        self.program.rule_ids.write(
            {"reward_point_mode": "order", "reward_point_amount": 50}
        )
        order = self.make_order(self.nordwind, 2)
        order.order_line.product_id.invoice_policy = "order"
        order.action_confirm()
        for quantity in (1, 1):
            invoice = order._create_invoices()
            invoice.invoice_line_ids.quantity = quantity
            invoice.action_post()
            self.pay(invoice)
        self.assertEqual(len(order.invoice_ids), 2)
        self.assertSound(self.card(), 50)

    def test_credit_note_of_an_order_that_earned_at_confirmation(self):
        self.program.accrual_moment = "order_confirmed"
        order = self.order(10)
        order.action_confirm()
        self.assertSound(self.card(), 2000)
        invoice = order._create_invoices()
        invoice.action_post()
        self.pay(invoice)
        self.assertSound(self.card(), 2000)
        self.credit(invoice, 0.25)
        self.assertSound(self.card(), 1500)
        # The program changes; the order's invoice must not earn points as well.
        self.program.accrual_moment = "invoice_paid"
        invoice._sync_points()
        self.assertSound(self.card(), 1500)

    def test_points_come_with_the_invoice_not_with_the_order(self):
        order = self.order(5)
        self.assertFalse(self.claim(order))

    def test_ordinary_invoice_costs_no_query(self):
        def queries():
            invoice = self.make_invoice(self.bergmann, 100, post=False)
            return self.count_queries(invoice.action_post)

        queries()
        with_program = queries()
        self.program.active = False
        self.program.sudo().key_account_ledger = False
        self.env.registry.clear_cache()
        queries()
        self.assertLessEqual(with_program - queries(), 2)

    def test_queries_do_not_grow_with_the_lines(self):
        def queries(lines):
            order = self.make_order(self.nordwind, *[1] * lines)
            confirm = self.count_queries(order.action_confirm)
            invoice = order._create_invoices()
            post = self.count_queries(invoice.action_post)
            return confirm, post, self.count_queries(lambda: self.pay(invoice))

        queries(1)
        few, many = queries(2), queries(30)
        # The last step earns points: some queries, as many for 30 lines as for 2.
        for before, after in zip(few, many, strict=True):
            self.assertLessEqual(after - before, 10, (few, many))
