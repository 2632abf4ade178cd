# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import date
from random import Random

from odoo.tests import BaseCase, tagged

from ...models.loyalty import points_rules as rules
from ...models.loyalty.points_rules import WHOLE, Lot


@tagged("post_install", "-at_install")
class TestPointsRules(BaseCase):
    """The arithmetic of points, tested without a database."""

    def random_lots(self, rng):
        return [
            Lot(
                number,
                date(2026, rng.randint(1, 12), rng.randint(1, 28)),
                rng.choice([None, date(2027, rng.randint(1, 12), 1)]),
                rng.randint(1, 99999) / 100,
            )
            for number in range(rng.randint(0, 8))
        ]

    def test_consume_oldest_first(self):
        lots = [
            Lot(1, date(2026, 1, 1), date(2027, 1, 1), 30),
            Lot(2, date(2026, 2, 1), date(2027, 2, 1), 50),
            Lot(3, date(2025, 1, 1), None, 10),
        ]
        self.assertEqual(rules.consume(lots, 60), ({1: 30, 2: 30}, 0))
        self.assertEqual(rules.consume(lots, 100), ({1: 30, 2: 50, 3: 10}, 10))
        self.assertEqual(rules.consume(lots, 20, first=[2]), ({2: 20}, 0))

    def test_consume_loses_nothing(self):
        rng = Random(1)
        for _round in range(500):
            lots = self.random_lots(rng)
            points = rng.randint(1, 200000) / 100
            taken, uncovered = rules.consume(lots, points)
            self.assertAlmostEqual(sum(taken.values()) + uncovered, points, 6)
            left = {lot.id: lot.left for lot in lots}
            self.assertTrue(all(0 < taken[key] <= left[key] for key in taken))
            if uncovered:
                self.assertEqual(taken, left)
            # Newer lots are untouched while an older one has points left.
            order = [lot.id for lot in rules.oldest_first(lots)]
            touched = [key for key in order if key in taken]
            self.assertEqual(touched, order[: len(touched)])
            self.assertTrue(all(taken[key] == left[key] for key in touched[:-1]))

    def test_restore_is_the_inverse(self):
        rng = Random(2)
        for _round in range(500):
            lots = self.random_lots(rng)
            taken, _uncovered = rules.consume(lots, rng.randint(1, 100000) / 100)
            allocations = list(taken.items())
            back = {}
            # In parts, and never more than was taken.
            while parts := rules.restore(
                allocations, max(rng.randint(1, 30000) / 100, 0.01)
            ):
                for key, points in parts.items():
                    back[key] = round(back.get(key, 0) + points, 2)
                    allocations.append((key, -points))
            self.assertEqual(back, taken)

    def test_settle_debts_balances(self):
        rng = Random(3)
        for _round in range(500):
            lots = self.random_lots(rng)
            debts = [
                (100 + number, rng.randint(1, 50000) / 100)
                for number in range(rng.randint(0, 4))
            ]
            changes = rules.settle_debts(lots, debts)
            from_lots = sum(points for key, points in changes.items() if key < 100)
            of_debts = sum(points for key, points in changes.items() if key >= 100)
            self.assertAlmostEqual(from_lots, of_debts, 6)
            expected = min(
                sum(lot.left for lot in lots), sum(points for _key, points in debts)
            )
            self.assertAlmostEqual(from_lots, expected, 6)

    def test_expiry(self):
        self.assertEqual(rules.expiry_date(date(2026, 1, 31), 1), date(2026, 2, 28))
        self.assertIsNone(rules.expiry_date(date(2026, 1, 31), 0))
        lots = [
            Lot(1, date(2026, 1, 1), date(2026, 6, 30), 5),
            Lot(2, date(2026, 1, 1), None, 5),
        ]
        self.assertFalse(rules.expired(lots, date(2026, 6, 30)))
        self.assertEqual(rules.expired(lots, date(2026, 7, 1)), lots[:1])

    def test_due_after_lapses(self):
        """Lapsed points make up for later credits, never for earlier ones."""
        due = rules.due_after_lapses
        self.assertEqual(due(40, []), 40)
        # 30 lapsed, then 40 are credited; then all 64.
        self.assertEqual([due(each, [(0, 30)]) for each in (20, 40, 64)], [0, 10, 34])
        # 44 are taken back, then all lapses: nothing comes back, nothing more goes.
        self.assertEqual([due(each, [(44, 64)]) for each in (20, 44, 64)], [20, 44, 44])
        self.assertEqual(
            [due(each, [(0, 10), (30, 24)]) for each in (20, 40)], [10, 30]
        )

    def test_points_left(self):
        points = {"1": 80.0, "2": 20.0, WHOLE: 10.0}
        amounts = {"1": 400.0, "2": 100.0, "3": 500.0}
        left = rules.points_left
        self.assertEqual(left(points, amounts, {}), 110)
        # The third product earned nothing; returning it only reduces the total.
        self.assertEqual(left(points, amounts, {"3": 500}), 105)
        self.assertEqual(left(points, amounts, {"1": 100}), 60 + 20 + 9)
        # A credit for no product in particular is spread over everything.
        self.assertEqual(left(points, amounts, {"9": 250}), 82.5)
        self.assertEqual(left(points, amounts, amounts), 0)
        self.assertEqual(left(points, amounts, {"1": 9999}), 20)

    def test_many_small_credits_end_at_zero(self):
        rng = Random(4)
        for _round in range(200):
            amounts = {str(key): rng.randint(1, 99999) / 100 for key in range(3)}
            points = {key: rng.randint(1, 99999) / 100 for key in amounts}
            credited = {}
            last = rules.points_left(points, amounts, credited)
            for key, amount in amounts.items():
                half = round(amount / 3, 2)
                for part in (half, half, amount - 2 * half):
                    credited[key] = credited.get(key, 0) + part
                    now = rules.points_left(points, amounts, credited)
                    self.assertLessEqual(now, last)
                    last = now
            self.assertEqual(last, 0)

    def test_deserved(self):
        paid = "invoice_paid"
        self.assertEqual(rules.deserved(100, 0.5, paid, False), 0)
        self.assertEqual(rules.deserved(100, 1, paid, False), 100)
        self.assertEqual(rules.deserved(100, 0.5, paid, True), 50)
        self.assertEqual(rules.deserved(100, 0, "invoice_posted", False), 100)

    def test_spread(self):
        self.assertEqual(
            rules.spread([("b", 30.0), ("a", 50.0)], 60.0), ({"b": 30, "a": 30}, 0)
        )
        self.assertEqual(rules.spread([("a", 5.0)], 8.0), ({"a": 5}, 3))
