# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestDelivery(KeyAccountCommon):
    """Promises to key accounts are watched without the stock app, too."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Ten days ago at noon, far from midnight and any change of the clock.
        cls.promised = fields.Datetime.now().replace(hour=12) - timedelta(days=10)
        cls.days = cls.env["key.account.day"].with_user(cls.kam)

    def setUp(self):
        super().setUp()
        if "move_ids" in self.env["sale.order.line"]._fields:
            self.skipTest("with the stock app, its addon tests the shipments")

    def order(self, *quantities, promised=None, partner=None):
        order = self.make_order(
            partner or self.nordwind,
            *(quantities or (10,)),
            commitment_date=promised or self.promised,
        )
        order.action_confirm()
        return order

    def deliver(self, order, quantity, day=None):
        with freeze_time(day or fields.Datetime.now()):
            order.order_line.qty_delivered = quantity
            self.env.flush_all()

    def invoice(self, order, day):
        move = order._create_invoices()
        move.invoice_date = day
        move.action_post()
        return move

    def assertDeliveries(self, due, on_time):
        """Check that the queue and a full rebuild count the same."""
        self.env.flush_all()
        Kpi = self.env["key.account.kpi"]
        Kpi.sudo()._rebuild_queued(self.account)
        self.assertMonths(due, on_time)
        Kpi._rebuild(self.account)
        self.assertMonths(due, on_time)
        self.account._refresh_figures()
        self.assertEqual(self.account.due_line_count_12m, due)
        self.assertAlmostEqual(
            self.account.otif_rate_12m, 100 * on_time / due if due else 0
        )
        # As in a request of its own: the fields read the documents when asked.
        self.env.invalidate_all()
        opened = self.account.action_view_otif_lines()
        lines = self.env[opened["res_model"]].search(opened["domain"])
        self.assertEqual(len(lines), due)
        self.assertEqual(lines.mapped("key_account_otif").count("on_time"), on_time)

    def assertMonths(self, due, on_time):
        months = self.account.kpi_ids.filtered("due_line_count")
        self.assertEqual(sum(months.mapped("due_line_count")), due)
        self.assertEqual(sum(months.mapped("on_time_line_count")), on_time)

    def late_lines(self, user=None):
        Line = self.env["sale.order.line"]
        if user:
            Line = self.as_user(user, Line)
        return Line.search([("key_account_is_overdue", "=", True)])

    def signals(self):
        accounts = self.account.with_user(self.kam)
        today = self.account.company_id._get_key_account_today()
        return [
            signal
            for signal in self.days._day_signals(accounts, today)
            if signal.kind == "late"
        ]

    def test_delivered_by_the_promised_day(self):
        """What is entered as delivered on the promised day is on time, later isn't."""
        kept, missed = self.order(), self.order()
        self.assertEqual(
            kept.order_line.key_account_promised_date, self.promised.date()
        )
        self.deliver(kept, 10, self.promised)
        self.deliver(missed, 10, self.promised + timedelta(days=1))
        self.assertDeliveries(2, 1)
        self.assertFalse(self.late_lines())

    def test_invoiced_by_the_promised_day(self):
        """Without deliveries entered, the posted invoice says that all went out."""
        kept, missed = self.order(), self.order()
        self.invoice(kept, self.promised.date())
        late = self.invoice(missed, self.promised.date() + timedelta(days=2))
        self.assertDeliveries(2, 1)
        self.assertFalse(self.late_lines())
        late.button_draft()
        self.assertDeliveries(2, 1)
        self.assertEqual(self.late_lines(), missed.order_line)
        late.invoice_date = self.promised.date()
        late.action_post()
        self.assertDeliveries(2, 2)
        # What comes back later doesn't take it away.
        self.credit(late)
        self.assertDeliveries(2, 2)

    def credit(self, move):
        refund = move._reverse_moves([{"invoice_date": fields.Date.today()}])
        refund.action_post()

    def test_incomplete_order(self):
        """Six of ten is incomplete until the rest is there, and a correction counts."""
        order = self.order()
        self.deliver(order, 6, self.promised)
        self.assertDeliveries(1, 0)
        self.assertEqual(self.late_lines(), order.order_line)
        self.assertTrue(order.order_line.key_account_is_overdue)
        self.assertEqual(order.order_line.key_account_otif, "late")
        self.deliver(order, 10, self.promised)
        self.assertDeliveries(1, 1)
        self.deliver(order, 8, self.promised)
        self.assertDeliveries(1, 0)

    def test_first_promise_counts(self):
        """Another date, lead time or new confirmation: only a new order is new."""
        order = self.order()
        self.assertDeliveries(1, 0)
        order.commitment_date = fields.Datetime.now() + timedelta(days=5)
        order.order_line.customer_lead = 30
        self.assertDeliveries(1, 0)
        with self.assertRefused("can't enter", exception=AccessError):
            order.order_line.key_account_promised_date = fields.Date.today()
        order._action_cancel()
        self.assertDeliveries(0, 0)
        self.assertFalse(self.late_lines())
        order.action_draft()
        order.action_confirm()
        self.assertEqual(
            order.order_line.key_account_promised_date, order.commitment_date.date()
        )
        self.assertDeliveries(0, 0)

    def test_without_a_promise_nothing_is_late(self):
        """Without a delivery date, the lead time of the line is the promise."""
        with freeze_time(self.promised - timedelta(days=7)):
            orders = [self.make_order(self.nordwind, 10) for _i in range(2)]
            orders[0].order_line.customer_lead = 3
            for order in orders:
                order.action_confirm()
            self.env.flush_all()
        self.assertEqual(
            orders[0].order_line.key_account_promised_date,
            self.promised.date() - timedelta(days=4),
        )
        self.assertFalse(orders[1].order_line.key_account_promised_date)
        self.assertDeliveries(1, 0)

    def test_line_added_to_a_confirmed_order(self):
        """A line that is added later is promised with the order."""
        order = self.order()
        line = order.order_line.copy({"order_id": order.id})
        self.assertEqual(line.key_account_promised_date, self.promised.date())
        self.assertDeliveries(2, 0)

    def test_only_own_accounts(self):
        """Ordinary customers aren't followed; managers see their own accounts."""
        ordinary = self.order(partner=self.bergmann)
        self.assertFalse(ordinary.order_line.key_account_promised_date)
        order = self.order()
        self.assertEqual(self.late_lines(self.kam), order.order_line)
        self.assertFalse(self.late_lines(self.kam2))
        self.assertFalse(self.late_lines(self.other_director))

    def test_orders_from_before_the_account(self):
        """Orders from before count; what was delivered at an unknown day doesn't."""
        orders = [self.order(partner=self.bergmann) for _i in range(2)]
        self.deliver(orders[0], 10, self.promised)
        account = self.make_account(self.bergmann)
        self.env.flush_all()
        self.env["key.account.kpi"]._rebuild(account)
        account._refresh_figures()
        self.assertEqual(account.due_line_count_12m, 1)
        self.assertEqual(self.late_lines(), orders[1].order_line)

    def test_rewards_and_down_payments_are_no_promise(self):
        """A down payment is never delivered."""
        order = self.order()
        line = order.order_line.copy({"order_id": order.id, "is_downpayment": True})
        self.assertFalse(line.key_account_promised_date)

    def test_signal_of_the_day(self):
        """A late order is a matter of the day until it is delivered."""
        self.assertFalse(self.signals())
        order = self.order(10, 5)
        order.order_line.price_unit = 100
        [signal] = self.signals()
        self.assertEqual(signal.record, order)
        self.assertEqual(signal.deadline, self.promised.date())
        self.assertEqual(signal.value, 1500)
        self.assertIn("late", signal.reason)
        order.order_line[0].qty_delivered = 10
        order.order_line[1].qty_delivered = 2
        [signal] = self.signals()
        self.assertEqual(signal.value, 300)
        self.assertIn("incomplete", signal.reason)
        opened = signal.record.action_view_key_account_late_lines()
        found = self.env[opened["res_model"]].search(opened["domain"])
        self.assertEqual(found, order.order_line[1])
        order.order_line[1].qty_delivered = 5
        self.assertFalse(self.signals())

    def test_overview_shows_what_is_late(self):
        """The account's overview counts late lines and opens them."""
        order = self.order()
        self.account._refresh_figures()
        overview = self.account.with_user(self.kam)._get_overview()
        [row] = [row for row in overview["open"] if row["label"] == "Late Deliveries"]
        self.assertEqual(row["value"], "1")
        opened = getattr(self.account, row["action"])()
        found = self.env[opened["res_model"]].search(opened["domain"])
        self.assertEqual(found, order.order_line)
        labels = [figure["label"] for figure in overview["figures"]]
        self.assertIn("On Time in Full", labels)

    def test_no_accounts(self):
        """A user without accounts may look at figures, too."""
        self.assertTrue(self.env["key.account"].action_refresh_figures())
