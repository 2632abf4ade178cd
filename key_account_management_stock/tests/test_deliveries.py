# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from odoo.addons.key_account_management.tests.common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestDeliveries(KeyAccountCommon):
    """Whether promised deliveries were made in full and on time."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.resource_calendar_id.tz = "Europe/Berlin"
        cls.drill.is_storable = False
        # Ten days ago at noon, far from midnight and any change of the clock.
        cls.promised = fields.Datetime.now().replace(hour=12) - timedelta(days=10)

    def order(self, quantity=10, promised=None, partner=None):
        order = self.make_order(
            partner or self.nordwind,
            quantity,
            commitment_date=promised or self.promised,
        )
        order.action_confirm()
        return order

    def ship(self, order, quantity, day):
        """Ship this quantity at a given time; the rest stays on a back order."""
        picking = order.picking_ids.filtered(
            lambda p: p.state not in ("done", "cancel")
        )
        picking.move_ids.quantity = quantity
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True).button_validate()
        self.assertEqual(picking.state, "done")
        picking.move_ids.date = day
        return picking

    def take_back(self, picking, quantity):
        wizard = Form(
            self.env["stock.return.picking"].with_context(
                active_id=picking.id, active_ids=picking.ids, active_model=picking._name
            )
        ).save()
        wizard.product_return_moves.quantity = quantity
        back = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        back.move_ids.picked = True
        back.button_validate()
        self.assertEqual(back.state, "done")

    def drain(self):
        Kpi = self.env["key.account.kpi"].sudo()
        self.env.flush_all()
        everybody = Kpi.env["key.account"].with_context(active_test=False).search([])
        Kpi._rebuild_queued(everybody)

    def months(self):
        return {
            kpi.month: (kpi.due_line_count, kpi.on_time_line_count)
            for kpi in self.account.kpi_ids
            if kpi.due_line_count
        }

    def assertDeliveries(self, due, on_time, promised=None):
        """Check that the queue and a full rebuild count the same."""
        self.drain()
        month = (promised or self.promised).date().replace(day=1)
        expected = {month: (due, on_time)} if due else {}
        self.assertEqual(self.months(), expected)
        self.env["key.account.kpi"]._rebuild(self.account)
        self.assertEqual(self.months(), expected)
        self.account._refresh_figures()
        self.assertEqual(self.account.due_line_count_12m, due)
        self.assertAlmostEqual(
            self.account.otif_rate_12m, 100 * on_time / due if due else 0
        )
        opened = self.account.action_view_otif_lines()
        lines = self.env[opened["res_model"]].search(opened["domain"])
        self.assertEqual(len(lines), due)
        self.assertEqual(lines.mapped("key_account_otif").count("on_time"), on_time)

    def late_lines(self, user=None):
        Line = self.env["sale.order.line"]
        if user:
            Line = self.as_user(user, Line)
        return Line.search([("key_account_is_overdue", "=", True)])

    def test_on_time_up_to_the_end_of_the_promised_day(self):
        """A delivery counts as on time until midnight in the company's time zone."""
        order = self.order()
        self.assertEqual(
            order.order_line.key_account_promised_date, self.promised.date()
        )
        # 21:30 UTC is late in the evening in Berlin, summer or winter.
        self.ship(order, 10, self.promised.replace(hour=21, minute=30))
        self.assertDeliveries(1, 1)
        self.assertFalse(self.late_lines())

    def test_after_midnight_of_the_company_is_late(self):
        """A delivery at 23:30 UTC is a day late in Berlin."""
        self.ship(self.order(), 10, self.promised.replace(hour=23, minute=30))
        self.assertDeliveries(1, 0)
        # Late, but nothing is left to deliver.
        self.assertFalse(self.late_lines())

    def test_partial_delivery_is_not_in_full(self):
        """A line is on time only if all its parts are."""
        late, split = self.order(), self.order()
        self.ship(late, 6, self.promised)
        self.ship(split, 6, self.promised)
        self.ship(split, 4, self.promised)
        self.assertDeliveries(2, 1)
        self.assertEqual(self.late_lines(), late.order_line)
        self.ship(late, 4, self.promised + timedelta(days=2))
        self.assertDeliveries(2, 1)
        self.assertFalse(self.late_lines())

    def test_return_does_not_take_it_away(self):
        """A return doesn't make an on-time delivery late."""
        order = self.order()
        self.take_back(self.ship(order, 10, self.promised), 4)
        self.assertEqual(order.order_line.qty_delivered, 6)
        self.assertDeliveries(1, 1)
        self.assertFalse(self.late_lines())

    def test_cancelled_order_does_not_count(self):
        """A cancelled order is removed from the figures."""
        order = self.order()
        self.assertDeliveries(1, 0)
        order._action_cancel()
        self.assertDeliveries(0, 0)
        self.assertFalse(self.late_lines())

    def test_first_promise_counts(self):
        """Moving a promise, kept or missed, changes nothing; a new order is new."""
        kept, missed = self.order(), self.order()
        self.ship(kept, 10, self.promised - timedelta(days=7))
        self.assertDeliveries(2, 1)
        for days in (-75, 15):
            moved = self.promised + timedelta(days=days)
            (kept | missed).commitment_date = moved
            (kept | missed).order_line.customer_lead = abs(days)
            self.assertDeliveries(2, 1)
        missed._action_cancel()
        self.assertDeliveries(1, 1)
        missed.action_draft()
        missed.commitment_date = fields.Datetime.now() + timedelta(days=5)
        missed.action_confirm()
        self.assertDeliveries(1, 1)

    def test_lead_time_promises_where_no_date_was_agreed(self):
        """Without an agreed date, the promise is the order date plus lead time."""
        with freeze_time(self.promised - timedelta(days=7)):
            order = self.make_order(self.nordwind, 10)
            order.order_line.customer_lead = 3
            order.action_confirm()
            self.env.flush_all()
        day = self.promised.date() - timedelta(days=4)
        self.assertEqual(order.order_line.key_account_promised_date, day)
        self.assertDeliveries(1, 0, promised=self.promised - timedelta(days=4))

    def test_line_falls_due_by_the_passing_of_days(self):
        """The nightly update counts lines that became due without any change."""
        self.order(promised=fields.Datetime.now() + timedelta(days=1))
        self.assertDeliveries(0, 0)
        later = fields.Datetime.now() + timedelta(days=3)
        self.env.flush_all()
        with freeze_time(later):
            self.account._refresh_figures()
            self.assertEqual(self.account.due_line_count_12m, 1)
            self.assertEqual(self.account.otif_rate_12m, 0)

    def test_corrected_delivery_is_counted_again(self):
        """Correcting a delivered quantity corrects the figure."""
        picking = self.ship(self.order(), 10, self.promised)
        self.assertDeliveries(1, 1)
        picking.move_line_ids.quantity = 8
        self.assertDeliveries(1, 0)

    def test_units_are_converted(self):
        """Two dozen are delivered in full, whatever the unit of the shipment."""
        order = self.make_order(self.nordwind, 2, commitment_date=self.promised)
        order.order_line.product_uom_id = self.env.ref("uom.product_uom_dozen")
        order.action_confirm()
        self.ship(order, order.picking_ids.move_ids.product_uom_qty, self.promised)
        self.assertDeliveries(1, 1)

    def test_ordinary_customers_are_not_listed(self):
        """The list shows only lines of key accounts that the user can see."""
        self.order(partner=self.bergmann)
        order = self.order()
        self.assertEqual(self.late_lines(), order.order_line)
        self.assertEqual(self.late_lines(self.kam), order.order_line)
        self.assertFalse(self.late_lines(self.kam2))
        self.assertFalse(self.late_lines(self.other_director))
        self.assertTrue(order.order_line.key_account_is_overdue)
        not_late = self.env["sale.order.line"].search(
            [("key_account_is_overdue", "=", False)]
        )
        self.assertNotIn(order.order_line, not_late)

    def test_rate_of_months_together_is_weighed(self):
        """The rate over several months is weighted by lines."""
        before = self.promised - timedelta(days=60)
        self.ship(self.order(promised=before), 10, before)
        for _i in range(3):
            self.order()
        self.drain()
        [(rate,)] = self.env["key.account.kpi"]._read_group(
            [("account_id", "=", self.account.id)], [], ["otif_rate:avg"]
        )
        self.assertAlmostEqual(rate, 25.0)

    def test_figure_can_not_be_entered(self):
        """The figure can't be entered by users."""
        with self.assertRefused("can't enter", exception=AccessError):
            self.account.otif_rate_12m = 100
