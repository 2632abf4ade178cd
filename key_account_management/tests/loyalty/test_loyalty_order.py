# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestLoyaltyOrder(LoyaltyCommon):
    """Points earned and spent when orders are confirmed, as in Odoo."""

    def test_earns_on_the_company_card_by_a_contact(self):
        self.gold.point_multiplier = 1.5
        order = self.order(1, partner=self.anna)
        self.assertEqual(order.key_account_points, 300)
        self.assertSound(self.card(), 0)
        order.action_confirm()
        self.assertSound(self.card(), 300)
        self.assertFalse(self.card(self.anna))
        entry = self.card().history_ids
        self.assertEqual(entry.key_account_kind, "earn")
        self.assertEqual(entry.key_account_source_name, order.name)
        self.assertEqual(entry.key_account_id, self.account)

    def test_ordinary_customer_earns_nothing(self):
        order = self.order(1, partner=self.bergmann)
        order.action_confirm()
        self.assertFalse(self.card(self.bergmann))
        self.assertFalse(order.coupon_point_ids)

    def test_tier_at_the_date_counts(self):
        self.change_tier(self.account, self.silver)
        order = self.order(1)
        self.assertFalse(order.coupon_point_ids)

    def test_account_limit_and_group_limit(self):
        self.program.key_account_tier_ids = False
        root = self.make_account(self.rheintal)
        self.make_account(self.rheintal_sued)
        self.make_account(self.bergmann)
        self.program.key_account_group_ids = root
        self.assertTrue(self.order(1, partner=self.rheintal_sued).coupon_point_ids)
        self.assertFalse(self.order(1, partner=self.bergmann).coupon_point_ids)
        self.program.key_account_group_ids = False
        self.program.key_account_ids = self.account
        self.assertTrue(self.order(1).coupon_point_ids)
        self.assertFalse(self.order(1, partner=self.rheintal_sued).coupon_point_ids)

    def test_group_balance(self):
        self.program.key_account_tier_ids = False
        root = self.make_account(self.rheintal)
        south = self.make_account(self.rheintal_sued)
        self.assertEqual(south.parent_id, root)
        self.program.write(
            {"key_account_balance_scope": "group", "key_account_group_ids": root.ids}
        )
        self.order(1, partner=self.rheintal_sued).action_confirm()
        card = self.card(self.rheintal)
        self.assertSound(card, 200)
        self.assertEqual(card.history_ids.key_account_id, south)
        self.assertEqual(root.loyalty_points, 200)
        self.assertEqual(south.loyalty_points, 200)
        # The group's other company spends what this one has earned.
        order = self.order(1, partner=self.rheintal)
        self.claim(order)
        order.action_confirm()
        self.assertSound(card, 200 - 100 + 190 + 10)

    def test_spend_and_cancel(self):
        card = self.give(150, day=self.days(-20))
        order = self.order(1)
        self.assertTrue(self.claim(order))
        self.assertEqual(order.amount_total, 190)
        order.action_confirm()
        self.assertEqual(
            self.kinds(card), [("gift", 150), ("earn", 200), ("spend", -100)]
        )
        self.assertSound(card, 250)
        order._action_cancel()
        self.assertSound(card, 150)
        self.assertEqual(self.kinds(card)[3:], [("unspend", 100), ("claw_back", -200)])
        gift = card.history_ids.filtered(lambda e: e.key_account_kind == "gift")
        self.assertEqual(gift.key_account_remaining, 150)
        # Cancelling or confirming twice has no further effect.
        order.action_draft()
        order._update_programs_and_rewards()
        order.action_confirm()
        self.assertSound(card, 350)
        order._action_cancel()
        self.assertSound(card, 150)

    def test_two_orders_one_balance(self):
        card = self.give(100)
        first, second = self.order(1), self.order(1)
        self.program.rule_ids.reward_point_amount = 0.01
        self.claim(first)
        self.claim(second)
        first.action_confirm()
        with self.assertRefused("Nordwind", "Partnerpunkte", "100"):
            second.action_confirm()
        self.assertSound(card)

    def test_two_orders_confirmed_together(self):
        self.give(100)
        self.program.rule_ids.reward_point_amount = 0.01
        orders = self.order(1) | self.order(1)
        for order in orders:
            self.claim(order)
        with self.assertRefused("Nordwind"):
            orders.action_confirm()

    def test_reward_added_and_removed_after_confirmation(self):
        card = self.give(200)
        order = self.order(1)
        order.action_confirm()
        self.assertSound(card, 400)
        order._apply_program_reward(self.reward, card)
        self.assertSound(card, 300)
        self.assertEqual(self.kinds(card)[-1], ("spend", -100))
        order.order_line.filtered("reward_id")._reset_loyalty()
        self.assertSound(card, 400)
        self.assertEqual(self.kinds(card)[-1], ("unspend", 100))

    def test_manual_enrolment(self):
        self.program.key_account_enrolment = "manual"
        self.assertFalse(self.order(1).coupon_point_ids)
        self.program.action_enrol_key_accounts()
        self.assertTrue(self.card())
        self.assertTrue(self.order(1).coupon_point_ids)

    def test_correction_and_protection(self):
        card = self.give(100)
        card.points = 80
        self.assertEqual(self.kinds(card)[-1], ("correction", -20))
        self.assertSound(card, 80)
        with self.assertRefused("never changed"):
            card.history_ids[0].issued = 5
        with self.assertRefused("never changed"):
            card.history_ids.unlink()
        with self.assertRefused("can't be deleted"):
            card.unlink()
        with self.assertRefused("Nordwind"):
            card.points = -5

    def test_core_wizards_book_once(self):
        card = self.give(100)
        wizard = self.env["loyalty.card.update.balance"].create(
            {"card_id": card.id, "new_balance": 130, "description": "Messe"}
        )
        wizard.action_update_card_point()
        self.assertSound(card, 130)
        self.assertEqual(self.kinds(card)[-1], ("gift", 30))
        generate = self.env["loyalty.generate.wizard"].create(
            {
                "program_id": self.program.id,
                "mode": "selected",
                "customer_ids": [Command.set(self.bergmann.ids)],
                "points_granted": 40,
            }
        )
        generate.generate_coupons()
        self.assertSound(self.card(self.bergmann), 40)

    def test_check_reports_and_changes_nothing(self):
        card = self.give(100)
        self.env.flush_all()
        self.assertEqual(card.action_check_ledger()["tag"], "display_notification")
        self.env.cr.execute(
            "UPDATE loyalty_card SET points = 90 WHERE id = %s", (card.id,)
        )
        card.invalidate_recordset()
        action = card.action_check_ledger()
        self.assertEqual(action["domain"], [("id", "in", card.ids)])
        self.assertEqual((card.points, card.key_account_ledger_points), (90, 100))

    def test_core_program_becomes_ours(self):
        program = self.make_program("Alt")
        self.assertFalse(program.key_account_ledger)
        card = self.env["loyalty.card"].create(
            {"program_id": program.id, "partner_id": self.bergmann.id, "points": 70}
        )
        self.env["loyalty.history"].create(
            {"card_id": card.id, "description": "Messe", "issued": 20.0}
        )
        program.key_account_expiry_months = 12
        self.assertTrue(program.key_account_ledger)
        self.assertSound(card, 70)
        self.assertEqual(self.kinds(card), [("gift", 20), ("correction", 50)])

    def test_core_program_stays_core(self):
        self.program.active = False
        program = self.make_program("Standard")
        order = self.order(1, partner=self.anna)
        order.action_confirm()
        card = self.card(self.anna, program)
        self.assertEqual(card.points, 200)
        self.assertEqual(card.history_ids.mapped("issued"), [200])
        order._action_cancel()
        self.assertEqual(card.points, 0)
        self.assertFalse(card.history_ids)

    def test_settings_for_other_programs_refused(self):
        with self.assertRefused("Loyalty Cards", exception=UserError):
            self.env["loyalty.program"].create(
                {
                    "name": "Aktion",
                    "program_type": "promotion",
                    "accrual_moment": "invoice_paid",
                }
            )
