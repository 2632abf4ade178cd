# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta

from odoo.tests import freeze_time, tagged

from ..common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestTierEngine(KeyAccountCommon):
    """Figures make proposals; users decide."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The tiers that all companies share would take part, too.
        cls.env["key.account.tier"].search([("company_id", "=", False)]).active = False
        cls.gold.write({"min_revenue": 10000.0, "keep_revenue": 8000.0})
        cls.gold.grace_days = 30
        cls.silver.write({"min_revenue": 2000.0, "grace_days": 0})
        cls.shop = cls.make_account(cls.rheintal)

    def invoice(self, amount):
        self.make_invoice(self.rheintal, amount)
        self.shop.action_refresh_figures()

    def test_promotion_beyond_the_managers_competence_waits(self):
        """A promotion to Gold is proposed once and waits for a director."""
        self.invoice(12000.0)
        self.shop._propose_tiers()
        self.assertFalse(self.shop.tier_id)
        change = self.shop.pending_tier_change_id
        self.assertEqual(change.to_tier_id, self.gold)
        self.assertTrue(change.automatic)
        self.assertIn("12,000.00", change.reason)
        self.assertTrue(self.shop.activity_ids)
        self.shop._propose_tiers()
        self.assertEqual(len(self.shop.tier_change_ids), 1)
        self.as_user(self.director, change).action_approve()
        self.assertEqual(self.shop.tier_id, self.gold)

    def test_promotion_within_competence_at_once(self):
        """A promotion that the account manager can approve takes effect at once."""
        self.silver.approval_level = "user"
        self.invoice(2500.0)
        self.shop._propose_tiers()
        self.assertEqual(self.shop.tier_id, self.silver)
        self.assertEqual(self.shop.activity_ids.user_id, self.kam)

    def test_between_keep_and_entry_nothing_happens(self):
        """Revenue of 9,000 isn't enough to enter Gold, but enough to stay."""
        self.change_tier(self.shop, self.gold)
        self.invoice(9000.0)
        self.assertFalse(self.shop._evaluate_tiers())

    def test_demotion_only_after_the_days_of_grace(self):
        """A demotion is proposed only after the days of grace."""
        self.change_tier(self.shop, self.gold)
        self.invoice(3000.0)
        self.shop._propose_tiers()
        self.assertEqual(self.shop.below_tier_since, self.today)
        self.assertFalse(self.shop.pending_tier_change_id)
        self.assertEqual(self.shop.demotion_date, self.today + timedelta(days=30))
        later = self.today + timedelta(days=30)
        (move,) = self.shop._evaluate_tiers(later)
        self.assertEqual((move.kind, move.tier), ("demotion", self.silver))

    def test_recovery_stops_the_clock(self):
        """Recovering above the threshold resets the days of grace."""
        self.change_tier(self.shop, self.gold)
        self.invoice(3000.0)
        self.shop._propose_tiers()
        self.invoice(6000.0)
        self.shop._propose_tiers()
        self.assertFalse(self.shop.below_tier_since)

    def test_locked_tier_is_left_alone_and_says_so(self):
        """A locked tier needs a reason, and the evaluation leaves it unchanged."""
        with self.assertRefused("reason for locking the tier"):
            self.shop.tier_locked_until = self.today
        self.shop.write(
            {"tier_locked_until": self.today, "tier_lock_reason": "Übernahme"}
        )
        self.invoice(12000.0)
        self.assertEqual(self.shop._evaluate_tiers()[0].kind, "locked")
        self.shop._propose_tiers()
        self.assertFalse(self.shop.tier_change_ids)

    def test_overlapping_thresholds_are_refused(self):
        """Thresholds that would leave a lower tier empty are refused."""
        with self.assertRefused("overlap", self.silver.name, self.gold.name):
            self.silver.min_revenue = 10000.0

    def test_staying_must_not_be_harder_than_entering(self):
        """Staying in a tier can't be harder than entering it."""
        with self.assertRefused(f"to stay in {self.gold.name}"):
            self.gold.keep_revenue = 20000.0

    def test_dry_run_changes_nothing_and_exports(self):
        """The dry run shows new price list and credit limit without changing them."""
        self.invoice(12000.0)
        wizard = self.as_user(self.director)["key.account.tier.dry.run"].create({})
        wizard.action_judge()
        line = wizard.line_ids.filtered(lambda row: row.account_id == self.shop)
        self.assertEqual(line.kind, "promotion")
        self.assertEqual(line.new_pricelist_id, self.gold_list)
        self.assertEqual(line.new_credit_limit, self.gold.credit_limit)
        self.assertFalse(self.shop.tier_change_ids)
        self.assertIn("download=true", wizard.action_export()["url"])
        self.assertTrue(wizard.xlsx_file)

    def test_grace_runs_in_days_of_the_company(self):
        """The days of grace follow the company's time zone, not the user's."""
        self.env.company.resource_calendar_id.tz = "Pacific/Auckland"
        tomorrow = self.today + timedelta(days=1)
        self.change_tier(self.shop, self.gold)
        self.invoice(3000.0)
        with freeze_time(f"{self.today} 23:30:00"):
            self.shop.with_context(tz="UTC")._propose_tiers()
            self.assertEqual(self.shop.below_tier_since, tomorrow)
        with freeze_time(f"{self.today + timedelta(days=30)} 10:00:00"):
            self.assertEqual(self.shop._evaluate_tiers()[0].kind, "below")
        with freeze_time(f"{self.today + timedelta(days=30)} 23:30:00"):
            self.assertEqual(self.shop._evaluate_tiers()[0].kind, "demotion")
            self.change_tier(self.shop, self.silver)
            change = self.shop.tier_change_ids[0]
            self.assertEqual(change.effective_date, tomorrow + timedelta(days=30))
