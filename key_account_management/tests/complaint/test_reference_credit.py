# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import Command
from odoo.tests import tagged

from ..histories import RandomHistories
from .common import ComplaintCommon
from .reference_credit import CreditReference


@tagged("post_install", "-at_install")
class TestReferenceCredit(RandomHistories, ComplaintCommon):
    """Random credits of all kinds: what is left is what a plain reference says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tax = cls.env["account.tax"].create(
            {"name": "19 %", "amount": 19.0, "type_tax_use": "sale"}
        )
        cls.included = cls.tax.copy(
            {"name": "19 % enthalten", "price_include_override": "tax_included"}
        )

    def make_bills(self):
        """Confirm an order and invoice it in one or two parts."""
        rng = self.rng
        taxes = Command.set(rng.choice([[], self.tax.ids, self.included.ids]))
        lines = [
            {
                "product_id": product.id,
                "product_uom_qty": rng.choice([1, 3, 7, 10]),
                "price_unit": rng.choice([100.0, 10.01, 33.33, 0.05]),
                "discount": rng.choice([0, 0, 12.5, 33.33]),
                "tax_ids": [taxes],
            }
            for product in (self.drill, self.gloves)[: rng.randint(1, 2)]
        ]
        self.order = self.env["sale.order"].create(
            {
                "partner_id": self.nordwind.id,
                "order_line": [Command.create(line) for line in lines],
            }
        )
        self.order.action_confirm()
        self.reference = CreditReference()
        self.made = []
        invoice = self.order._create_invoices()
        for line in invoice.invoice_line_ids:
            if line.quantity > 1 and rng.random() < 0.5:
                line.quantity = int(line.quantity / 2)
        self.bill(invoice)
        if self.order.invoice_status == "to invoice":
            self.bill(self.order._create_invoices())

    def bill(self, invoice):
        invoice.action_post()
        self.reference.bill(invoice)

    def event_complaint(self):
        invoice = self.rng.choice(self.reference.invoices)
        chosen = {
            line: self.rng.choice([1, left, left / 2])
            for line, left in self.reference.quantities_left(invoice).items()
            if left >= 1
        }
        if chosen:
            self.credit(invoice, chosen)

    def credit(self, invoice, chosen):
        """Credit lines for a complaint."""
        chosen = {line: round(quantity, 2) for line, quantity in chosen.items()}
        complaint = self.complain(move_id=invoice.id)
        refund = invoice._create_key_account_credit(complaint, chosen)
        self.reference.credit(invoice, chosen, refund.amount_total)
        self.made.append((invoice, chosen, refund, refund.amount_total))
        if self.rng.random() < 0.5:
            refund.action_post()

    def event_reversal(self):
        invoice = self.rng.choice(self.reference.invoices)
        left = self.reference.quantities_left(invoice)
        if any(quantity < 1 for quantity in left.values()):
            return
        refund = invoice._reverse_moves([{"invoice_date": self.today}])
        refund.invoice_line_ids.quantity = 1
        refund.action_post()
        self.reference.credit(invoice, dict.fromkeys(left, 1), refund.amount_total)

    def event_cancel(self):
        drafts = [made for made in self.made if made[2].state == "draft"]
        if drafts:
            made = self.rng.choice(drafts)
            made[2].button_cancel()
            self.made.remove(made)
            self.reference.take_back(made[0], made[1], made[3])

    def event_order_credit(self):
        """Fewer pieces are ordered than were billed."""
        line = self.rng.choice(self.order.order_line)
        left = sum(
            self.reference.left[each]
            for invoice in self.reference.invoices
            for each in self.reference.lines(invoice)
            if each.product_id == line.product_id
        )
        is_billed = not any(self.order.order_line.mapped("qty_to_invoice"))
        if left < 1 or line.product_uom_qty < 2 or not is_billed:
            return
        line.product_uom_qty -= 1
        refund = self.order._create_invoices(final=True)
        self.assertEqual(refund.move_type, "out_refund")
        if self.rng.random() < 0.5:
            refund.action_post()
        self.reference.credit_by_order(line.product_id, 1, refund.amount_total)

    def event_free_credit(self):
        invoice = self.rng.choice(self.reference.invoices)
        before = invoice.amount_residual
        if before < 1:
            return
        free = self.make_invoice(
            self.nordwind, self.rng.choice([0.5, 1.0]), move_type="out_refund"
        )
        (invoice | free).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        ).reconcile()
        self.reference.settle(invoice, before - invoice.amount_residual)

    def check(self, step):
        for invoice in self.reference.invoices:
            left, amount = invoice._get_key_account_left_to_credit()
            expected = self.reference.quantities_left(invoice)
            for line, quantity in expected.items():
                self.assertAlmostEqual(left[line.id], quantity, 2, step)
            self.assertAlmostEqual(amount, self.reference.amount_left(invoice), 2, step)
        return len(self.reference.left) + len(self.reference.invoices)

    def play(self):
        self.make_bills()
        events = {
            self.event_complaint: 5,
            self.event_reversal: 2,
            self.event_cancel: 1,
            self.event_order_credit: 2,
            self.event_free_credit: self.rng.choice([0, 1]),
        }
        checks = self.check("billing")
        for number in range(6):
            checks += self.check(f"event {number}, {self.happen(events)}")
        if not events[self.event_free_credit]:
            checks += self.check_the_rest()
        return checks

    def check_the_rest(self):
        """All that is left can be credited, and then nothing is."""
        for invoice in self.reference.invoices:
            rest = self.reference.quantities_left(invoice)
            rest = {line: left for line, left in rest.items() if left > 0.001}
            if rest:
                self.credit(invoice, rest)
            quantities, _amount = invoice._get_key_account_left_to_credit()
            self.assertAlmostEqual(sum(quantities.values()), 0.0, 2)
        return self.check("crediting the rest")

    def test_random_credits(self):
        self.play_histories(8, self.play)
