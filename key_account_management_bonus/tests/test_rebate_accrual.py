# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import date

from odoo.tests import tagged

from .common import RebateCommon

JUNE, JULY = date(2025, 6, 30), date(2025, 7, 31)


@tagged("post_install", "-at_install")
class TestRebateAccrual(RebateCommon):
    """What is owed is booked at each month's end, and taken back a day later."""

    def accrue(self, month):
        return self.env["key.account.rebate.accrual"]._accrue(self.env.company, month)

    def owed(self, day):
        """Return the balance of the accrual account at the end of a day."""
        lines = self.env["account.move.line"].search(
            [
                ("account_id", "=", self.accrual_account.id),
                ("date", "<=", day),
                ("parent_state", "=", "posted"),
            ]
        )
        return -sum(lines.mapped("balance"))

    def test_entry_and_reversal(self):
        self.make_rebate((0, 2))
        self.sell(10000, day="2025-06-15", tax=self.taxes[0])
        accrual = self.accrue(JUNE)
        self.assertEqual(accrual.amount, 200.0)
        self.assertEqual(accrual.move_id.date, JUNE)
        self.assertEqual(accrual.reversal_move_id.date, date(2025, 7, 1))
        self.assertEqual(accrual.reversal_move_id.state, "posted")
        self.assertFalse(accrual.move_id.line_ids.tax_ids)
        self.assertEqual((self.owed(JUNE), self.owed(date(2025, 7, 1))), (200.0, 0.0))

    def test_made_again_it_books_the_difference(self):
        self.make_rebate((0, 2))
        self.sell(10000, day="2025-06-15")
        self.accrue(JUNE)
        self.assertFalse(self.accrue(JUNE))
        self.sell(5000, day="2025-06-20")
        self.assertEqual(self.accrue(JUNE).amount, 100.0)
        self.assertEqual(self.owed(JUNE), 300.0)
        self.sell(1000, day="2025-07-20")
        self.assertEqual(self.accrue(JULY).amount, 320.0)
        self.assertEqual(self.owed(JULY), 320.0)

    def test_forecast(self):
        rebate = self.make_rebate(
            (0, 1),
            (1000000, 2),
            (2500000, 3),
            mode="incremental",
            forecast_kind="manual",
            forecast=3000000,
        )
        self.sell(600000, day="2025-06-15")
        self.assertEqual(self.accrue(JUNE).amount, 11000.0)
        # A setting, not a term: it can change while the bonus is in force.
        rebate.forecast_kind = "actual"
        self.assertEqual(self.accrue(JUNE).amount, -5000.0)

    def test_settled_is_not_owed(self):
        rebate = self.make_rebate((0, 2), period="quarter", date_end="2025-06-30")
        self.sell(10000, day="2025-06-15")
        month = self.today.replace(day=1)
        self.assertEqual(self.accrue(JUNE).amount, 200.0)
        note = self.settle(rebate).move_id
        self.assertFalse(rebate.settlement_ids.filtered(lambda s: s.state == "draft"))
        end = date(self.today.year, 12, 31)
        self.assertFalse(self.accrue(end))
        # Cancelled and made again, the accrual is back.
        note.button_draft()
        note.button_cancel()
        self.assertEqual(self.accrue(end).amount, 200.0)
        self.assertTrue(month)

    def test_analytic_distribution_is_kept(self):
        plan = self.env["account.analytic.plan"].create({"name": "Regions"})
        north, south = self.env["account.analytic.account"].create(
            [{"name": name, "plan_id": plan.id} for name in ("North", "South")]
        )
        self.make_rebate((0, 2))
        self.sell(1000, analytic_distribution={str(north.id): 100})
        self.sell(2000, analytic_distribution={str(south.id): 100})
        move = self.accrue(JUNE).move_id
        lines = move.line_ids.filtered(
            lambda line: line.account_id == self.bonus_account
        )
        self.assertEqual(
            {str(line.analytic_distribution): line.balance for line in lines},
            {str({str(north.id): 100.0}): 20.0, str({str(south.id): 100.0}): 40.0},
        )

    def test_locked_month(self):
        self.make_rebate((0, 2))
        self.sell(10000, day="2025-06-15")
        self.env.company.fiscalyear_lock_date = JUNE
        with self.assertRefused("locked"):
            self.accrue(JUNE)
        # Nothing is lost.
        self.assertEqual(self.accrue(JULY).amount, 200.0)

    def test_switched_off(self):
        self.make_rebate((0, 2), is_accrued=False)
        self.sell(10000, day="2025-06-15")
        self.assertFalse(self.accrue(JUNE))
        self.env.company.key_account_rebate_accrual_account_id = False
        with self.assertRefused("Choose the journal"):
            self.accrue(JUNE)
