# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import random
from collections import defaultdict
from statistics import median

from odoo.tests import tagged
from odoo.tools import float_round

from .test_white_space import WhiteSpaceCommon


@tagged("post_install", "-at_install")
class TestWhiteSpaceReference(WhiteSpaceCommon):
    """Random accounts, groups and sales, against the rule written plainly."""

    def make_world(self, seed):
        """Return accounts with revenue by category, and by all lines."""
        dice = random.Random(seed)
        other = self.env["key.account.segment"].create({"name": f"Industrie {seed}"})
        accounts = []
        for number in range(26):
            parent = dice.choice([False] * 6 + accounts[-3:]) or False
            accounts.append(
                self.make_buyer(
                    f"Zufall {seed}-{number}",
                    segment_id=dice.choice([self.segment, self.segment, other]).id,
                    tier_id=dice.choice(
                        [self.gold.id, self.gold.id, self.silver.id, False]
                    ),
                    parent_id=parent and parent.id,
                )
            )
        sold = defaultdict(lambda: defaultdict(float))
        choices = [*self.products, None]
        for account in accounts:
            for _move in range(dice.choice([0, 1, 1, 2])):
                sales = {
                    category: float(dice.randint(1, 900))
                    for category in dice.sample(choices, dice.randint(1, 4))
                }
                refund = dice.random() < 0.2
                self.sell(account, sales, refund=refund)
                for category, amount in sales.items():
                    sold[account][category] += -amount if refund else amount
        return accounts, sold

    def rolled(self, sales, category):
        """Return what was bought of a category and those below it."""
        return sum(
            amount
            for bought, amount in sales.items()
            if bought and bought.parent_path.startswith(category.parent_path)
        )

    def expected(self, accounts, sold, account, category):
        """Return basis, number of comparable accounts, median and potential."""
        totals = {each: sum(sold[each].values()) for each in accounts}
        root = account.parent_path.split("/")[0]
        others = [
            each
            for each in accounts
            if totals[each] > 0
            and each.parent_path.split("/")[0] != root
            and each.segment_id == account.segment_id
        ]
        near = [
            each
            for each in others
            if account.tier_id and each.tier_id == account.tier_id
        ]
        if totals[account] <= 0:
            return "none", 0, 0, 0
        basis, pool = ("tier", near) if len(near) >= 5 else ("segment", others)
        if len(pool) < 5:
            return "none", 0, 0, 0
        share = median(
            self.rolled(sold[each], category) / totals[each] for each in pool
        )
        now = self.rolled(sold[account], category)
        potential = max(0, share * totals[account] - now)
        return basis, len(pool), share, float_round(potential, precision_digits=2)

    def test_random_sales(self):
        for seed in range(3):
            accounts, sold = self.make_world(seed)
            self.take()
            compared = 0
            for account in accounts:
                for category in self.products:
                    cell = self.cell(account, category)
                    basis, count, share, potential = self.expected(
                        accounts, sold, account, category
                    )
                    what = (seed, account.partner_name, category.name)
                    revenue = self.rolled(sold[account], category)
                    if not revenue and not potential:
                        self.assertFalse(cell, what)
                        continue
                    self.assertEqual(cell.revenue, revenue, what)
                    self.assertEqual(
                        (cell.basis, cell.comparable_count), (basis, count), what
                    )
                    self.assertAlmostEqual(cell.median_share, 100 * share, 2, what)
                    # Half a cent may go either way.
                    difference = abs(cell.potential - potential)
                    self.assertLess(difference, 0.011, (*what, cell.potential))
                    compared += basis != "none"
            self.assertGreater(compared, 10, "the dice gave no one to compare with")
            for account in accounts:
                account.action_end()
