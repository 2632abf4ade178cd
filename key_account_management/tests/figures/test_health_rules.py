# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import random

from odoo.tests import BaseCase, tagged

from ...models.figures import health_rules as rules


@tagged("post_install", "-at_install")
class TestHealthRules(BaseCase):
    """The arithmetic of the health score."""

    def test_component_score_works_both_ways(self):
        """More margin scores better; more days to pay score worse."""
        self.assertEqual(rules.component_score(15, 0, 30), 50)
        self.assertEqual(rules.component_score(90, 90, 20), 0)
        self.assertEqual(rules.component_score(10, 90, 20), 100)

    def test_component_score_stays_between_0_and_100(self):
        """The score stays between 0 and 100, and better figures never score less."""
        source = random.Random(5)
        for _step in range(500):
            worst, best, one, two = (source.uniform(-1e6, 1e6) for _ in range(4))
            scores = [rules.component_score(raw, worst, best) for raw in (one, two)]
            self.assertTrue(all(0 <= score <= 100 for score in scores))
            if (one < two) == (worst < best):
                self.assertLessEqual(*scores)

    def test_worst_is_not_best(self):
        """Equal values for best and worst are an error."""
        with self.assertRaises(ValueError):
            rules.component_score(1, 5, 5)

    def test_total_is_the_weighted_mean(self):
        """A weight of zero doesn't count; weights that add up to zero are an error."""
        self.assertEqual(rules.total_score([(100, 1), (40, 2), (7, 0)]), 60)
        with self.assertRaises(ValueError):
            rules.total_score([(50, 0)])
        with self.assertRaises(ValueError):
            rules.total_score([])
