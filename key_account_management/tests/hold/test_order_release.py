# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from ...models.hold.key_account_order_hold import Reason
from ...models.tools.groups import ALL_ACCOUNTS
from ..common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestOrderRelease(KeyAccountCommon):
    """Orders over the limit or of overdue customers get a warning or are held."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.key_account_order_check = "block"
        cls.gold.credit_limit = 1000.0
        cls.small = cls.make_order(cls.nordwind, 4)
        cls.large = cls.make_order(cls.nordwind, 6)

    def release(self, order, reason="Zahlung bestätigt"):
        return (
            self.as_user(self.director, self.env["sale.order.release"])
            .with_context(active_model="sale.order", active_ids=order.ids)
            .create({"reason": reason})
            .action_release()
        )

    def test_within_the_limit_nothing_happens(self):
        """A clerk confirms an order of 720 with a limit of 1,000 as usual."""
        self.assertFalse(self.small.key_account_credit_issue)
        self.as_user(self.clerk, self.small).action_confirm()
        self.assertEqual(self.small.state, "sale")

    def test_over_the_limit_the_order_is_held_until_a_director_releases_it(self):
        """An order over the limit is held until a director releases it, on record."""
        clerk_order = self.as_user(self.clerk, self.large)
        self.assertIn("1,000.00", clerk_order.key_account_credit_issue)
        self.assertTrue(clerk_order.key_account_is_held)
        with self.assertRefused("can't be confirmed", "credit limit", "director"):
            clerk_order.action_confirm()
        self.assertEqual(self.large.state, "draft")
        clerk_order.action_request_key_account_release()
        clerk_order.action_request_key_account_release()
        self.assertEqual(len(self.large.activity_ids), 1)
        self.release(self.large)
        self.assertFalse(self.large.activity_ids)
        self.assertEqual(self.large.key_account_release_user_id, self.director)
        self.assertIn("Zahlung bestätigt", self.large.message_ids[0].body)
        clerk_order.action_confirm()
        self.assertEqual(self.large.state, "sale")

    def test_released_order_that_grows_is_held_again(self):
        """A release covers the order up to its amount; a larger order is held again."""
        self.release(self.large)
        self.large.order_line.product_uom_qty = 5
        self.assertFalse(self.large.key_account_is_held)
        self.large.order_line.product_uom_qty = 7
        self.assertTrue(self.large.key_account_is_held)
        with self.assertRefused("can't be confirmed"):
            self.as_user(self.clerk, self.large).action_confirm()

    def test_no_way_around_through_rpc(self):
        """No user can write the state or the release over RPC."""
        order = self.as_user(self.clerk, self.large)
        with self.assertRefused("can't be confirmed"):
            order.write({"state": "sale"})
        with self.assertRefused("can't be confirmed"):
            self.make_order(self.nordwind, 6, env=order.env, state="sale")
        for vals in (
            {"key_account_release_user_id": self.clerk.id},
            {"key_account_released_amount": 99999},
        ):
            for user in (self.clerk, self.director):
                with self.assertRefused("can't enter", exception=AccessError):
                    self.as_user(user, order).write(vals)
                with self.assertRefused("can't enter", exception=AccessError):
                    order.create({"partner_id": self.nordwind.id, **vals})
        with self.assertRefused("to decide on", exception=AccessError):
            order.action_release_key_account("Ich darf das")
        self.assertEqual(self.large.state, "draft")
        # Users have defaults of their own, and send the context.
        for name, value in (("release_user_id", self.clerk.id), ("released_amount", 9)):
            fname = f"key_account_{name}"
            order.env["ir.default"].set("sale.order", fname, value, user_id=True)
            order = order.with_context(**{f"default_{fname}": value})
            made = order.create({"partner_id": self.nordwind.id})
            self.assertFalse(made[fname])

    def test_overdue_beyond_the_tolerated_days(self):
        """A customer overdue by thirty days is tolerated, by thirty-one held."""
        day = self.today - timedelta(days=30)
        invoice = self.make_due_invoice(self.nordwind, 10.0, day)
        self.assertFalse(self.small.key_account_credit_issue)
        invoice.line_ids.filtered("date_maturity").date_maturity = day - timedelta(1)
        self.small.invalidate_recordset()
        self.assertIn("oldest item by 31 days", self.small.key_account_credit_issue)
        with self.assertRefused("overdue by more than 30 days"):
            self.as_user(self.clerk, self.small).action_confirm()

    def test_open_orders_and_invoices_count(self):
        """Confirmed orders and invoices use up the limit, each amount once."""
        self.small.action_confirm()
        self.assertIn(
            "720.00", self.make_order(self.nordwind, 2).key_account_credit_issue
        )
        invoice = self.small._create_invoices()
        invoice.action_post()
        self.assertFalse(self.make_order(self.nordwind, 1).key_account_credit_issue)
        self.assertIn(
            "720.00", self.make_order(self.nordwind, 2).key_account_credit_issue
        )

    def test_limit_of_the_group_is_held_against_the_group(self):
        """Open amounts of one subsidiary count against the limit of the group."""
        holding = self.make_account(self.rheintal, credit_limit=1000.0)
        self.make_account(self.rheintal_sued)
        self.assertEqual(holding.child_count, 1)
        self.make_invoice(self.rheintal, 900.0)
        order = self.make_order(self.rheintal_sued, 1)
        self.assertIn("900.00", order.key_account_credit_issue)

    def test_warning_lets_the_order_pass_and_leaves_a_note(self):
        """If set to warn, the clerk sees the warning and confirms; a note remains."""
        self.env.company.key_account_order_check = "warning"
        order = self.as_user(self.clerk, self.large)
        self.assertTrue(order.key_account_credit_issue)
        self.assertFalse(order.key_account_is_held)
        order.action_confirm()
        self.assertIn(
            "Confirmed despite", "".join(map(str, order.message_ids.mapped("body")))
        )

    def test_check_switched_off(self):
        """If the check is off, there is neither a warning nor a note."""
        self.env.company.key_account_order_check = "none"
        self.assertFalse(self.large.key_account_credit_issue)
        self.large.action_confirm()

    def test_ordinary_customers_are_not_checked(self):
        """Ordinary customers' orders are confirmed without extra queries."""
        self.make_due_invoice(self.bergmann, 99999.0, self.today - timedelta(days=400))
        order = self.make_order(self.bergmann, 100)
        self.assertFalse(order.key_account_credit_issue)
        order.sudo(False).with_user(self.clerk).action_confirm()
        self.assertEqual(order.state, "sale")

    def test_customer_accepts_a_held_quotation(self):
        """A customer's signature is kept, but the order waits for a director."""
        self.large._validate_order()
        self.assertEqual(self.large.state, "draft")
        self.assertEqual(
            self.large.activity_ids.activity_type_id,
            self.env.ref("key_account_management.mail_activity_type_order_release"),
        )

    def test_line_below_the_floor_is_held_by_how_far(self):
        """The further a line is below the floor, the higher the role to release it."""
        self.env.company.key_account_margin_floor = 20.0
        order = self.make_order(self.nordwind, 2)
        self.assertFalse(order.order_line.key_account_is_below_floor)
        order.order_line.price_unit = 145.0
        self.assertTrue(order.order_line.key_account_is_below_floor)
        clerk_order = self.as_user(self.clerk, order)
        with self.assertRefused("below the floor of 20.0"):
            clerk_order.action_confirm()
        with self.assertRefused("to decide on", exception=AccessError):
            self.as_user(self.kam, order).action_release_key_account("Aktion")
        self.as_user(self.all_user, order).action_release_key_account("Aktion")
        order.order_line.product_uom_qty = 1
        order.order_line.name = "harmlos geändert"
        self.assertFalse(order.key_account_is_held)
        order.order_line.price_unit = 130.0
        self.assertTrue(order.key_account_is_held)
        with self.assertRefused("to decide on", exception=AccessError):
            self.as_user(self.all_user, order).action_release_key_account("Aktion")
        self.release(order)
        clerk_order.invalidate_recordset()
        clerk_order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_release_ends(self):
        """The order is held again when its release has expired."""
        self.release(self.large)
        self.assertFalse(self.large.key_account_is_held)
        self.large.sudo().key_account_release_until = self.today - timedelta(days=1)
        self.assertTrue(self.large.key_account_is_held)

    def test_release_ends_at_midnight_of_the_company(self):
        """A release expires at midnight in the company's time zone, Auckland."""
        self.env.company.resource_calendar_id.tz = "Pacific/Auckland"
        self.env.company.key_account_release_days = 0
        with freeze_time(f"{self.today} 23:30:00"):
            self.release(self.large)
            tomorrow = self.today + timedelta(days=1)
            self.assertEqual(self.large.key_account_release_until, tomorrow)
        for moment, held in (("10:00:00", False), ("11:30:00", True)):
            self.large.invalidate_recordset()
            with freeze_time(f"{tomorrow} {moment}"):
                self.assertEqual(self.large.key_account_is_held, held)

    def test_rooms_above_add_reasons(self):
        """Reasons from other rooms are shown and hold the order."""

        def reasons_of_others(orders, before=None):
            return {
                order.id: [Reason("Der Kunde klagt.", True, ALL_ACCOUNTS)]
                for order in orders
            }

        with patch.object(type(self.small), "_hold_reasons", reasons_of_others):
            self.assertEqual(self.small.key_account_credit_issue, "Der Kunde klagt.")
            with self.assertRefused("can't be confirmed", "Der Kunde klagt."):
                self.as_user(self.clerk, self.small).action_confirm()
            self.as_user(self.all_user, self.small).action_release_key_account("Ruhe")
        self.assertIn("Der Kunde klagt.", self.small.message_ids[0].body)

    def test_floor_of_the_list_and_the_line_released_by_rpc(self):
        """The list's floor goes before the company's; users can't write a release."""
        self.gold_list.key_account_margin_floor = 40.0
        order = self.make_order(self.nordwind, 1)
        self.assertTrue(order.order_line.key_account_is_below_floor)
        with self.assertRefused("can't enter", exception=AccessError):
            self.as_user(self.clerk, order.order_line).write(
                {"key_account_released_qty": 9}
            )
        ordinary = self.make_order(self.bergmann, 1)
        ordinary.order_line.price_unit = 1.0
        self.assertFalse(ordinary.order_line.key_account_is_below_floor)
        ordinary.action_confirm()

    def test_currency_without_a_rate(self):
        """An amount without an exchange rate isn't taken one to one."""
        currency = self.env["res.currency"].create({"name": "XKA", "symbol": "K"})
        with self.assertRefused("no exchange rate for XKA"):
            self.make_invoice(self.nordwind, 100.0, currency_id=currency.id)
        ordinary = self.make_invoice(self.bergmann, 100.0, currency_id=currency.id)
        self.assertEqual(ordinary.state, "posted")
        currency.rate_ids.create({"currency_id": currency.id, "rate": 2.0})
        self.make_invoice(self.nordwind, 100.0, currency_id=currency.id)
        self.account.action_refresh_figures()
        self.assertAlmostEqual(self.account.revenue_12m, 50.0)

    def test_settings_that_make_no_sense(self):
        """Negative days and crossed scores are refused."""
        with self.assertRefused("can't be negative"):
            self.env.company.key_account_overdue_days = -1
        with self.assertRefused("can't be above the second"):
            self.env.company.key_account_unreliable_score = 90
