# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import Command
from odoo.tests import tagged

from .common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestLoyaltyRedemption(LoyaltyCommon):
    """Spent points come back in proportion to what was credited of the order."""

    def sell(self, *quantities):
        """Sell drills with a reward for 100 points, on an invoice that is posted."""
        self.give(1000)
        order = self.order(*quantities)
        card = self.claim(order)
        order.action_confirm()
        order.order_line.qty_delivered = order.order_line[0].product_uom_qty
        invoice = order._create_invoices()
        invoice.action_post()
        return order, card, invoice

    def spent(self, card, order):
        return round(sum(card._get_spendings(order).mapped("key_account_points")), 2)

    def test_wholly_credited(self):
        """Nothing is spent on an order that was wholly credited, and nothing twice."""
        order, card, invoice = self.sell(2)
        self.assertEqual(self.spent(card, order), -100.0)
        refund = self.credit(invoice)
        self.assertEqual(self.spent(card, order), 0.0)
        self.env["loyalty.redemption"]._sync_orders(order, refund)
        self.assertEqual(self.spent(card, order), 0.0)
        self.assertIn(("unspend", 100.0), self.kinds(card))
        self.assertEqual(
            card.points, round(sum(card.history_ids.mapped("key_account_points")), 2)
        )

    def test_in_parts_and_withdrawn(self):
        """Half credited, half comes back; a credit note that goes takes it again."""
        order, card, invoice = self.sell(2)
        refund = self.credit(invoice, 0.5)
        self.assertEqual(self.spent(card, order), -50.0)
        refund.button_draft()
        self.assertEqual(self.spent(card, order), -100.0)
        refund.action_post()
        self.assertEqual(self.spent(card, order), -50.0)
        self.credit(invoice, 0.5)
        self.assertEqual(self.spent(card, order), 0.0)
        self.assertEqual(
            card.points, round(sum(card.history_ids.mapped("key_account_points")), 2)
        )

    def test_reward_removed_before_a_credit_note(self):
        """What came back with the reward isn't taken by a credit note."""
        self.give(1000)
        order = self.order(2)
        card = self.claim(order)
        order.action_confirm()
        card._take_back_spending(order, "Prämie entfernt")
        self.assertEqual(self.spent(card, order), 0.0)
        order.order_line.qty_delivered = 2
        invoice = order._create_invoices()
        invoice.action_post()
        self.credit(invoice, 0.1)
        self.assertEqual(self.spent(card, order), 0.0)

    def test_cancelled_after_a_credit_note(self):
        """Cancelling gives back what credit notes haven't, once."""
        order, card, invoice = self.sell(2)
        refund = self.credit(invoice, 0.5)
        refund.button_draft()
        refund.button_cancel()
        invoice.button_draft()
        invoice.button_cancel()
        order._action_cancel()
        self.assertEqual(self.spent(card, order), 0.0)
        self.assertEqual(card.points, 1000.0)

    def test_packs_count_by_their_units(self):
        """One point a unit: two packs of six are twelve, by order and by invoice."""
        self.gold.point_multiplier = 1.5
        rule = self.program.rule_ids
        rule.reward_point_mode = "unit"
        pack = self.env.ref("uom.product_uom_pack_6")
        for moment in ("order_confirmed", "invoice_posted"):
            program = self.make_program(
                moment, key_account_tier_ids=self.gold, accrual_moment=moment
            )
            program.rule_ids.write({"reward_point_mode": "unit", "minimum_qty": 10})
            order = self.make_order(self.nordwind)
            order.order_line.write({"product_uom_id": pack.id, "product_uom_qty": 2})
            order._update_programs_and_rewards()
            order.action_confirm()
            order.order_line.qty_delivered = 2
            order._create_invoices().action_post()
            self.assertEqual(self.card(program=program).points, 18.0, moment)
            program.active = False
            self.program.active = False

    def test_units_beside_packs(self):
        """Single pieces and packs of the same product add up."""
        self.program.rule_ids.reward_point_mode = "unit"
        order = self.make_order(self.nordwind, 3)
        order.write(
            {
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.drill.id,
                            "product_uom_qty": 1,
                            "product_uom_id": self.env.ref("uom.product_uom_dozen").id,
                        }
                    )
                ]
            }
        )
        order._update_programs_and_rewards()
        order.action_confirm()
        self.assertEqual(self.card().points, 15.0)
