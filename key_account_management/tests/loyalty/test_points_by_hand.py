# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestPointsByHand(LoyaltyCommon):
    """Points are money: who gives and takes them, and whose they are."""

    def test_roles(self):
        """Each role gives what it gives of money, clerks give nothing."""
        card = self.give(100)
        self.program.key_account_settlement_value = 0.5
        for user, points in ((self.clerk, 1), (self.kam, 1001), (self.all_user, 10001)):
            mine = self.as_user(user, card)
            with self.assertRefused("Points are money", exception=AccessError):
                mine.points += points
            with self.assertRefused("Points are money", exception=AccessError):
                mine.env["loyalty.history"].create(
                    {"card_id": card.id, "description": "Messe", "issued": points}
                )
            wizard = mine.env["loyalty.card.update.balance"].create(
                {
                    "card_id": card.id,
                    "new_balance": card.points + points,
                    "description": "Messe",
                }
            )
            with self.assertRefused("Points are money", exception=AccessError):
                wizard.action_update_card_point()
        self.assertSound(card, 100)
        self.as_user(self.kam, card).points += 600
        # Twice the half is the whole.
        with self.assertRefused("Points are money", exception=AccessError):
            self.as_user(self.kam, card).points += 600
        self.as_user(self.director, card).points += 50000
        self.assertSound(card, 50700)

    def test_holder(self):
        """Whose the points are, and for how long, goes by their worth."""
        card = self.give(100)
        mine = self.as_user(self.clerk, card)
        for values in (
            {"partner_id": self.bergmann.id},
            {"active": False},
            {"expiration_date": self.today},
        ):
            with self.assertRaises(AccessError):
                mine.write(values)
        other = self.make_program("Anderes", key_account_tier_ids=self.gold)
        with self.assertRefused("stays in its program"):
            self.as_user(self.director, card).program_id = other.id
        self.as_user(self.kam, card).partner_id = self.bergmann.id
        self.assertEqual(card.partner_id, self.bergmann)
        with self.assertRaises(AccessError):
            self.env["loyalty.card"].with_user(self.sales_manager()).create(
                {"program_id": self.program.id, "points": 5.0}
            )

    def sales_manager(self):
        self.clerk.group_ids += self.env.ref("sales_team.group_sale_manager")
        return self.clerk

    def test_typed_spending(self):
        """Points that a client writes on a line neither mint nor spend."""
        card = self.give(500)
        foreign = self.give(500, partner=self.bergmann)
        order = self.as_user(self.clerk, self.order(1))
        line = {"product_id": self.gloves.id, "reward_id": self.reward.id}
        for spent, cost in ((card, -1000.0), (foreign, 100.0), (card, 1.0)):
            values = {**line, "coupon_id": spent.id, "points_cost": cost}
            with self.assertRefused("choosing a reward", exception=AccessError):
                order.order_line = [Command.create(values)]
        context = {f"default_{name}": value for name, value in values.items()}
        added = order.order_line.with_context(**context).create(
            {"order_id": order.id, "product_id": self.gloves.id, "name": "Handschuhe"}
        )
        self.assertFalse(added.coupon_id or added.reward_id or added.points_cost)
        added.unlink()
        self.claim(order)
        reward = order.order_line.filtered("reward_id")
        for values in (
            {"points_cost": 0.0},
            {"coupon_id": foreign.id},
            {"coupon_id": False},
        ):
            with self.assertRefused("choosing a reward", exception=AccessError):
                reward.write(values)
        copied = order.copy()
        self.assertFalse(copied.order_line.filtered("reward_id"))
        order.action_confirm()
        self.assertSound(card, 400 + round(order.key_account_points, 2))
        self.assertSound(foreign, 500)

    def test_cards_of_others(self):
        """A reward is paid by the customer's own card alone."""
        foreign = self.give(500, partner=self.bergmann)
        order = self.as_user(self.clerk, self.order(1))
        with self.assertRefused("aren't those of"):
            order._apply_program_reward(self.reward, foreign)
        self.give(500)
        self.claim(order)
        order.partner_id = self.make_customer("Dritte GmbH")
        with self.assertRaises(UserError):
            order.state = "sale"

    def test_confirmed_by_the_state(self):
        """An order that is confirmed by writing its state pays its rewards, too."""
        card = self.give(500)
        order = self.as_user(self.clerk, self.order(1))
        self.claim(order)
        order.state = "sale"
        self.assertSound(card, 400 + round(order.key_account_points, 2))

    def test_typed_earnings(self):
        """What an order earns is counted: no client notes it."""
        card = self.give(100)
        order = self.as_user(self.sales_manager(), self.order(1))
        points = order.key_account_points
        other = self.give(5, partner=self.bergmann)
        values = {"order_id": order.id, "coupon_id": other.id, "points": 9000.0}
        with self.assertRefused("can't be entered", exception=AccessError):
            order.env["sale.order.coupon.points"].create(values)
        with self.assertRefused("can't be entered", exception=AccessError):
            order.coupon_point_ids.points = 9000.0
        with self.assertRefused("can't be entered", exception=AccessError):
            order.coupon_point_ids = [Command.create(values)]
        order.state = "sale"
        self.assertSound(card, 100 + points)
