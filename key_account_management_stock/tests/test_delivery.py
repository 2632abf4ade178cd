# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.tests import tagged

from odoo.addons.key_account_management.tests.common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestDelivery(KeyAccountCommon):
    """On time in full, from promises and goods moved."""

    def order(self, quantity=10, promised=0, partner=None):
        """Confirm an order promised so many days from now."""
        order = self.make_order(partner or self.nordwind, quantity)
        order.commitment_date = fields.Datetime.now() + timedelta(days=promised)
        order.action_confirm()
        return order

    def deliver(self, order, quantity, days_ago=0):
        """Ship some of the order, and date the goods' way into the past."""
        picking = order.picking_ids.filtered(
            lambda p: p.state not in ("done", "cancel")
        )
        picking.move_ids.write({"quantity": quantity, "picked": True})
        action = picking.with_context(
            skip_backorder=False, cancel_backorder=False
        ).button_validate()
        if isinstance(action, dict):
            wizard = self.env[action["res_model"]].with_context(action["context"])
            wizard.create({}).process()
        moves = picking.move_ids.filtered(lambda move: move.state == "done")
        moves.date = fields.Datetime.now() - timedelta(days=days_ago)
        return picking

    def figures(self):
        """Go the way of the night, then add up; a full rebuild says the same."""
        self.env.flush_all()
        Kpi = self.env["key.account.kpi"].sudo()
        while taken := Kpi.env["key.account.kpi.queue"]._take(500):
            Kpi._rebuild_taken(taken)
        self.account.sudo()._refresh_figures()
        night = self.sums()
        Kpi._rebuild(self.account.sudo())
        self.assertEqual(self.sums(), night)
        return night

    def sums(self):
        kpis = self.account.kpi_ids
        return (
            sum(kpis.mapped("due_line_count")),
            sum(kpis.mapped("on_time_line_count")),
        )

    def test_on_time_late_and_partial(self):
        """Four promises: one kept, one late, one half, one not due yet."""
        kept = self.order(promised=-2)
        self.deliver(kept, 10, days_ago=3)
        late = self.order(promised=-2)
        self.deliver(late, 10, days_ago=1)
        half = self.order(promised=-2)
        self.deliver(half, 4, days_ago=3)
        self.order(promised=5)
        self.assertEqual(self.figures(), (3, 1))
        self.assertAlmostEqual(self.account.otif_rate_12m, 100 / 3, places=4)
        action = self.account.action_view_due_lines()
        lines = self.env["sale.order.line"].search(action["domain"])
        self.assertEqual(lines, (kept | late | half).order_line)
        self.assertEqual(self.account.late_line_count, 1)
        shown = self.env["sale.order.line"].search([("key_account_is_late", "=", True)])
        self.assertIn(half.order_line, shown)
        self.assertNotIn(late.order_line, shown)
        self.assertEqual(half.order_line.key_account_days_late, 2)

    def test_two_shipments_before_the_day_are_in_full(self):
        """In parts, but whole in time."""
        order = self.order(promised=-1)
        self.deliver(order, 4, days_ago=3)
        self.deliver(order, 6, days_ago=2)
        self.assertEqual(self.figures(), (1, 1))

    def test_return_after_delivery_takes_nothing_away(self):
        """The promise was kept, whatever came back."""
        order = self.order(promised=-1)
        picking = self.deliver(order, 10, days_ago=2)
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=picking.id, active_model="stock.picking")
            .create({})
        )
        wizard.product_return_moves.quantity = 10
        back = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        back.move_ids.write({"quantity": 10, "picked": True})
        back.button_validate()
        self.assertEqual(self.figures(), (1, 1))

    def test_cancelled_and_foreign_orders_do_not_count(self):
        """Nor do customers who are no key accounts."""
        order = self.order(promised=-1)
        self.order(promised=-1, partner=self.bergmann)
        self.assertEqual(self.figures(), (1, 0))
        order._action_cancel()
        self.assertEqual(self.figures(), (0, 0))
        late = self.env["sale.order.line"].search([("key_account_is_late", "=", True)])
        self.assertFalse(
            late.order_id.filtered(lambda o: o.partner_id == self.bergmann)
        )

    def test_promise_that_is_moved_changes_its_month(self):
        """Nothing is left behind in the month it leaves."""
        order = self.order(promised=-1)
        before = self.today - relativedelta(months=2)
        self.assertEqual(self.figures(), (1, 0))
        order.commitment_date = fields.Datetime.to_datetime(before)
        self.assertEqual(self.figures(), (1, 0))
        due = self.account.kpi_ids.filtered("due_line_count")
        self.assertEqual(due.month, before.replace(day=1))
        order.commitment_date = fields.Datetime.now() + timedelta(days=3)
        self.assertEqual(self.figures(), (0, 0))

    def test_day_is_that_of_the_companys_clock(self):
        """Half past eleven at night in Berlin is still the promised day."""
        self.env.company.resource_calendar_id.tz = "Europe/Berlin"
        order = self.order(promised=-10)
        day = self.today - timedelta(days=5)
        order.commitment_date = f"{day} 10:00:00"
        picking = self.deliver(order, 10)
        # 21:30 UTC is 22:30 or 23:30 in Berlin: the same day there, all year.
        picking.move_ids.date = f"{day} 21:30:00"
        self.assertEqual(self.figures(), (1, 1))
        picking.move_ids.date = f"{day} 23:30:00"
        self.env["key.account.kpi"].sudo()._rebuild(self.account.sudo())
        self.assertEqual(self.sums(), (1, 0))

    def test_queries_do_not_grow_with_the_accounts(self):
        """The column on the list costs as much for twenty accounts as for two."""
        accounts = self.env["key.account"].union(
            *(
                self.make_account(self.make_customer(f"Filiale {number}"))
                for number in range(20)
            )
        )

        def read(records):
            return lambda: records.mapped(
                lambda account: (account.otif_rate_12m, account.late_line_count)
            )

        few = self.count_queries(read(accounts[:2]))
        self.assertLessEqual(self.count_queries(read(accounts)), few)
