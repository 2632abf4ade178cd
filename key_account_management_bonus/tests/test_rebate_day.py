# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from freezegun import freeze_time

from odoo.tests import tagged

from .common import RebateCommon


@tagged("post_install", "-at_install")
class TestRebateDay(RebateCommon):
    """The account manager's day tells of bonuses, until the work is done."""

    def rows(self, kind):
        self.env.flush_all()
        self.env.invalidate_all()
        day = self.as_user(self.kam, self.env["key.account.day.page"]).get_day()
        return [row for row in day["rows"] if row["kind"] == kind]

    def test_settlement(self):
        with freeze_time("2026-02-01 10:00:00"):
            rebate = self.make_rebate((5000, 2))
            self.sell(7000)
            rebate.action_refresh()
            (row,) = self.rows("settlement")
            self.assertIn("140", row["reason"])
            self.assertEqual(row["step"]["name"], "action_settle")
            rebate.action_settle()
            self.assertEqual(self.rows("settlement"), [])

    def test_reclaim(self):
        with freeze_time("2026-02-01 10:00:00"):
            rebate = self.make_rebate((5000, 2))
            invoice = self.sell(7000)
            self.settle(rebate)
            self.give_back(invoice)
        with freeze_time("2026-02-20 10:00:00"):
            rebate.action_refresh()
            (row,) = self.rows("settlement")
            self.assertIn("reclaimed", row["reason"])
            self.assertIn("140", row["value"])

    def test_step_near(self):
        with freeze_time("2025-11-20 10:00:00"):
            rebate = self.make_rebate((5000, 2), (20000, 4))
            self.sell(18000)
            rebate.action_refresh()
            (row,) = self.rows("step")
            self.assertIn("2,000", row["reason"])
            self.assertEqual(row["step"]["model"], "key.account")
            self.sell(3000, day="2025-11-19")
            rebate.action_refresh()
            self.assertEqual(self.rows("step"), [])
