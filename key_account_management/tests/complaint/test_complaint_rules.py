# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import datetime, timedelta

from odoo.tests import BaseCase, tagged

from ...models.complaint import complaint_rules as rules

DAY = datetime(2026, 3, 2)


def at(hour):
    return DAY + timedelta(hours=hour)


@tagged("post_install", "-at_install")
class TestComplaintRules(BaseCase):
    """The arithmetic of deadlines and credits."""

    def test_target(self):
        """Critical complaints get half the time."""
        self.assertEqual(rules.target_hours(4, "major"), 4.0)
        self.assertEqual(rules.target_hours(4, "critical"), 2.0)
        with self.assertRaises(ValueError):
            rules.target_hours(-1, "minor")

    def test_outcome(self):
        """Exactly at the deadline is on time; so is a paused clock."""
        self.assertEqual(rules.outcome(at(9), at(9)), "met")
        self.assertEqual(rules.outcome(at(9), at(10)), "missed")
        self.assertEqual(rules.outcome(None, at(10)), "met")

    def test_escalation_levels(self):
        """The team lead is told at the deadline, a director later."""
        self.assertEqual(rules.escalation_levels(at(9), None, None), [])
        self.assertEqual(rules.escalation_levels(at(8), at(9), at(10)), [])
        self.assertEqual(rules.escalation_levels(at(9), at(9), at(10)), [1])
        self.assertEqual(rules.escalation_levels(at(10), at(9), at(10)), [1, 2])

    def test_left_to_credit(self):
        """Credit lines without a link are spread over lines of the same kind."""
        left = rules.left_to_credit(
            [(1, "a", 10), (2, "a", 5), (3, "b", 2)],
            [(1, "a", 4), (None, "a", 8), (None, "b", 9)],
        )
        self.assertEqual(left, {1: 0.0, 2: 3.0, 3: 0.0})
