# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tests import tagged
from odoo.tests.common import BaseCase

from ...models.day.day_rules import damped, score, tier_weight, urgency


@tagged("post_install", "-at_install")
class TestDayRules(BaseCase):
    """What comes first: the nearer deadline, the higher value, the better tier."""

    def test_urgency_rises_to_the_deadline_and_past_it(self):
        days = [60, 14, 7, 1, 0, -1, -14, -28]
        found = [urgency(each) for each in days]
        self.assertEqual(found, sorted(found))
        self.assertEqual(urgency(0), 1)
        self.assertEqual(urgency(7), 0.5)
        self.assertEqual(urgency(-14), 2)

    def test_what_is_years_late_fills_no_page(self):
        self.assertEqual(urgency(-28), urgency(-3000))

    def test_without_a_deadline(self):
        self.assertLess(urgency(None), urgency(0))
        self.assertGreater(urgency(None), urgency(30))

    def test_value_is_damped(self):
        """A hundred times the value counts less than three times as much."""
        self.assertEqual(damped(0), 1)
        self.assertEqual(damped(-500), 1)
        self.assertLess(damped(1_000_000) / damped(10_000), 3)

    def test_tier(self):
        self.assertEqual(
            [tier_weight(rank, 4) for rank in (0, 1, 2, 3, None)],
            [2, 1.75, 1.5, 1.25, 1],
        )

    def test_rank_is_the_product(self):
        found = score(-14, 99_000, 0, 2)
        self.assertEqual(found.total, 2 * damped(99_000) * 2)
