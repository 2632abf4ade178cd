# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import date
from fractions import Fraction
from itertools import permutations
from random import Random

from odoo.tests import BaseCase, tagged

from ..models import rebate_periods as periods
from ..models import rebate_rules as rules
from ..models.rebate_stacking import Claim, Sold, stacked

CENT = 0.01
LADDER = [(0, 5), (1000, 10), (5000, 20)]


def item(revenue, quantity=0):
    return rules.Item(rules.exact(revenue), rules.exact(quantity))


def earned(steps, revenue, **values):
    """Return what a basis earns, rounded to the cent."""
    terms = rules.make_terms(steps, **values)
    return float(rules.to_amount(rules.entitlement(terms, [item(revenue)]), CENT))


@tagged("post_install", "-at_install")
class TestRebateRules(BaseCase):
    """The worked examples of bonuses, and rules that hold for every one."""

    def test_retroactive_true_up(self):
        steps, settled, paid = [(5000, 2), (20000, 4)], 0.0, []
        for basis in (3000, 7000, 27000):
            amount = earned(steps, basis)
            paid.append(amount - settled)
            settled = amount
        self.assertEqual(paid, [0.0, 140.0, 940.0])

    def test_incremental_and_retroactive(self):
        steps = [(0, 10), (1000, 25)]
        self.assertEqual(earned(steps, 2000, mode="incremental"), 350.0)
        self.assertEqual(earned(steps, 2000), 500.0)

    def test_ladder(self):
        self.assertEqual(earned(LADDER, 11500, mode="incremental"), 1750.0)
        self.assertEqual(earned(LADDER, 7000, mode="incremental"), 850.0)
        self.assertEqual(earned(LADDER, 11500), 2300.0)

    def test_bound_is_reached_by_what_equals_it(self):
        self.assertEqual(earned(LADDER, 1000), 100.0)
        self.assertEqual(earned(LADDER, 999.99), 50.0)
        self.assertEqual(earned(LADDER, 11500) - earned(LADDER, 999.99), 2250.0)

    def test_return_after_settlement(self):
        steps = [(50000, 2), (100000, 3)]
        self.assertEqual(earned(steps, 100000), 3000.0)
        self.assertEqual(earned(steps, 95000), 1900.0)

    def test_group_is_paid_by_share(self):
        amount = earned([(1000000, 3)], 1100000)
        self.assertEqual(amount, 33000.0)
        self.assertEqual(rules.split(amount, [600000, 500000], CENT), [18000, 15000])

    def test_cents_that_are_left_go_to_the_largest_remainder(self):
        self.assertEqual(
            [float(part) for part in rules.split(100, [1, 1, 1], CENT)],
            [33.34, 33.33, 33.33],
        )
        self.assertEqual(
            [float(part) for part in rules.split(-100, [1, 1, 1], CENT)],
            [-33.33, -33.33, -33.34],
        )

    def test_split_adds_up(self):
        random = Random(16)
        for _number in range(500):
            weights = [
                random.randint(-100, 900) for _weight in range(random.randint(1, 7))
            ]
            amount = Fraction(random.randint(-100000, 100000), 100)
            self.assertEqual(sum(rules.split(amount, weights, CENT)), amount)

    def test_accrual_at_the_rate_of_the_forecast(self):
        steps = [(0, 1), (1000000, 2), (2500000, 3)]
        sold = [item(600000)]

        def accrue(mode, forecast):
            terms = rules.make_terms(steps, mode=mode)
            return rules.accrued(terms, sold, forecast and rules.exact(forecast))

        self.assertEqual(accrue("incremental", 3000000), 11000)
        self.assertEqual(accrue("incremental", None), 6000)
        self.assertEqual(accrue("retroactive", 3000000), 18000)
        # A forecast that is behind already says nothing.
        self.assertEqual(accrue("retroactive", 100), 6000)

    def test_stepped_price_as_liability(self):
        terms = rules.make_terms(
            [(100000, 1)], by="quantity", reward="unit", mode="incremental"
        )
        sold = [item(300000, 30000)]
        self.assertEqual(rules.accrued(terms, sold, rules.exact(150000)), 10000)

    def test_quantity_steps_follow_time(self):
        terms = rules.make_terms([(0, 5), (100, 10)], by="quantity", mode="incremental")
        self.assertEqual(
            rules.entitlement(terms, [item(1000, 100), item(2000, 100)]), 250
        )
        # The other way round the dear ones are in the first slice.
        self.assertEqual(
            rules.entitlement(terms, [item(2000, 100), item(1000, 100)]), 200
        )

    def test_what_comes_back_leaves_the_last_slice(self):
        terms = rules.make_terms([(0, 5), (100, 10)], by="quantity", mode="incremental")
        sold = [item(1000, 100), item(2000, 100)]
        self.assertEqual(rules.entitlement(terms, [*sold, item(-1000, -50)]), 150)
        # A price correction changes no quantity, and is worth the present slice.
        self.assertEqual(rules.entitlement(terms, [*sold, item(-100)]), 240)

    def test_growth(self):
        def grown(base, revenue, zero="none"):
            terms = rules.make_terms(
                [(0, 1), (10, 2)], growth=True, growth_zero=zero, mode="retroactive"
            )
            return rules.entitlement(terms, [item(revenue)], rules.exact(base))

        self.assertEqual(grown(1000, 999), 0)
        self.assertEqual(grown(1000, 1000), 10)
        self.assertEqual(grown(1000, 1100), 22)
        self.assertEqual(grown(0, 1000), 0)
        self.assertEqual(grown(0, 1000, "first"), 10)
        self.assertEqual(grown(0, 1000, "all"), 20)
        # Less than nothing in the year before is nothing.
        self.assertEqual(grown(-50, 1000, "first"), 10)

    def test_growth_pays_for_the_increase_by_slices(self):
        terms = rules.make_terms([(0, 10)], growth=True, mode="incremental")
        self.assertEqual(rules.entitlement(terms, [item(1500)], rules.exact(1000)), 50)

    def test_minimum_and_cap(self):
        self.assertEqual(earned([(0, 1)], 4999, minimum=50), 0.0)
        self.assertEqual(earned([(0, 1)], 5000, minimum=50), 50.0)
        self.assertEqual(earned([(0, 1)], 90000, maximum=500), 500.0)

    def test_fixed_amounts(self):
        steps = [(1000, 50), (5000, 200)]
        self.assertEqual(earned(steps, 6000, reward="fixed"), 200.0)
        self.assertEqual(earned(steps, 6000, reward="fixed", mode="incremental"), 250.0)

    def test_nothing_is_earned_below_zero(self):
        for mode in ("retroactive", "incremental"):
            self.assertEqual(earned(LADDER, -100, mode=mode), 0.0)

    def test_missing_to_the_next_step(self):
        terms = rules.make_terms(LADDER)
        self.assertEqual(rules.missing(terms, rules.exact(3760)), (1240, 2))
        self.assertEqual(rules.missing(terms, rules.exact(5000)), (None, None))

    def test_slices_are_the_whole(self):
        random = Random(17)
        terms = rules.make_terms([(0, 2), (50, 3), (120, 7)], by="quantity")
        for _number in range(200):
            sold = [
                item(random.randint(-50, 200), random.randint(0, 60))
                for _item in range(random.randint(1, 8))
            ]
            slices = rules.slice_items(terms.steps, sold, "quantity")
            self.assertEqual(rules.total(slices), rules.total(sold))


@tagged("post_install", "-at_install")
class TestRebateStacking(BaseCase):
    """A line in two bonuses, under each rule and worked out in both orders."""

    def stack(self, rule, rows, **steps):
        claims = {key: Claim(rules.make_terms(values)) for key, values in steps.items()}
        rows = [Sold(dict.fromkeys(keys, item(revenue))) for keys, revenue in rows]
        sums = set()
        for order in permutations(rows):
            found = stacked(rule, claims, order)
            sums.add(tuple((key, paid.earned) for key, paid in found.items()))
        self.assertEqual(len(sums), 1)
        return dict(sums.pop())

    def test_one_line_in_two_bonuses(self):
        rows = [("ab", 400), ("a", 600)]
        steps = {"a": [(0, 3), (1000, 5)], "b": [(0, 10)]}
        self.assertEqual(self.stack("add", rows, **steps), {"a": 50, "b": 40})
        # The first one takes the line, the second has nothing left.
        self.assertEqual(self.stack("priority", rows, **steps), {"a": 50, "b": 0})
        # 10 % is worth more on the line; the step is reached by all that was sold.
        self.assertEqual(self.stack("best", rows, **steps), {"a": 30, "b": 40})
        # 10 % of the 380 that are left of the line.
        self.assertEqual(self.stack("deduct", rows, **steps), {"a": 50, "b": 38})

    def test_best_of_two_for_the_same(self):
        rows = [("ab", 1000)]
        steps = {"a": [(0, 3)], "b": [(2000, 10)]}
        self.assertEqual(self.stack("best", rows, **steps), {"a": 30, "b": 0})


@tagged("post_install", "-at_install")
class TestRebatePeriods(BaseCase):
    """Periods by calendar and fiscal year, cut where a bonus begins and ends."""

    def test_calendar(self):
        start = date(2026, 2, 15)

        def period(day, kind, **values):
            return periods.period_of(day, kind, start, **values)

        self.assertEqual(period(date(2026, 2, 20), "month"), (start, date(2026, 2, 28)))
        self.assertEqual(
            period(date(2026, 5, 1), "quarter"), (date(2026, 4, 1), date(2026, 6, 30))
        )
        self.assertEqual(period(date(2026, 3, 1), "half"), (start, date(2026, 6, 30)))
        self.assertEqual(
            period(date(2027, 3, 1), "year", end=date(2027, 9, 30)),
            (date(2027, 1, 1), date(2027, 9, 30)),
        )
        self.assertIsNone(period(date(2026, 2, 14), "year"))

    def test_fiscal_year(self):
        found = periods.period_of(
            date(2026, 8, 3),
            "quarter",
            date(2020, 1, 1),
            year_start=date(2026, 4, 1),
        )
        self.assertEqual(found, (date(2026, 7, 1), date(2026, 9, 30)))

    def test_year_before(self):
        self.assertEqual(
            periods.year_before((date(2024, 2, 1), date(2024, 2, 29))),
            (date(2023, 2, 1), date(2023, 2, 28)),
        )

    def test_periods_between(self):
        def find(day):
            return periods.period_of(
                day, "quarter", date(2026, 2, 15), end=date(2026, 8, 31)
            )

        self.assertEqual(
            periods.periods_between(date(2026, 2, 15), date(2026, 12, 31), find),
            [
                (date(2026, 2, 15), date(2026, 3, 31)),
                (date(2026, 4, 1), date(2026, 6, 30)),
                (date(2026, 7, 1), date(2026, 8, 31)),
            ],
        )
