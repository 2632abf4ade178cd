# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import Command
from odoo.tests import tagged

from ..common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestExposure(KeyAccountCommon):
    """Exposure is what the customer will have to pay, on odd documents too."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.key_account_order_check = "block"
        cls.gold.credit_limit = 20000.0
        cls.order = cls.make_order(cls.nordwind, 100)
        cls.order.order_line.write({"price_unit": 100.0, "tax_ids": [Command.clear()]})

    def exposure(self, account=None):
        account = account or self.account
        amounts = account._get_open_amounts(account.company_id, self.today)
        return amounts[account.id].exposure

    def down_payment(self, amount):
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_context(active_model="sale.order", active_ids=self.order.ids)
            .create({"advance_payment_method": "fixed", "fixed_amount": amount})
        )
        invoice = wizard._create_invoices(self.order)
        invoice.action_post()
        return invoice

    def pay(self, invoice):
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()

    def test_draft_invoice_is_no_claim(self):
        """A draft invoice leaves the order open; posted, it takes its place."""
        self.assertEqual(self.exposure(), 0.0)
        self.order.action_confirm()
        self.assertEqual(self.exposure(), 10000.0)
        invoice = self.order._create_invoices()
        self.assertEqual(self.exposure(), 10000.0)
        invoice.action_post()
        self.assertEqual(self.exposure(), 10000.0)
        self.pay(invoice)
        self.assertEqual(self.exposure(), 0.0)

    def test_billed_cheaper(self):
        """All pieces on a posted invoice: what they were billed cheaper isn't open."""
        self.order.action_confirm()
        invoice = self.order._create_invoices()
        invoice.invoice_line_ids.price_unit = 90.0
        self.assertEqual(self.exposure(), 10000.0)
        invoice.action_post()
        self.assertEqual(self.exposure(), 9000.0)
        self.pay(invoice)
        self.assertEqual(self.exposure(), 0.0)

    def test_part_billed_cheaper(self):
        """A part that was billed cheaper leaves the rest open."""
        self.order.action_confirm()
        invoice = self.order._create_invoices()
        invoice.invoice_line_ids.write({"quantity": 40, "price_unit": 90.0})
        invoice.action_post()
        self.assertEqual(self.exposure(), 9600.0)

    def test_down_payment_is_not_counted_twice(self):
        """A down payment is part of the order; once paid, the rest is open."""
        self.order.action_confirm()
        down = self.down_payment(3000.0)
        self.assertEqual(self.exposure(), 10000.0)
        self.pay(down)
        self.assertEqual(self.exposure(), 7000.0)
        final = self.order._create_invoices(final=True)
        self.assertEqual(self.exposure(), 7000.0)
        final.action_post()
        self.assertEqual(self.exposure(), 7000.0)
        self.pay(final)
        self.assertEqual(self.exposure(), 0.0)

    def test_down_payment_with_taxes(self):
        """With taxes it is the amount with taxes that is taken off."""
        tax = self.env["account.tax"].create(
            {"name": "USt 19 %", "amount": 19.0, "type_tax_use": "sale"}
        )
        self.order.order_line.tax_ids = tax
        self.order.action_confirm()
        self.assertEqual(self.exposure(), 11900.0)
        down = self.down_payment(3570.0)
        self.assertEqual(down.amount_total, 3570.0)
        self.assertEqual(self.exposure(), 11900.0)
        self.pay(down)
        self.assertEqual(self.exposure(), 8330.0)

    def test_down_payment_beside_the_full_invoice(self):
        """Invoiced in full without taking the down payment off, both are owed."""
        self.order.action_confirm()
        self.down_payment(3000.0)
        self.order._create_invoices(final=False).action_post()
        self.assertEqual(self.exposure(), self.account.partner_id.sudo().credit)

    def test_returned_pieces_reduce_what_is_open(self):
        """Lines below zero count in their sign, before and after the invoice."""
        self.order.write(
            {
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.drill.id,
                            "product_uom_qty": -20,
                            "price_unit": 100.0,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ]
            }
        )
        self.order.action_confirm()
        self.assertEqual(self.exposure(), 8000.0)
        self.order._create_invoices(final=True).action_post()
        self.assertEqual(self.exposure(), 8000.0)

    def test_part_of_the_order_is_invoiced(self):
        """What is invoiced and what is still open add up to the order."""
        self.order.action_confirm()
        invoice = self.order._create_invoices()
        invoice.invoice_line_ids.quantity = 40
        invoice.action_post()
        self.assertEqual(self.exposure(), 10000.0)
        self.pay(invoice)
        self.assertEqual(self.exposure(), 6000.0)

    def test_limit_of_a_group_is_used_by_all_its_members(self):
        """Each member is held by what the group owes, and the parent as well."""
        holding = self.make_account(self.rheintal, credit_limit=50000.0)
        south = self.make_account(self.rheintal_sued)
        self.make_invoice(self.rheintal, 1000.0)
        self.make_invoice(self.rheintal_sued, 55247.0)
        accounts = holding | south
        accounts.action_refresh_figures()
        for account in accounts:
            self.assertAlmostEqual(account.credit_limit_use, 112.49, places=2)
        for partner in accounts.partner_id:
            order = self.as_user(self.clerk, self.make_order(partner, 1))
            self.assertIn("56,247.00", order.key_account_credit_issue)
            with self.assertRefused("credit limit"):
                order.action_confirm()
