# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import date

from odoo import Command
from odoo.tests import tagged

from .common import RebateCommon


@tagged("post_install", "-at_install")
class TestRebateSettlement(RebateCommon):
    """Each settlement pays what is earned minus what was settled before."""

    def test_true_up(self):
        rebate = self.make_rebate((5000, 2), (20000, 4))
        self.sell(3000)
        self.assertFalse(self.settle(rebate))
        self.sell(4000)
        first = self.settle(rebate)
        self.assertEqual(first.amount, 140.0)
        self.assertEqual(first.state, "settled")
        self.assertEqual(first.move_id.move_type, "out_refund")
        self.assertEqual(first.move_id.partner_id, self.nordwind)
        self.assertEqual(first.move_id.amount_untaxed, 140.0)
        self.sell(20000)
        second = self.settle(rebate)
        self.assertEqual((second.earned, second.settled_before), (1080.0, 140.0))
        self.assertEqual(second.amount, 940.0)
        self.assertFalse(self.settle(rebate))

    def test_own_credit_notes_are_no_basis(self):
        rebate = self.make_rebate((0, 5), (1000, 10), (5000, 20))
        self.sell(999.99)
        self.assertEqual(self.settle(rebate).amount, 50.0)
        self.sell(10500.01)
        self.assertEqual(self.settle(rebate).amount, 2250.0)
        rebate._refresh()
        self.assertEqual(rebate.open_amount, 0.0)
        worth = rebate._measure(
            [(rebate, rebate._get_period(date(2025, 6, 1)))], self.today
        )[0]
        self.assertEqual(float(worth.reached), 11500.0)

    def test_return_after_settlement(self):
        rebate = self.make_rebate((50000, 2), (100000, 3))
        invoice = self.sell(100000)
        self.assertEqual(self.settle(rebate).amount, 3000.0)
        self.give_back(invoice, 5000, day=str(self.today))
        correction = self.settle(rebate)
        self.assertEqual(correction.amount, -1100.0)
        # Reclaimed by an invoice, as a credit note can't be negative.
        self.assertEqual(correction.move_id.move_type, "out_invoice")
        self.assertEqual(correction.move_id.amount_untaxed, 1100.0)
        rebate._refresh()
        self.assertEqual(rebate.open_amount, 0.0)

    def test_split_over_taxes(self):
        rebate = self.make_rebate((0, 3))
        full, reduced, zero = self.taxes
        self.sell(60000, tax=full)
        self.sell(30000, tax=reduced)
        self.sell(10000, tax=zero)
        move = self.settle(rebate).move_id
        lines = move.invoice_line_ids.sorted("price_subtotal", reverse=True)
        self.assertEqual(lines.mapped("price_subtotal"), [1800.0, 900.0, 300.0])
        self.assertEqual(lines.mapped("tax_ids"), self.taxes)
        self.assertEqual(
            [line.price_total - line.price_subtotal for line in lines],
            [342.0, 63.0, 0.0],
        )
        self.assertEqual(move.amount_total, 3405.0)
        self.assertEqual(set(lines.account_id), {self.bonus_account})

    def test_taxes_included_in_the_price(self):
        tax = self.taxes[0].copy(
            {"name": "In", "price_include_override": "tax_included"}
        )
        rebate = self.make_rebate((0, 3))
        self.sell(119, tax=tax)
        self.sell(333.33, tax=tax)
        settlement = self.settle(rebate)
        self.assertEqual(settlement.basis, 380.11)
        self.assertEqual(settlement.amount, 11.40)
        self.assertEqual(settlement.move_id.amount_untaxed, 11.40)

    def test_group(self):
        self.make_account(self.rheintal)
        sued = self.rheintal_sued
        parent = self.env["key.account"].search([("partner_id", "=", self.rheintal.id)])
        child = self.make_account(sued, parent_id=parent.id)
        self.assertEqual(child.parent_id, parent)
        rebate = self.make_rebate((1000000, 3), account_id=parent.id, volume="group")
        self.sell(600000, partner=self.rheintal)
        self.assertFalse(self.settle(rebate))
        self.sell(500000, partner=sued)
        settlement = self.settle(rebate)
        self.assertEqual(settlement.amount, 33000.0)
        self.assertEqual(
            {
                move.partner_id: move.amount_untaxed
                for move in settlement.line_ids.move_id
            },
            {self.rheintal: 18000.0, sued: 15000.0},
        )

    def test_late_credit_note_with_the_next_period(self):
        rebate = self.make_rebate((0, 2), period="quarter", date_end="2025-06-30")
        invoice = self.sell(10000, day="2025-03-10")
        self.assertEqual(self.settle(rebate).amount, 200.0)
        self.sell(5000, day="2025-05-10")
        self.give_back(invoice, 2000, day="2025-05-12")
        settlements = self.settle(rebate)
        self.assertEqual(
            {s.date_from: s.amount for s in settlements},
            {date(2025, 1, 1): -40.0, date(2025, 4, 1): 100.0},
        )
        # One credit note over the difference.
        self.assertEqual(settlements.line_ids.move_id.amount_untaxed, 60.0)

    def test_cancelled_credit_note_is_paid_again(self):
        rebate = self.make_rebate((0, 2))
        self.sell(10000)
        first = self.settle(rebate, post=False)
        self.assertEqual(first.state, "draft")
        with self.assertRefused("under way"):
            rebate._settle()
        first.action_cancel()
        self.assertEqual((first.state, first.move_id.state), ("cancelled", "cancel"))
        second = self.settle(rebate)
        self.assertEqual((second.amount, second.number), (200.0, 2))
        second.move_id.button_draft()
        self.assertEqual(second.state, "draft")
        second.move_id.unlink()
        self.assertEqual(second.state, "cancelled")
        self.assertEqual(self.settle(rebate).amount, 200.0)

    def test_reversed_credit_note_is_paid_again(self):
        rebate = self.make_rebate((0, 2))
        self.sell(10000)
        note = self.settle(rebate).move_id
        note._reverse_moves([{"invoice_date": self.today}], cancel=True)
        rebate._refresh()
        self.assertEqual((rebate.settled_amount, rebate.open_amount), (0.0, 200.0))
        self.assertEqual(self.settle(rebate).amount, 200.0)

    def test_accountant_gives_less(self):
        rebate = self.make_rebate((0, 2))
        self.sell(10000)
        note = self.settle(rebate, post=False).move_id
        note.invoice_line_ids.price_unit = 150.0
        note.action_post()
        self.assertEqual(self.settle(rebate).amount, 50.0)

    def test_invoice_put_back_to_draft(self):
        rebate = self.make_rebate((0, 2))
        invoice = self.sell(10000)
        self.settle(rebate)
        invoice.button_draft()
        self.assertIn("was put back to draft", rebate.message_ids[0].body)
        rebate._refresh()
        self.assertEqual((rebate.open_amount, rebate.due_amount), (-200.0, -200.0))
        self.assertEqual(self.settle(rebate).amount, -200.0)

    def test_above_the_limit_somebody_else_decides(self):
        rebate = self.make_rebate((0, 2))
        self.sell(100000)
        as_kam = self.as_user(self.kam, rebate)
        as_kam.action_settle()
        settlement = rebate.settlement_ids
        self.assertEqual(settlement.state, "to_approve")
        self.assertFalse(settlement.line_ids)
        with self.assertRefused(exception=Exception):
            self.as_user(self.kam, settlement).action_approve()
        self.as_user(self.director, settlement).action_approve()
        self.assertEqual(settlement.state, "draft")
        self.assertEqual(settlement.move_id.amount_untaxed, 2000.0)

    def test_central_billing(self):
        rebate = self.make_rebate((0, 10))
        order = self.make_order(self.nordwind, 5, partner_invoice_id=self.bergmann.id)
        order.action_confirm()
        order.order_line.qty_delivered = 5
        invoice = order._create_invoices()
        invoice.action_post()
        settlement = self.settle(rebate)
        self.assertEqual(settlement.amount, invoice.amount_untaxed / 10)
        move = settlement.move_id
        self.assertEqual(move.partner_id, self.bergmann)
        self.assertEqual(move.key_account_partner_id, self.nordwind)

    def test_paid_in_points(self):
        program = self.env["loyalty.program"].create(
            {
                "name": "Alpen-Punkte",
                "program_type": "loyalty",
                "trigger": "auto",
                "applies_on": "both",
                "key_account_tier_ids": [Command.set(self.gold.ids)],
            }
        )
        rebate = self.make_rebate(
            (0, 2), payout="points", program_id=program.id, points_rate=10
        )
        self.sell(1000)
        settlement = self.settle(rebate, post=False)
        self.assertEqual(
            (settlement.state, settlement.points_amount), ("settled", 20.0)
        )
        card = rebate._get_points_card()
        self.assertEqual(card.points, 200.0)
        self.assertFalse(self.settle(rebate))
        settlement.action_cancel()
        self.assertEqual((settlement.state, card.points), ("cancelled", 0.0))
        self.settle(rebate)
        self.assertEqual(card.points, 200.0)

    def test_credit_note_that_pays_an_invoice_takes_no_points_back(self):
        rebate = self.make_rebate((0, 2))
        invoice = self.sell(1000)
        note = self.settle(rebate).move_id
        lines = (invoice | note).line_ids.filtered(
            lambda line: line.display_type == "payment_term"
        )
        lines.reconcile()
        self.assertEqual(invoice.amount_residual, 980.0)
        self.assertFalse(invoice._get_reconciled_credits())
        self.assertTrue(note._pays_out())
        self.assertFalse(invoice._pays_out())

    def test_many_small_settlements_are_one_amount(self):
        rebate = self.make_rebate((0, 2))
        self.sell(15000)
        self.as_user(self.kam, rebate).action_settle()
        first = rebate.settlement_ids
        self.assertEqual((first.amount, first.state), (300.0, "draft"))
        first.move_id.action_post()
        self.sell(15000)
        self.as_user(self.kam, rebate).action_settle()
        second = rebate.settlement_ids - first
        self.assertEqual((second.amount, second.state), (300.0, "to_approve"))

    def test_present_period_only_when_asked(self):
        rebate = self.make_rebate((0, 2), date_start=self.today.replace(day=1, month=1))
        self.sell(1000, day=str(self.today))
        with self.assertRefused("nothing to settle"):
            rebate.action_settle()
        rebate.action_settle_early()
        self.assertEqual(rebate.settlement_ids.amount, 20.0)
        self.assertFalse(rebate.settlement_ids.is_final)

    def test_two_taxes_on_a_line(self):
        rebate = self.make_rebate((0, 2))
        taxes = self.taxes[1] | self.taxes[0]
        self.sell(1000, tax=taxes)
        self.settle(rebate)
        self.sell(500, tax=taxes)
        # The same taxes again: one line, and nothing moved between two of them.
        line = self.settle(rebate).move_id.invoice_line_ids
        self.assertEqual(line.price_subtotal, 10.0)
        self.assertEqual(line.tax_ids, self.taxes[0] | self.taxes[1])
