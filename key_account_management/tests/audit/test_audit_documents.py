# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from ..common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestAuditDocuments(KeyAccountCommon):
    """Odd documents that are right aren't accused, and count as what they are."""

    def findings(self):
        self.env.flush_all()
        audit = self.as_user(self.director)["key.account.price.audit"].create(
            {"date_from": self.today, "date_to": self.today}
        )
        audit.action_run()
        return audit.line_ids

    def bill(self, order, quantity=None):
        """Confirm and bill an order, or a part of it."""
        if order.state != "sale":
            order.action_confirm()
        invoice = order._create_invoices()
        if quantity is not None:
            invoice.invoice_line_ids.quantity = quantity
        invoice.action_post()
        return invoice

    def amounts(self):
        return self.account._waterfall_amounts(self.today, self.today)

    def test_part_of_an_order(self):
        """The price break is that of what was ordered, not of each invoice."""
        self.gold_list.item_ids += self.env["product.pricelist.item"].create(
            {
                "pricelist_id": self.gold_list.id,
                "applied_on": "0_product_variant",
                "product_id": self.drill.id,
                "compute_price": "fixed",
                "fixed_price": 150.0,
                "min_quantity": 10,
            }
        )
        order = self.make_order(self.nordwind, 10)
        self.assertEqual(order.order_line.price_unit, 150.0)
        self.bill(order, 3.0)
        self.bill(order)
        self.assertFalse(self.findings())

    def test_half_credited(self):
        """What was credited isn't credited again: 200 too much, half of it is left."""
        order = self.make_order(self.nordwind, 2)
        order.order_line.price_unit = 280.0
        invoice = self.bill(order)
        self.assertAlmostEqual(self.findings().difference, 200.0)
        refund = invoice._reverse_moves([{"invoice_date": self.today}])
        refund.invoice_line_ids.quantity = 1.0
        refund.action_post()
        self.assertAlmostEqual(self.findings().difference, 100.0)

    def test_combos_expenses_and_discounts(self):
        """Parts of combos, expenses passed on and global discounts have no list."""
        combo = self.env["product.combo"].create(
            {
                "name": "Set",
                "combo_item_ids": [
                    Command.create({"product_id": product.id})
                    for product in (self.drill, self.gloves)
                ],
            }
        )
        bundle = self.env["product.product"].create(
            {
                "name": "Werkzeugset",
                "type": "combo",
                "list_price": 90.0,
                "combo_ids": [Command.set(combo.ids)],
                "taxes_id": [Command.clear()],
            }
        )
        order = self.make_order(self.nordwind, 1)
        order.order_line = [Command.create({"product_id": bundle.id})]
        parent = order.order_line[1]
        order.order_line = [
            Command.create(
                {
                    "product_id": self.gloves.id,
                    "combo_item_id": combo.combo_item_ids[1].id,
                    "linked_line_id": parent.id,
                }
            ),
            Command.create(
                {"product_id": self.gloves.id, "is_expense": True, "price_unit": 47.0}
            ),
        ]
        self.env["sale.order.discount"].create(
            {
                "sale_order_id": order.id,
                "discount_type": "so_discount",
                "discount_percentage": 0.1,
            }
        ).action_apply_discount()
        self.bill(order)
        self.assertFalse(self.findings())
        amounts = self.amounts()
        discount = order.order_line.filtered(
            lambda line: line.product_id == self.env.company.sale_discount_product_id
        )
        self.assertTrue(discount)
        self.assertAlmostEqual(
            amounts["list"] + amounts["special"] + amounts["discount"],
            order.amount_untaxed,
        )
        self.assertAlmostEqual(amounts["discount"], discount.price_subtotal, places=2)
        steps = {
            step["key"]: step["amount"] for step in order.key_account_waterfall["steps"]
        }
        self.assertAlmostEqual(steps["discount"], discount.price_subtotal, places=2)

    def test_replacement_at_no_price(self):
        """Goods that are sent again are neither a discount nor an order."""
        complaint = self.env["key.account.complaint"].create(
            {
                "subject": "Defekt",
                "partner_id": self.nordwind.id,
                "product_id": self.drill.id,
                "quantity": 1.0,
            }
        )
        wizard = self.env["key.account.complaint.resolve"].create(
            {
                "complaint_id": complaint.id,
                "resolution_type": "replacement",
                "close": False,
            }
        )
        wizard.action_resolve()
        order = complaint.replacement_order_id
        self.bill(self.make_order(self.nordwind, 1))
        self.bill(order)
        self.assertFalse(self.findings())
        self.assertAlmostEqual(self.amounts()["list"], 200.0)
        self.assertAlmostEqual(self.amounts()["discount"], 0.0)
        self.account.action_refresh_figures()
        self.assertEqual(self.account.order_count_12m, 1)
        self.assertEqual(self.account.repeat_order_rate, 0.0)

    def test_cents_of_rounding(self):
        """A rounded total doesn't change the list price in the waterfall."""
        self.drill.list_price = 125.0
        self.gold_list.item_ids.percent_price = 33.33
        order = self.make_order(self.nordwind, 5)
        steps = order.key_account_waterfall["steps"]
        self.assertEqual(steps[0]["amount"], 625.0)
        self.bill(order)
        self.assertAlmostEqual(self.amounts()["list"], 625.0, places=6)

    def test_fiscal_position_with_included_taxes(self):
        """Where taxes in the price are mapped away, the price follows as on orders."""
        Tax = self.env["account.tax"]
        included, none = (
            Tax.create(
                {
                    "name": f"{amount} %",
                    "amount": amount,
                    "price_include_override": "tax_included",
                    "type_tax_use": "sale",
                }
            )
            for amount in (19.0, 0.0)
        )
        position = self.env["account.fiscal.position"].create({"name": "Ausland"})
        none.write(
            {
                "fiscal_position_ids": [Command.link(position.id)],
                "original_tax_ids": [Command.link(included.id)],
            }
        )
        self.drill.taxes_id = included
        for fiscal_position in (self.env["account.fiscal.position"], position):
            order = self.make_order(
                self.nordwind, 3, fiscal_position_id=fiscal_position.id
            )
            self.bill(order)
        self.assertFalse(self.findings())

    def test_director_proposes_the_credit_note(self):
        """Who runs audits drafts the credit note; the accountant posts it."""
        order = self.make_order(self.nordwind, 2)
        order.order_line.price_unit = 280.0
        self.bill(order)
        finding = self.findings()
        self.as_user(self.director, finding.audit_id).action_credit()
        refund = finding.refund_move_id
        self.assertEqual((refund.state, refund.amount_untaxed), ("draft", 200.0))

    def test_clerk_in_another_time_zone(self):
        """The list is that of the company's day, wherever the clerk sits."""
        late = self.make_pricelist("Morgen", 50, key_account_only=True)
        late.key_account_date_start = self.today + timedelta(days=1)
        self.account.pricelist_id = late
        for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
            self.clerk.tz = zone
            env = self.env(user=self.clerk, context={"tz": zone})
            order = self.make_order(self.nordwind, 1, env=env)
            self.assertEqual(order.pricelist_id, self.gold_list)

    def test_copied_order(self):
        """A copy asks for the terms of its own day; a list chosen by hand stays."""
        own = self.make_pricelist("Frühjahr", 50, key_account_only=True)
        self.account.pricelist_id = own
        order = self.make_order(self.nordwind, 1)
        self.assertEqual(order.order_line.price_unit, 100.0)
        chosen = self.make_order(self.nordwind, 1, pricelist_id=self.silver_list.id)
        order.date_order -= timedelta(days=30)
        own.key_account_date_end = self.today - timedelta(days=10)
        self.env.invalidate_all()
        copied = order.copy()
        self.assertEqual(copied.pricelist_id, self.gold_list)
        self.assertEqual(copied.order_line.price_subtotal, 180.0)
        self.assertNotIn("by hand", copied.key_account_pricelist_origin)
        self.assertEqual(chosen.copy().pricelist_id, self.silver_list)
        ordinary = self.make_order(self.bergmann, 1)
        ordinary.order_line.price_unit = 7.0
        self.assertEqual(ordinary.copy().order_line.price_unit, 7.0)
