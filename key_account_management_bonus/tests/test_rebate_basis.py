# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import date

from odoo import Command
from odoo.tests import tagged

from .common import RebateCommon


@tagged("post_install", "-at_install")
class TestRebateBasis(RebateCommon):
    """What counts for a bonus, and in which period."""

    def assertReached(self, rebate, expected, day="2025-12-31"):
        day = date.fromisoformat(day)
        worth = rebate._measure([(rebate, rebate._get_period(day))], day)[0]
        self.assertEqual(float(worth.reached), expected)

    def test_drafts_and_other_years_do_not_count(self):
        rebate = self.make_rebate((0, 2))
        self.sell(100)
        self.sell(1000, post=False)
        self.sell(10000, day="2024-12-31")
        self.sell(20000, day="2026-01-01")
        self.sell(40000, partner=self.bergmann)
        self.assertReached(rebate, 100.0)

    def test_on_an_earlier_day(self):
        rebate = self.make_rebate((0, 2))
        self.sell(100, day="2025-03-31")
        self.sell(1000, day="2025-04-01")
        self.assertReached(rebate, 100.0, day="2025-03-31")

    def test_credit_note_counts_in_the_period_of_its_invoice(self):
        rebate = self.make_rebate((0, 2), period="quarter")
        invoice = self.sell(1000, day="2025-03-10")
        note = self.give_back(invoice, 300, day="2025-06-01")
        day = date(2025, 12, 31)
        claims = [
            (rebate, rebate._get_period(date(2025, 3, 1))),
            (rebate, rebate._get_period(date(2025, 6, 1))),
        ]
        reached = [float(w.reached) for w in rebate._measure(claims, day)]
        self.assertEqual(reached, [700.0, 0.0])
        # What takes the credit back counts there, too.
        again = note._reverse_moves([{"invoice_date": "2025-07-01"}])
        again.action_post()
        reached = [float(w.reached) for w in rebate._measure(claims, day)]
        self.assertEqual(reached, [1000.0, 0.0])

    def test_currency_at_the_rate_of_the_invoice(self):
        rebate = self.make_rebate((0, 2))
        usd = self.setup_other_currency(
            "CHF", rates=[("2025-01-01", 2.0), ("2025-07-01", 4.0)]
        )
        for day, price in (("2025-03-01", 1000), ("2025-08-01", 1000)):
            move = self.sell(price, day=day, post=False)
            move.currency_id = usd
            move.invoice_line_ids.price_unit = price
            move.action_post()
        self.assertReached(rebate, 750.0)

    def test_scope(self):
        tools = self.env["product.category"].create({"name": "Tools"})
        hand = self.env["product.category"].create(
            {"name": "Hand Tools", "parent_id": tools.id}
        )
        tag = self.env["product.tag"].create({"name": "Promotion"})
        self.gloves.categ_id = hand
        self.sell(100, product_id=self.drill.id)
        self.sell(1000, product_id=self.gloves.id)
        self.sell(10000, product_id=False)
        expected = {
            "product_ids": (self.drill, 100.0),
            "categ_ids": (tools, 1000.0),
            "excluded_product_ids": (self.drill, 11000.0),
            "excluded_categ_ids": (tools, 10100.0),
        }
        for name, (record, amount) in expected.items():
            rebate = self.make_rebate(
                (0, 2), name=name, **{name: [Command.set(record.ids)]}
            )
            self.assertReached(rebate, amount)
        self.drill.product_tag_ids = tag
        with_tag = self.make_rebate((0, 2), tag_ids=[Command.set(tag.ids)])
        self.assertReached(with_tag, 100.0)
        without = self.make_rebate((0, 2), excluded_tag_ids=[Command.set(tag.ids)])
        self.assertReached(without, 11000.0)

    def test_quantity_in_one_unit(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        kilogram = self.env.ref("uom.product_uom_kgm")
        rebate = self.make_rebate(
            (0, 1), basis="quantity", reward="unit", uom_id=self.drill.uom_id.id
        )
        self.sell(10, quantity=5)
        self.sell(10, quantity=2, product_uom_id=dozen.id)
        self.sell(10, quantity=700, product_uom_id=kilogram.id)
        self.assertReached(rebate, 29.0)
        self.assertEqual(
            rebate._get_unconvertible(date(2025, 1, 1), date(2025, 12, 31)), 1
        )

    def test_price_correction_changes_no_quantity(self):
        rebate = self.make_rebate(
            (0, 1), basis="quantity", reward="unit", uom_id=self.drill.uom_id.id
        )
        invoice = self.sell(10, quantity=5)
        correction = self.give_back(invoice, 5, quantity=5)
        self.assertEqual(correction.key_account_rebate_quantity, "price")
        self.assertReached(rebate, 5.0)
        returned = self.give_back(invoice, 20, quantity=2)
        self.assertEqual(returned.key_account_rebate_quantity, "return")
        self.assertReached(rebate, 3.0)
        # Taken back at a lower price, as somebody has said.
        used = invoice._reverse_moves([{"invoice_date": "2025-12-21"}])
        used.invoice_line_ids.write({"quantity": 1, "price_unit": 5})
        used.key_account_rebate_quantity = "return"
        used.action_post()
        self.assertReached(rebate, 2.0)

    def test_quantity_steps_with_rates_on_revenue_follow_time(self):
        rebate = self.make_rebate(
            (0, 5),
            (100, 10),
            basis="quantity",
            mode="incremental",
            uom_id=self.drill.uom_id.id,
        )
        self.sell(20, quantity=100, day="2025-08-01")
        self.sell(10, quantity=100, day="2025-02-01")
        self.assertEqual(self.worth(rebate), 250.0)

    def test_down_payment_does_not_count(self):
        rebate = self.make_rebate((0, 2))
        order = self.make_order(self.nordwind, 5)
        order.action_confirm()
        wizard = self.env["sale.advance.payment.inv"].create(
            {
                "advance_payment_method": "percentage",
                "amount": 30,
                "sale_order_ids": [Command.set(order.ids)],
            }
        )
        down = wizard._create_invoices(order)
        down.invoice_date = "2025-05-01"
        down.action_post()
        self.assertReached(rebate, 0.0)
        order.order_line.qty_delivered = 5
        final = order._create_invoices(final=True)
        final.invoice_date = "2025-06-01"
        final.action_post()
        self.assertLess(final.amount_untaxed, order.amount_untaxed)
        self.assertReached(rebate, order.amount_untaxed)

    def test_paid_invoices_only(self):
        late = self.sell(1000, day="2025-02-01")
        on_time = self.sell(100, day="2025-03-01")
        self.sell(10000, day="2025-04-01")
        self.give_back(on_time, 10, day="2025-03-02")
        for invoice, day in ((late, "2025-09-30"), (on_time, "2025-03-20")):
            self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=invoice.ids
            ).create({"payment_date": day})._create_payments()
        paid = self.make_rebate((0, 2), payment="paid")
        self.assertReached(paid, 1090.0)
        self.assertReached(paid, 90.0, day="2025-06-30")
        punctual = self.make_rebate((0, 2), payment="on_time", grace_days=19)
        self.assertReached(punctual, 90.0)

    def test_growth(self):
        self.sell(1000, day="2024-05-01")
        rebate = self.make_rebate((0, 1), (10, 2), is_growth=True)
        self.sell(1099)
        self.assertEqual(self.worth(rebate), 10.99)
        self.sell(1)
        self.assertEqual(self.worth(rebate), 22.0)

    def test_left_out_with_a_reason(self):
        rebate = self.make_rebate((0, 2))
        self.sell(1000)
        move = self.sell(100)
        self.env["key.account.rebate.exclusion"].create(
            {
                "rebate_id": rebate.id,
                "line_id": move.invoice_line_ids.id,
                "reason": "Sale of the old stock",
            }
        )
        other = self.sell(100, partner=self.bergmann)
        with self.assertRefused("doesn't count for"):
            self.env["key.account.rebate.exclusion"].create(
                {
                    "rebate_id": rebate.id,
                    "line_id": other.invoice_line_ids.id,
                    "reason": "Read what others buy",
                }
            )
        self.assertReached(rebate, 1000.0)
        self.assertIn("Sale of the old stock", rebate.message_ids[0].body)

    def test_central_billing_counts_for_the_order(self):
        rebate = self.make_rebate((0, 2), date_start="2025-01-01")
        order = self.make_order(self.nordwind, 5, partner_invoice_id=self.bergmann.id)
        order.action_confirm()
        order.order_line.qty_delivered = 5
        invoice = order._create_invoices()
        invoice.invoice_date = "2025-05-05"
        invoice.action_post()
        self.assertReached(rebate, invoice.amount_untaxed)

    def test_group_only_where_agreed(self):
        top = self.make_account(self.rheintal)
        self.make_account(self.rheintal_sued, parent_id=top.id)
        self.sell(100, partner=self.rheintal)
        self.sell(1000, partner=self.rheintal_sued)
        own = self.make_rebate((0, 2), account_id=top.id)
        whole = self.make_rebate((0, 2), account_id=top.id, volume="group")
        self.assertReached(own, 100.0)
        self.assertReached(whole, 1100.0)

    def test_stacking_on_invoices(self):
        self.sell(400, product_id=self.drill.id)
        self.sell(600, product_id=self.gloves.id)
        expected = {
            "add": (50.0, 40.0),
            "priority": (50.0, 0.0),
            "best": (30.0, 40.0),
            "deduct": (50.0, 38.0),
        }
        for rule, amounts in expected.items():
            first = self.make_rebate((0, 3), (1000, 5), stacking=rule, sequence=1)
            second = self.make_rebate(
                (0, 10),
                stacking=rule,
                sequence=2,
                product_ids=[Command.set(self.drill.ids)],
            )
            for rebates in ((first, second), (second, first)):
                found = {rebate: self.worth(rebate) for rebate in rebates}
                self.assertEqual((found[first], found[second]), amounts, rule)
            (first | second).sudo().write({"state": "draft"})
            (first | second).unlink()

    def test_bonuses_that_meet_name_one_rule(self):
        self.make_rebate((0, 2), stacking="add")
        with self.assertRefused("the same rule"):
            self.make_rebate((0, 2), stacking="best")
        # Not on the same days: nothing can meet.
        self.make_rebate(
            (0, 2), stacking="best", date_start="2024-01-01", date_end="2024-12-31"
        )

    def test_number_of_queries_does_not_grow(self):
        def measure(rebates):
            day = date(2025, 12, 31)
            claims = [(rebate, rebate._get_period(day)) for rebate in rebates]
            return self.count_queries(lambda: rebates._measure(claims, day))

        few = self.make_rebate((0, 2))
        many = few
        for number in range(10):
            many |= self.make_rebate((number, 2))
        self.sell(100)
        measure(many)
        self.assertEqual(measure(few), measure(many))
