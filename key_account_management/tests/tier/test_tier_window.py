# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, freeze_time, tagged
from odoo.tools.date_utils import get_fiscal_year, get_quarter

from ...models.tier.tier_window import periods
from ..common import KeyAccountCommon


class TestPeriods(BaseCase):
    def test_the_one_that_runs_and_the_one_before(self):
        self.assertEqual(
            periods(get_fiscal_year, date(2026, 3, 5)),
            [
                (date(2026, 1, 1), date(2026, 3, 5)),
                (date(2025, 1, 1), date(2025, 12, 31)),
            ],
        )
        self.assertEqual(
            periods(get_quarter, date(2026, 1, 1)),
            [
                (date(2026, 1, 1), date(2026, 1, 1)),
                (date(2025, 10, 1), date(2025, 12, 31)),
            ],
        )
        self.assertEqual(
            get_quarter(date(2026, 11, 30)), (date(2026, 10, 1), date(2026, 12, 31))
        )


@tagged("post_install", "-at_install")
class TestTierWindow(KeyAccountCommon):
    """Tiers by calendar year, fiscal year and quarter."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["key.account.tier"].search([("company_id", "=", False)]).active = False
        cls.gold.write({"min_revenue": 10000.0, "keep_revenue": 8000.0})
        cls.silver.write({"min_revenue": 2000.0})
        cls.shop = cls.make_account(cls.rheintal)
        cls.company = cls.env.company

    def sell(self, amount, day, move_type="out_invoice"):
        self.make_invoice(self.rheintal, amount, invoice_date=day, move_type=move_type)

    def evaluate(self, day):
        with freeze_time(f"{day} 12:00:00"):
            self.shop.action_refresh_figures()
            return self.shop._evaluate_tiers()

    def windows(self, day):
        with freeze_time(f"{day} 12:00:00"):
            self.shop.action_refresh_figures()
            return [
                (window.first, window.last, window.figures["revenue_12m"])
                for window in self.shop._get_windows()[self.shop.id]
            ]

    def test_sums_to_the_day_of_each_kind_of_period(self):
        for amount, day in (
            (100.0, date(2024, 12, 31)),
            (200.0, date(2025, 1, 1)),
            (400.0, date(2025, 3, 31)),
            (800.0, date(2025, 4, 1)),
            (1600.0, date(2025, 12, 31)),
            (3200.0, date(2026, 1, 1)),
            (6400.0, date(2026, 2, 10)),
            (12800.0, date(2026, 2, 11)),
        ):
            self.sell(amount, day)
        self.sell(50.0, date(2026, 1, 31), "out_refund")
        day = date(2026, 2, 10)
        self.company.key_account_tier_window = "calendar_year"
        self.assertEqual(
            self.windows(day),
            [
                (date(2026, 1, 1), day, 9550.0),
                (date(2025, 1, 1), date(2025, 12, 31), 3000.0),
            ],
        )
        self.company.key_account_tier_window = "quarter"
        self.assertEqual(
            self.windows(day),
            [
                (date(2026, 1, 1), day, 9550.0),
                (date(2025, 10, 1), date(2025, 12, 31), 1600.0),
            ],
        )
        self.company.write({"fiscalyear_last_day": 31, "fiscalyear_last_month": "3"})
        self.company.key_account_tier_window = "fiscal_year"
        self.assertEqual(
            self.windows(day),
            [
                (date(2025, 4, 1), day, 11950.0),
                (date(2024, 4, 1), date(2025, 3, 31), 700.0),
            ],
        )
        self.company.key_account_tier_window = "rolling"
        [(first, last, revenue)] = self.windows(day)
        self.assertEqual((first, last, revenue), (date(2025, 2, 11), day, 12350.0))

    def test_earned_in_one_year_and_kept_to_the_end_of_the_next(self):
        self.company.key_account_tier_window = "calendar_year"
        self.sell(12000.0, date(2024, 3, 1))
        # Rolling twelve months would have lost it since March.
        [move] = self.evaluate(date(2025, 6, 1))
        self.assertEqual((move.kind, move.tier), ("promotion", self.gold))
        self.assertIn("12/31/2024", move.reason)
        self.change_tier(self.shop, self.gold)
        self.assertFalse(self.evaluate(date(2025, 12, 31)))
        [move] = self.evaluate(date(2026, 1, 1))
        self.assertEqual(move.kind, "below")
        # Both years are named.
        self.assertIn("12/31/2025", move.reason)
        self.assertIn("01/01/2026", move.reason)
        self.sell(9000.0, date(2026, 1, 15))
        self.assertFalse(self.evaluate(date(2026, 1, 20)))

    def test_queries_do_not_grow_with_the_accounts(self):
        self.company.key_account_tier_window = "quarter"
        accounts = self.shop
        for number in range(8):
            accounts += self.make_account(self.make_customer(f"Kunde {number}"))
        few = self.count_queries(accounts[:2]._evaluate_tiers)
        self.assertLessEqual(self.count_queries(accounts._evaluate_tiers), few)

    def test_every_criterion_goes_on_record(self):
        """Of a change all criteria are kept, with their thresholds of that day."""
        self.gold.write({"min_margin": 5.0, "max_payment_days": 40.0})
        self.sell(12000.0, self.today)
        change = self.shop._propose_tier(self.gold, "Großkunde")
        rows = {row.criterion: row for row in change.figure_ids}
        self.assertEqual(len(rows), 4)
        revenue, days = rows["revenue_12m"], rows["days_to_pay"]
        self.assertEqual((revenue.value, revenue.threshold_new), (12000.0, 10000.0))
        self.assertFalse(days.is_known)
        self.assertEqual(days.threshold_new, 40.0)
        self.gold.min_revenue = 50000.0
        self.assertEqual(revenue.threshold_new, 10000.0)
        if change.state == "proposed":
            change.action_approve()
        down = self.shop._propose_tier(self.silver, "Weniger bestellt")
        row = down.figure_ids.filtered(lambda row: row.criterion == "revenue_12m")
        self.assertEqual((row.threshold_old, row.threshold_new), (8000.0, 2000.0))
        with self.assertRaises(AccessError):
            self.as_user(self.kam, row).write({"value": 1.0})
        if down.state == "proposed":
            down.action_reject()
        with self.assertRaises(UserError):
            self.as_user(self.kam, down).write(
                {"figure_ids": [Command.create({"criterion": "revenue_12m"})]}
            )
        with self.assertRaises(AccessError):
            self.as_user(self.kam2, row).read(["value"])

    def test_account_managers_try_their_own_accounts(self):
        self.shop.manager_id = self.kam2
        self.sell(12000.0, self.today)
        self.make_invoice(self.nordwind, 12000.0, invoice_date=self.today)
        for user, own in ((self.kam2, self.shop), (self.kam, self.account)):
            run = self.as_user(user)["key.account.tier.dry.run"].create({})
            run.action_judge()
            self.assertLessEqual(run.line_ids.account_id.ids, own.ids)
        run = self.as_user(self.kam2)["key.account.tier.dry.run"].create({})
        run.action_judge()
        self.assertEqual(run.line_ids.to_tier_id.id, self.gold.id)
        # It tells terms: colleagues don't read it by its number.
        for record in (run, run.line_ids):
            with self.assertRaises(AccessError):
                self.as_user(self.kam, record).read(["create_date"])
        run.action_propose()
        # Gold is beyond the manager: a director decides.
        self.assertEqual(self.shop.pending_tier_change_id.to_tier_id, self.gold)
        self.assertFalse(self.shop.tier_id)
