# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestOrderDoors(KeyAccountCommon):
    """Ways round the floor and the credit limit that lead through other records."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.key_account_order_check = "block"
        cls.env.company.key_account_margin_floor = 20.0
        cls.gold.credit_limit = 1000.0
        cls.program = cls.env["loyalty.program"].create(
            {
                "name": "Zugabe",
                "program_type": "promotion",
                "applies_on": "current",
                "trigger": "auto",
                "rule_ids": [Command.clear(), Command.create({"minimum_qty": 2})],
                "reward_ids": [
                    Command.clear(),
                    Command.create(
                        {
                            "reward_type": "product",
                            "reward_product_id": cls.gloves.id,
                            "required_points": 1,
                        }
                    ),
                ],
            }
        )
        cls.reward = cls.program.reward_ids

    def order_of(self, partner, *quantities):
        return self.as_user(self.clerk, self.make_order(partner, *quantities))

    def test_typed_reward(self):
        """A reward that a user types is a gift like any other."""
        order = self.order_of(self.nordwind, 1)
        order.order_line = [
            Command.create(
                {
                    "product_id": self.gloves.id,
                    "name": "Handschuhe gratis",
                    "product_uom_qty": 50,
                    "price_unit": 0.0,
                    "technical_price_unit": 1.0,
                    "reward_id": self.reward.id,
                }
            )
        ]
        self.assertTrue(order.key_account_is_held)
        with self.assertRefused("given away"):
            order.action_confirm()
        # Neither does the reward on a line that was there already.
        order.order_line[1].unlink()
        order.order_line.write({"reward_id": self.reward.id, "price_unit": 1.0})
        self.assertTrue(order.key_account_is_held)

    def test_reward_of_the_program(self):
        """What the program gives is no one's to release, until a user changes it."""
        order = self.order_of(self.nordwind, 2)
        order._update_programs_and_rewards()
        order._apply_program_reward(self.reward, order.coupon_point_ids.coupon_id)
        gift = order.order_line.filtered("reward_id")
        self.assertEqual(gift.product_id, self.gloves)
        self.assertTrue(gift.key_account_is_reward)
        self.assertFalse(order.key_account_is_held)
        gift.product_uom_qty = 50.0
        self.assertTrue(order.key_account_is_held)
        order._update_programs_and_rewards()
        self.assertFalse(order.key_account_is_held)
        order.action_confirm()
        with self.assertRefused("can't be changed"):
            order.order_line.filtered("reward_id").product_uom_qty = 50.0

    def test_customer_changed_afterwards(self):
        """An order that was confirmed for somebody else is judged for this customer."""
        order = self.order_of(self.bergmann, 90)
        order.action_confirm()
        with self.assertRefused("credit limit"):
            order.partner_id = self.nordwind.id
        small = self.order_of(self.bergmann, 1)
        small.action_confirm()
        small.partner_id = self.nordwind.id
        self.assertEqual(small.sudo().key_account_id, self.account)

    def test_contact_moved_afterwards(self):
        """The orders of a contact that moves to a key account are judged."""
        contact = self.env["res.partner"].create({"name": "Jan Vogel"})
        order = self.order_of(contact, 90)
        order.action_confirm()
        with self.assertRefused("credit limit"):
            self.as_user(self.clerk, contact).parent_id = self.nordwind.id
        self.as_user(self.director, contact).parent_id = self.nordwind.id
        self.assertEqual(order.sudo().key_account_id, self.account)
        self.assertEqual(order.sudo().key_account_release_user_id, self.director)

    def test_delivered_beyond_the_order(self):
        """What is delivered counts where it is more than what was ordered."""
        self.drill.invoice_policy = "delivery"
        order = self.order_of(self.nordwind, 1)
        line = order.order_line
        line.product_uom_qty = 0.0
        order.action_confirm()
        with self.assertRefused("credit limit"):
            line.qty_delivered = 500.0
        line.qty_delivered = 2.0
        self.env.flush_all()
        self.account.invalidate_recordset()
        self.assertAlmostEqual(order._get_key_account_amount(), 360.0)
        amounts = self.account._get_open_amounts(self.env.company, self.today)
        amounts = amounts[self.account.id]
        self.assertAlmostEqual(amounts.exposure, 360.0)
        with self.assertRefused("below the floor"):
            line.write({"price_unit": 121.0, "qty_delivered": 3.0})

    def test_line_from_another_order(self):
        """A line that moves to a confirmed order is judged there."""
        order = self.order_of(self.nordwind, 1)
        order.action_confirm()
        for confirmed in (True, False):
            other = self.order_of(self.bergmann, 1)
            other.order_line.price_unit = 1.0
            if confirmed:
                other.action_confirm()
            with self.assertRefused("can't be changed"):
                other.order_line.order_id = order.id

    def test_ended_in_between(self):
        """An account that was ended or archived is taken up again by a director."""
        mine = self.as_user(self.kam, self.account)
        for values, back in (
            ({"state": "ended"}, {"state": "candidate"}),
            ({"active": False}, {"active": True}),
        ):
            mine.write(values)
            with self.assertRefused("activate it again", exception=AccessError):
                mine.write(back)
            self.as_user(self.director, self.account).write(back)
        mine.action_end()
        with self.assertRaises(AccessError):
            mine.action_activate()

    def test_floor_of_another_accounts_list(self):
        """A lower floor is for the accounts that get the list by their terms."""
        special = self.make_pricelist(
            "Bergmann", 10, key_account_only=True, key_account_margin_floor=1.0
        )
        order = self.order_of(self.nordwind, 1)
        order.pricelist_id = special.id
        order.order_line.price_unit = 122.0
        self.assertTrue(order.key_account_is_held)
        self.account.pricelist_id = special
        order.order_line.invalidate_recordset()
        order.order_line.price_unit = 123.0
        self.assertFalse(order.key_account_is_held)

    def test_floor_of_a_list_takes_a_role(self):
        """A list below the company's floor is for those who could release it."""
        special = self.make_pricelist("Klein", 1, key_account_only=True)
        mine = self.as_user(self.kam, special)
        mine.name = "Kleiner"
        for floor, roles in ((25, 3), (20, 3), (16, 2), (5, 1)):
            special.key_account_margin_floor = floor
            self.assertEqual(len(special._decision_groups()), roles)
        mine.key_account_margin_floor = 1.0
        self.assertEqual(special.key_account_approval_state, "draft")
