# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestTarget(KeyAccountCommon):
    """Targets of accounts and managers compared with the documents."""

    def target(self, user=None, **values):
        return self.as_user(
            user or self.director, self.env["key.account.target"]
        ).create(
            {
                "account_id": self.account.id,
                "target_revenue": 10000.0,
                "date_from": self.today.replace(day=1) - relativedelta(months=5),
                **values,
            }
        )

    def night(self):
        self.env.flush_all()
        # As the scheduled action does.
        with self.enter_registry_test_mode():
            self.env.ref(
                "key_account_management.ir_cron_update_figures"
            ).method_direct_trigger()
        self.env.invalidate_all()

    def test_achievement_and_forecast_are_exact(self):
        """Achievement is invoices minus credit notes; the forecast extrapolates it."""
        start = self.today.replace(day=1) - relativedelta(months=5)
        self.make_invoice(self.nordwind, 3000.0, invoice_date=start)
        self.make_invoice(self.nordwind, 500.0, move_type="out_refund")
        self.make_invoice(self.nordwind, 777.0, invoice_date=start - timedelta(days=1))
        target = self.target(target_margin=5000.0)
        self.night()
        self.assertEqual(target.date_to, start + relativedelta(years=1, days=-1))
        self.assertAlmostEqual(target.revenue, 2500.0)
        self.assertAlmostEqual(target.revenue_rate, 25.0)
        days = (target.date_to - start).days + 1
        share = ((self.today - start).days + 1) / days
        self.assertAlmostEqual(target.elapsed, 100 * share)
        self.assertAlmostEqual(target.revenue_forecast, 2500 / share, places=2)
        self.assertEqual(target.status, "behind")
        target.write({"target_revenue": 1000.0, "target_margin": 0.0})
        self.assertEqual(target.status, "achieved")
        target.target_revenue = 2500 / share - 1
        self.assertEqual(target.status, "on_track")

    def test_past_and_future(self):
        """A past target is achieved or missed; a future one has no forecast."""
        past = self.target(date_from=self.today.replace(day=1, month=1, year=2020))
        future = self.target(
            date_from=self.today.replace(day=1) + relativedelta(months=1)
        )
        self.assertEqual((past.status, future.status), ("missed", "future"))
        self.assertEqual(future.revenue_forecast, 0.0)

    def test_managers_target_keeps_the_manager_of_the_time(self):
        """A hand-over moves the future: what was invoiced stays with who managed it."""
        self.make_account(self.bergmann)
        first = self.make_invoice(self.nordwind, 1000.0)
        self.make_invoice(self.bergmann, 200.0)
        self.make_invoice(self.rheintal, 70.0)
        targets = [
            self.target(scope="manager", account_id=False, user_id=user.id)
            for user in (self.kam, self.kam2)
        ]
        self.night()
        self.assertEqual([target.revenue for target in targets], [1200.0, 0.0])
        self.account.manager_id = self.kam2
        self.night()
        self.assertEqual([target.revenue for target in targets], [1200.0, 0.0])
        self.make_invoice(self.nordwind, 30.0)
        first._reverse_moves([{"invoice_date": self.today}]).action_post()
        self.night()
        self.assertEqual([target.revenue for target in targets], [1200.0, -970.0])
        action = targets[1].action_view_kpis()
        moves = self.env["account.move"].search(action["domain"])
        self.assertEqual(sum(moves.mapped("amount_untaxed_signed")), -970.0)

    def test_totals_are_of_one_kind(self):
        """Targets of accounts and of managers aren't added up."""
        self.target()
        manager = self.target(scope="manager", account_id=False, user_id=self.kam.id)
        Target = self.env["key.account.target"]
        mine = [("user_id", "=", self.kam.id)]
        [(total,)] = Target._read_group(mine, [], ["target_revenue:sum"])
        self.assertFalse(total)
        by_scope = dict(Target._read_group(mine, ["scope"], ["target_revenue:sum"]))
        self.assertEqual(by_scope, {"account": 10000.0, "manager": 10000.0})
        self.assertEqual(manager.target_revenue, 10000.0)

    def test_rights(self):
        """Account managers set targets for their own accounts only."""
        mine = self.target(self.kam)
        self.assertEqual(mine.user_id, self.kam)
        with self.assertRefused("access to all accounts", exception=AccessError):
            self.target(self.kam, scope="manager", user_id=self.kam.id)
        with self.assertRefused("access to all accounts", exception=AccessError):
            self.as_user(self.kam, self.env["key.account.target"]).with_context(
                default_scope="manager"
            ).create(
                {
                    "user_id": self.kam.id,
                    "target_revenue": 1.0,
                    "date_from": self.today.replace(day=1),
                }
            )
        with self.assertRaises(AccessError):
            self.target(self.kam2)
        with self.assertRaises(AccessError):
            mine.unlink()
        Target = self.env["key.account.target"]
        for user in (self.kam2, self.other_director):
            self.assertFalse(self.as_user(user, Target).search([]) & mine)
        with self.assertRefused("can't enter", exception=AccessError):
            mine.revenue = 99999

    def test_bad_input(self):
        """Zero or negative amounts, duplicate periods and mid-month starts fail."""
        with self.assertConstraint("key.account.target", "can't be negative"):
            self.target(target_revenue=0.0)
        with self.assertConstraint("key.account.target", "can't be negative"):
            self.target(target_revenue=-1.0, target_margin=5.0)
        self.target()
        with self.assertConstraint("key.account.target", "already has a target"):
            self.target()
        with self.assertRefused("on the first"):
            self.target(date_from=self.today.replace(day=2))
        with self.assertRefused("Choose the key account"):
            self.target(account_id=False)

    def test_next_period(self):
        """The next period begins the day after, with the same target and no revenue."""
        target = self.target()
        action = target.action_copy_next()
        following = target.browse(action["res_id"])
        self.assertEqual(following.date_from, target.date_to + timedelta(days=1))
        self.assertEqual(following.target_revenue, 10000.0)
        self.assertEqual(following.revenue, 0.0)

    def test_queries_do_not_grow(self):
        """Thirty targets take as many queries as three."""
        start = self.today.replace(day=1)
        targets = self.env["key.account.target"].union(
            *(
                self.target(date_from=start + relativedelta(months=number))
                for number in range(30)
            )
        )
        targets = targets.sudo()
        few = self.count_queries(targets[:3]._refresh)
        self.assertLessEqual(self.count_queries(targets._refresh), few)
