# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tests import BaseCase, tagged

from ...models.tier import tier_rules

#: Enter with 100 and within 30 days, stay with 80 and within 45 days.
GOLD = {"revenue_12m": (100, 80), "days_to_pay": (30, 45)}
SILVER = {"revenue_12m": (50, 0), "days_to_pay": (0, 0)}
OPEN = {"revenue_12m": (0, 0), "days_to_pay": (0, 0)}


@tagged("post_install", "-at_install")
class TestTierRules(BaseCase):
    """Which tier a customer's figures earn."""

    def test_figures_where_lower_is_better(self):
        """Fewer days to pay are better, for entering and for staying."""
        figures = {"revenue_12m": 100, "days_to_pay": 40}
        self.assertFalse(tier_rules.meets(figures, tier_rules.entry_thresholds(GOLD)))
        self.assertTrue(tier_rules.meets(figures, tier_rules.keep_thresholds(GOLD)))
        figures["days_to_pay"] = 30
        self.assertTrue(tier_rules.meets(figures, tier_rules.entry_thresholds(GOLD)))

    def test_no_data(self):
        """No data earns no tier, and takes none away."""
        figures = {"revenue_12m": 100, "days_to_pay": None}
        entry = tier_rules.entry_thresholds(GOLD)
        self.assertFalse(tier_rules.meets(figures, entry))
        keep = tier_rules.keep_thresholds(GOLD)
        self.assertTrue(tier_rules.meets(figures, keep, unknown=True))
        ladder = [("gold", GOLD), ("silver", SILVER)]
        self.assertEqual(tier_rules.earned_tier(figures, ladder), "silver")

    def test_the_highest_tier_is_earned(self):
        """The highest possible tier is earned; one without criteria never is."""
        ladder = [("gold", GOLD), ("silver", SILVER), ("open", OPEN)]
        for revenue, days, tier in (
            (100, 30, "gold"),
            (100, 31, "silver"),
            (99, 0, "silver"),
            (50, 99, "silver"),
            (49, 0, None),
        ):
            figures = {"revenue_12m": revenue, "days_to_pay": days}
            self.assertEqual(tier_rules.earned_tier(figures, ladder), tier)

    def test_demotion_ends_where_the_figures_are_enough(self):
        """A demotion ends at the first tier whose criteria are met or empty."""
        for revenue, tier in ((50, "silver"), (49, "open")):
            figures = {"revenue_12m": revenue, "days_to_pay": 0}
            ladder = [("silver", SILVER), ("open", OPEN)]
            self.assertEqual(tier_rules.tier_after_demotion(figures, ladder), tier)
            ladder.pop()
            lowest = tier if tier == "silver" else None
            self.assertEqual(tier_rules.tier_after_demotion(figures, ladder), lowest)

    def test_tiers_shadowed_by_a_higher_one(self):
        """A tier is shadowed only if a higher one is no harder in any criterion."""
        self.assertFalse(tier_rules.shadows(GOLD, SILVER))
        self.assertFalse(tier_rules.shadows(OPEN, SILVER))
        self.assertTrue(tier_rules.shadows(SILVER, SILVER))
        self.assertTrue(tier_rules.shadows(SILVER, GOLD))
        thin = {"revenue_12m": (200, 0), "margin_rate": (5, 0)}
        rich = {"revenue_12m": (100, 0), "margin_rate": (30, 0)}
        self.assertFalse(tier_rules.shadows(thin, rich))
