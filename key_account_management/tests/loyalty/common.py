# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import Command, fields

from ..common import KeyAccountCommon


class LoyaltyCommon(KeyAccountCommon):
    """Nordwind (Gold) in a program: one point per euro, ten points worth one euro."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["loyalty.program"].search([]).active = False
        cls.gold.point_multiplier = 1.0
        cls.gold.pricelist_id = False
        cls.silver.pricelist_id = False
        cls.program = cls.make_program("Partnerpunkte", key_account_tier_ids=cls.gold)
        cls.reward = cls.program.reward_ids

    @classmethod
    def make_program(cls, name, **values):
        """Make a program with 1 point per euro, where 100 points are worth 10 euros."""
        tiers = values.pop("key_account_tier_ids", None)
        return cls.env["loyalty.program"].create(
            {
                "name": name,
                "program_type": "loyalty",
                "applies_on": "both",
                "trigger": "auto",
                "portal_visible": True,
                "portal_point_name": "Punkte",
                "rule_ids": [
                    Command.clear(),
                    Command.create(
                        {"reward_point_mode": "money", "reward_point_amount": 1}
                    ),
                ],
                "reward_ids": [
                    Command.clear(),
                    Command.create(
                        {
                            "reward_type": "discount",
                            "discount_mode": "per_order",
                            "discount": 10,
                            "discount_applicability": "order",
                            "required_points": 100,
                        }
                    ),
                ],
                "key_account_tier_ids": tiers and [Command.set(tiers.ids)],
                **values,
            }
        )

    @classmethod
    def card(cls, partner=None, program=None):
        """Return a customer's card in a program."""
        return cls.env["loyalty.card"].search(
            [
                ("partner_id", "=", (partner or cls.nordwind).id),
                ("program_id", "=", (program or cls.program).id),
            ]
        )

    @classmethod
    def give(cls, points, kind="gift", partner=None, program=None, day=None, **values):
        """Add points to a card, or to a new card if there is none."""
        program = program or cls.program
        partner = partner or cls.nordwind
        card = cls.card(partner, program) or program._make_cards(partner)
        card._book(points, kind, key_account_date=day, **values)
        return card

    def claim(self, order):
        """Claim the reward for points on an order."""
        order._update_programs_and_rewards()
        claimable = order._get_claimable_rewards()
        for card, rewards in claimable.items():
            if self.reward in rewards:
                order._apply_program_reward(self.reward, card)
                order._update_programs_and_rewards()
                return card
        return self.env["loyalty.card"]

    def order(self, *quantities, partner=None, **values):
        """Write a quotation and calculate its points."""
        order = self.make_order(partner or self.nordwind, *quantities, **values)
        order._update_programs_and_rewards()
        return order

    def pay(self, invoice, amount=None):
        """Register a payment through Odoo's wizard."""
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"payment_date": self.today})
        )
        if amount is not None:
            wizard.amount = amount
        return wizard._create_payments()

    def credit(self, invoice, share=1.0):
        """Credit part of an invoice by reversing it."""
        refund = invoice._reverse_moves(
            [{"invoice_date": self.today, "ref": "Rückgabe"}]
        )
        for line in refund.invoice_line_ids:
            line.quantity *= share
        refund.action_post()
        return refund

    def kinds(self, card):
        """Return the ledger as a list of (kind, points), the oldest first."""
        self.env.flush_all()
        return [
            (entry.key_account_kind, entry.key_account_points)
            for entry in card.history_ids.sorted("id")
        ]

    def assertSound(self, card, balance=None):
        """Check that the balance equals ledger, remaining points and expectation."""
        self.env.flush_all()
        card.invalidate_recordset()
        entries = self.env["loyalty.history"].search([("card_id", "in", card.ids)])
        remaining = entries.mapped("key_account_remaining")
        self.assertAlmostEqual(
            card.points, sum(entries.mapped("key_account_points")), 2
        )
        self.assertAlmostEqual(card.points, sum(remaining), 2)
        self.assertFalse(
            any(points > 0 for points in remaining)
            and any(points < 0 for points in remaining),
            "points and debts side by side",
        )
        if balance is not None:
            self.assertAlmostEqual(card.points, balance, 2)
        self.assertNotIn(card, card._find_ledger_differences())

    def days(self, number):
        """Return the date this number of days from today."""
        return fields.Date.add(self.today, days=number)
