# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tests import BaseCase, tagged

from ...models.terms.approval_rules import is_worse, worsened


@tagged("post_install", "-at_install")
class TestApprovalRules(BaseCase):
    """Which changes of terms cost the company something."""

    def test_direction(self):
        """A higher discount or a lower price is worse; so is any other price list."""
        for old, new, direction, worse in (
            (10, 12, "higher", True),
            (10, 8, "higher", False),
            (10, 8, "lower", True),
            (10, 12, "lower", False),
            (10, 10, "any", False),
            (7, 9, "any", True),
            (9, 7, "any", True),
            (None, 7, "any", True),
        ):
            self.assertEqual(is_worse(old, new, direction), worse)

    def test_without_limit_is_the_worst(self):
        """No limit is worse than any limit, in either direction."""
        for direction in ("higher", "lower"):
            self.assertTrue(is_worse("2026-12-31", None, direction))
            self.assertFalse(is_worse(None, "2026-12-31", direction))

    def test_terms_that_come_and_go(self):
        """New terms count as worse; removed ones don't."""
        old = {"a": ["A", 1, "higher"], "b": ["B", 2, "lower"], "c": ["C", 3, "any"]}
        new = {"a": ["A", 5, "higher"], "b": ["B", 2, "lower"], "d": ["D", 4, "lower"]}
        self.assertEqual(worsened(old, new), [("A", 1, 5), ("D", None, 4)])

    def test_values_as_text(self):
        """A reader sees names instead of ids, also beside older terms without."""
        new = {"list": ["List", 9, "any", "Frühjahr"]}
        self.assertEqual(
            worsened({"list": ["List", 7, "any", "Herbst"]}, new),
            [("List", "Herbst", "Frühjahr")],
        )
        self.assertEqual(
            worsened({"list": ["List", 7, "any"]}, new), [("List", 7, "Frühjahr")]
        )
