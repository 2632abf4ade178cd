# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import Command
from odoo.tests import tagged

from .common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestStoredMoney(LoyaltyCommon):
    """Gift cards and e-wallets go on as in Odoo, for key accounts too."""

    def make_wallet(self, program_type):
        """Return a program and the product with which money is put on its cards."""
        product = self.env["product.product"].create(
            {
                "name": program_type,
                "type": "service",
                "list_price": 50.0,
                "taxes_id": [Command.clear()],
            }
        )
        program = self.env["loyalty.program"].create(
            {
                "name": program_type,
                "program_type": program_type,
                "applies_on": "future",
                "trigger": "auto",
                "rule_ids": [
                    Command.clear(),
                    Command.create(
                        {
                            "reward_point_mode": "money",
                            "reward_point_amount": 1,
                            "product_ids": [Command.set(product.ids)],
                        }
                    ),
                ],
                "reward_ids": [
                    Command.clear(),
                    Command.create(
                        {
                            "reward_type": "discount",
                            "discount_mode": "per_point",
                            "discount": 1,
                            "discount_applicability": "order",
                            "required_points": 1,
                        }
                    ),
                ],
            }
        )
        program.trigger_product_ids = product
        return program, product

    def load(self, program, product, partner):
        """Buy money for a card and return the card."""
        order = self.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "order_line": [Command.create({"product_id": product.id})],
            }
        )
        order._update_programs_and_rewards()
        order.action_confirm()
        card = self.env["loyalty.card"].search([("program_id", "=", program.id)])
        self.assertEqual(len(card), 1)
        self.assertEqual(card.points, 50.0)
        invoice = order._create_invoices()
        invoice.action_post()
        self.pay(invoice)
        self.assertEqual(card.points, 50.0, "paying the invoice adds nothing")
        return card

    def spend(self, card, partner):
        """Pay part of an order with the card and return the order."""
        order = self.order(1, partner=partner)
        order._try_apply_code(card.code)
        order._apply_program_reward(card.program_id.reward_ids, card)
        return order

    def check_life(self, program_type, partner):
        program, product = self.make_wallet(program_type)
        card = self.load(program, product, partner)
        full = self.make_order(partner, 1).amount_total
        order = self.spend(card, partner)
        self.assertEqual(order.amount_total, full - 50.0)
        order.action_confirm()
        self.assertEqual(card.points, 0.0)
        order._create_invoices().action_post()
        self.assertEqual(card.points, 0.0)
        self.assertFalse(program.key_account_tier_ids)

    def check_cancelled(self, program_type, partner):
        program, product = self.make_wallet(program_type)
        card = self.load(program, product, partner)
        order = self.spend(card, partner)
        order.action_confirm()
        order._action_cancel()
        self.assertEqual(card.points, 50.0)

    def test_e_wallet(self):
        for partner in (self.nordwind, self.bergmann):
            self.check_life("ewallet", partner)
            self.check_cancelled("ewallet", partner)

    def test_gift_card(self):
        for partner in (self.nordwind, self.bergmann):
            self.check_life("gift_card", partner)
            self.check_cancelled("gift_card", partner)
