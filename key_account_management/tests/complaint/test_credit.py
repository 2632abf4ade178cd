# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestCredit(ComplaintCommon):
    """A complaint never credits what anything else has credited already."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.credit_limit = 50000.0
        cls.order = cls.make_order(cls.nordwind, 10)
        cls.order.order_line.write({"price_unit": 100.0, "tax_ids": [Command.clear()]})

    def bill(self):
        self.order.action_confirm()
        self.order.order_line.qty_delivered = 10
        invoice = self.order._create_invoices()
        invoice.action_post()
        return invoice

    def credit(self, invoice, *quantities):
        """Credit quantities of the invoice's lines for a complaint."""
        complaint = self.complain(move_id=invoice.id)
        wizard = self.env["key.account.complaint.resolve"].create(
            {"complaint_id": complaint.id, "resolution_type": "credit", "close": False}
        )
        for line, quantity in zip(wizard.line_ids, quantities, strict=False):
            line.quantity = quantity
        amount = wizard.amount
        wizard.action_resolve()
        refund = complaint.refund_move_id
        self.assertAlmostEqual(refund.amount_untaxed, amount, delta=0.011)
        return refund

    def left(self, invoice):
        quantities, amount = invoice._get_key_account_left_to_credit()
        return sum(quantities.values()), amount

    def exposure(self):
        amounts = self.account._get_open_amounts(self.account.company_id, self.today)
        return amounts[self.account.id].exposure

    def test_order_is_not_billed_again(self):
        """Credited pieces are not to be invoiced again, and what is open sinks."""
        invoice = self.bill()
        self.assertEqual(self.exposure(), 1000.0)
        refund = self.credit(invoice, 4)
        refund.action_post()
        line = self.order.order_line
        self.assertEqual((line.qty_invoiced, line.qty_to_invoice), (10.0, 0.0))
        self.assertEqual(line.untaxed_amount_invoiced, 1000.0)
        self.assertEqual(self.order.invoice_status, "invoiced")
        self.assertEqual(self.exposure(), 600.0)
        self.assertIn(refund, self.order.invoice_ids)

    def test_credit_note_of_the_order(self):
        """A credit note made from the order uses up what is left."""
        invoice = self.bill()
        self.order.order_line.product_uom_qty = 7
        own = self.order._create_invoices(final=True)
        self.assertEqual((own.move_type, own.amount_total), ("out_refund", 300.0))
        self.assertEqual(self.left(invoice), (7.0, 700.0))
        with self.assertRefused("only 7.00 can still be credited"):
            self.credit(invoice, 8)
        self.credit(invoice, 7)
        self.assertEqual(self.left(invoice), (0.0, 0.0))

    def test_credit_note_of_the_order_goes_to_the_latest_invoice(self):
        """Of two invoices the later one is credited first."""
        self.order.action_confirm()
        self.order.order_line.qty_delivered = 10
        first = self.order._create_invoices()
        first.invoice_line_ids.quantity = 6
        first.action_post()
        second = self.order._create_invoices()
        second.action_post()
        self.order.order_line.product_uom_qty = 5
        own = self.order._create_invoices(final=True)
        self.assertEqual(own.amount_total, 500.0)
        self.assertEqual(self.left(second), (0.0, 0.0))
        self.assertEqual(self.left(first), (5.0, 500.0))

    def test_price_correction_of_an_audit(self):
        """A price correction takes money, not pieces, off what is left."""
        invoice = self.bill()
        audit = self.env["key.account.price.audit"].create(
            {"date_from": self.today, "date_to": self.today}
        )
        finding = (
            self.env["key.account.price.audit.line"]
            .sudo()
            .create(
                {
                    "audit_id": audit.id,
                    "move_line_id": invoice.invoice_line_ids.id,
                    "account_id": self.account.id,
                    "difference": 50.0,
                    "document_difference": 50.0,
                }
            )
        )
        finding.sudo(False).action_credit()
        self.assertEqual(finding.refund_move_id.amount_total, 50.0)
        self.assertEqual(self.left(invoice), (10.0, 950.0))
        with self.assertRefused("is left to credit"):
            self.credit(invoice, 10)
        self.credit(invoice, 9)

    def test_free_credit_note(self):
        """One that names nothing counts as far as it has settled the invoice."""
        invoice = self.bill()
        free = self.make_invoice(self.nordwind, 300.0, move_type="out_refund")
        self.assertEqual(self.left(invoice), (10.0, 1000.0))
        lines = (invoice | free).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        lines.reconcile()
        self.assertEqual(self.left(invoice), (10.0, 700.0))
        with self.assertRefused("is left to credit"):
            self.credit(invoice, 8)

    def test_pay_out_credits_nothing(self):
        """Points that are paid out pay the invoice, as a payment does."""
        invoice = self.bill()
        paid_out = self.make_invoice(self.nordwind, 300.0, move_type="out_refund")
        program = self.env["loyalty.program"].create(
            {
                "name": "Punkte",
                "program_type": "loyalty",
                "applies_on": "both",
                "trigger": "auto",
                "key_account_settlement_value": 1.0,
            }
        )
        card = program._make_cards(self.nordwind)
        (invoice | paid_out).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        ).reconcile()
        self.assertEqual(self.left(invoice), (10.0, 700.0))
        paid_out.sudo().key_account_settlement_card_id = card
        self.assertEqual(self.left(invoice), (10.0, 1000.0))
        self.credit(invoice, 10)

    def test_global_discount(self):
        """Ten less 20 % on the whole order: five are worth 400, the rest adds up."""
        self.order.write(
            {
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.gloves.id,
                            "name": "Rabatt 20 %",
                            "product_uom_qty": 1,
                            "price_unit": -200.0,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ]
            }
        )
        invoice = self.bill()
        self.assertEqual(invoice.amount_total, 800.0)
        self.assertEqual(self.credit(invoice, 5).amount_total, 400.0)
        self.assertEqual(self.left(invoice), (5.0, 400.0))
        amounts = [self.credit(invoice, part).amount_total for part in (1.5, 1.75)]
        self.assertEqual(amounts, [120.0, 140.0])
        self.assertEqual(self.credit(invoice, 1.75).amount_total, 140.0)
        self.assertEqual(self.left(invoice), (0.0, 0.0))

    def test_global_discount_in_thirds(self):
        """The last credit takes the cents that are left of the discount."""
        self.order.order_line.product_uom_qty = 3
        self.order.write(
            {
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.gloves.id,
                            "product_uom_qty": 1,
                            "price_unit": -100.0,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ]
            }
        )
        self.order.action_confirm()
        invoice = self.order._create_invoices()
        invoice.action_post()
        amounts = [self.credit(invoice, 1).amount_total for _each in range(3)]
        self.assertEqual(amounts, [66.67, 66.67, 66.66])

    def test_single_pieces_add_up(self):
        """Ten at 10.01 less 12.5 % are 87.59: nine at 8.76, and the last at 8.75."""
        line = self.order.order_line
        line.write({"price_unit": 10.01, "discount": 12.5})
        invoice = self.bill()
        self.assertEqual(invoice.amount_total, 87.59)
        amounts = [self.credit(invoice, 1).amount_total for _piece in range(10)]
        self.assertEqual(amounts, [8.76] * 9 + [8.75])
        self.assertEqual(self.left(invoice), (0.0, 0.0))

    def test_single_pieces_add_up_with_taxes(self):
        """Ten at 0.05 with 10 % are 0.55: the last one takes less tax."""
        tax = self.env["account.tax"].create(
            {"name": "10 %", "amount": 10.0, "type_tax_use": "sale"}
        )
        line = self.order.order_line
        line.write({"price_unit": 0.05, "tax_ids": [Command.set(tax.ids)]})
        invoice = self.bill()
        self.assertEqual(invoice.amount_total, 0.55)
        refunds = [self.credit(invoice, 1) for _piece in range(9)]
        self.assertEqual({refund.amount_total for refund in refunds}, {0.06})
        last = self.credit(invoice, 1)
        self.assertEqual((last.amount_untaxed, last.amount_total), (0.05, 0.01))
        last.action_post()
        self.assertAlmostEqual(sum(last.line_ids.mapped("balance")), 0.0)

    def test_returned_pieces_on_the_invoice(self):
        """Pieces returned on the same invoice can't be credited once more."""
        invoice = self.make_invoice(
            self.nordwind,
            0.0,
            invoice_line_ids=[
                Command.create(
                    {
                        "product_id": self.gloves.id,
                        "quantity": quantity,
                        "price_unit": 100.0,
                        "tax_ids": [Command.clear()],
                    }
                )
                for quantity in (10, -4)
            ],
        )
        self.assertEqual(self.left(invoice), (6.0, 600.0))

    def test_documents_of_companies_below(self):
        """A parent's contact complains about a subsidiary's invoice, not vice versa."""
        invoice = self.make_invoice(self.rheintal_sued, 500.0)
        buyer = self.env["res.partner"].create(
            {"name": "Einkauf Holding", "parent_id": self.rheintal.id}
        )
        south = self.make_account(self.rheintal_sued)
        invoice_of_south = self.make_invoice(self.rheintal_sued, 300.0)
        for document in (invoice, invoice_of_south):
            complaint = self.complain(buyer, move_id=document.id)
            wizard = self.env["key.account.complaint.resolve"].create(
                {"complaint_id": complaint.id}
            )
            self.assertEqual(wizard.line_ids.line_id, document.invoice_line_ids)
        # One account throughout: that of the document.
        self.assertEqual(complaint.account_id, south)
        of_holding = self.make_invoice(self.rheintal, 100.0)
        with self.assertRefused(
            "belongs to another customer", exception=ValidationError
        ):
            self.complain(self.rheintal_sued, move_id=of_holding.id)

    def test_invoice_that_somebody_else_pays(self):
        """A subsidiary complains about its order, though the parent is billed."""
        order = self.make_order(
            self.rheintal_sued, 5, partner_invoice_id=self.rheintal.id
        )
        order.action_confirm()
        order.order_line.qty_delivered = 5
        invoice = order._create_invoices()
        invoice.action_post()
        self.assertEqual(invoice.commercial_partner_id, self.rheintal)
        complaint = self.complain(self.rheintal_sued, move_id=invoice.id)
        wizard = self.env["key.account.complaint.resolve"].create(
            {"complaint_id": complaint.id}
        )
        self.assertEqual(wizard.line_ids.line_id, invoice.invoice_line_ids)
        wizard.line_ids.quantity = 2
        wizard.action_resolve()
        self.assertEqual(complaint.refund_move_id.partner_id, self.rheintal)

    def test_closing_mail_says_what_was_credited(self):
        """The customer reads the amount and the number before the stars."""
        invoice = self.bill()
        refund = self.credit(invoice, 4)
        complaint = refund.key_account_complaint_id
        self.assertIn("400.00", complaint._get_outcome_text())
        refund.action_post()
        complaint.action_close()
        mail = complaint.message_ids.filtered(lambda m: "/rate/" in (m.body or ""))
        self.assertIn(refund.name, mail.body)
        self.assertIn("400.00", mail.body)

    def test_billed_to_somebody_else(self):
        """What a company ordered is its own to complain about, though others paid."""
        south = self.make_account(self.rheintal_sued)
        self.make_account(self.rheintal)
        order = self.make_order(
            self.rheintal_sued, 2, partner_invoice_id=self.rheintal.id
        )
        order.action_confirm()
        invoice = order._create_invoices()
        invoice.action_post()
        complaint = self.complain(self.rheintal_sued, move_id=invoice.id)
        self.assertEqual(complaint.account_id, south)
        wizard = self.as_user(self.handler)["key.account.complaint.resolve"].create(
            {"complaint_id": complaint.id}
        )
        self.assertEqual(wizard.line_ids.line_id, invoice.invoice_line_ids)
        wizard.line_ids.quantity = 1.0
        wizard.action_resolve()
        credit = complaint.refund_move_ids
        self.assertEqual(credit.key_account_id, south)
        self.assertEqual(credit.partner_id, self.rheintal)
