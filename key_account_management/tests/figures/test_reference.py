# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import os
from datetime import datetime, time, timedelta

from odoo import Command
from odoo.tests import tagged

from ..common import KeyAccountCommon
from ..histories import RandomHistories
from .reference import Reference

#: How many events in a history, each followed by a night.
EVENTS = int(os.environ.get("KAM_EVENTS", "8"))


@tagged("post_install", "-at_install")
class TestReference(RandomHistories, KeyAccountCommon):
    """Random histories: night, rebuild and a plain reference agree to the cent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.factor = cls.make_customer("Factoring Bank AG")
        cls.accounts = (
            cls.account
            | cls.make_account(cls.rheintal)
            | cls.make_account(cls.rheintal_sued)
        )
        cls.tax = cls.env["account.tax"].create(
            {"name": "20 %", "amount": 20.0, "type_tax_use": "sale"}
        )

    def event_order(self):
        rng = self.rng
        partner = rng.choice(
            [
                self.anna,
                self.nordwind,
                self.rheintal,
                self.rheintal_sued,
                self.rheintal_lager,
                self.bergmann,
            ]
        )
        payer = rng.choice([partner, partner, partner, self.rheintal, self.factor])
        order = self.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "partner_invoice_id": payer.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": rng.choice([self.drill, self.gloves]).id,
                            "product_uom_qty": rng.choice([1, 2, 5, 10, -1]),
                            "price_unit": rng.choice([10.0, 99.99, 203.5]),
                            "discount": rng.choice([0, 0, 12.5]),
                            "tax_ids": [Command.set(rng.choice([[], self.tax.ids]))],
                        }
                    )
                    for _line in range(rng.randint(1, 3))
                ],
            }
        )
        if rng.random() < 0.8:
            order.action_confirm()
            day = self.today - timedelta(days=rng.randint(0, 760))
            order.date_order = datetime.combine(day, time(12))

    def event_invoice(self):
        order = self.some(
            "sale.order",
            [("state", "=", "sale"), ("invoice_status", "=", "to invoice")],
        )
        for move in order and order._create_invoices():
            line = move.invoice_line_ids.filtered("product_id")[:1]
            if line.quantity > 1 and self.rng.random() < 0.4:
                line.quantity = int(line.quantity / 2)
            if self.rng.random() < 0.2:
                line.price_unit *= 0.9
            self.post(move)

    def post(self, move):
        day = self.today - timedelta(days=self.rng.randint(0, 760))
        move.invoice_date = day
        move.invoice_payment_term_id = False
        move.invoice_date_due = day + timedelta(days=self.rng.choice([0, 14, 60]))
        if self.rng.random() < 0.9:
            move.action_post()

    def event_down_payment(self):
        order = self.some(
            "sale.order", [("state", "=", "sale"), ("amount_total", ">", 50)]
        )
        if order:
            wizard = (
                self.env["sale.advance.payment.inv"]
                .with_context(active_model="sale.order", active_ids=order.ids)
                .create({"advance_payment_method": "percentage", "amount": 10})
            )
            wizard._create_invoices(order).action_post()

    def event_direct_invoice(self):
        partner = self.rng.choice([self.anna, self.rheintal_lager, self.bergmann])
        self.post(
            self.make_invoice(partner, self.rng.choice([33.33, 500.0]), post=False)
        )

    def event_credit(self):
        invoice = self.some(
            "account.move",
            [
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
                ("payment_state", "!=", "reversed"),
            ],
        )
        if invoice:
            refund = invoice._reverse_moves([{"invoice_date": self.today}])
            for line in refund.invoice_line_ids:
                line.quantity = line.quantity * self.rng.choice([1, 0.5])
            refund.action_post()

    def event_pay(self):
        invoice = self.some(
            "account.move",
            [
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
                ("amount_residual", ">", 1),
            ],
        )
        if invoice:
            day = invoice.invoice_date + timedelta(days=self.rng.randint(0, 90))
            wizard = (
                self.env["account.payment.register"]
                .with_context(active_model="account.move", active_ids=invoice.ids)
                .create({"payment_date": min(day, self.today)})
            )
            if self.rng.random() < 0.3:
                wizard.amount = round(invoice.amount_residual / 3, 2)
            wizard._create_payments()

    def event_write_off(self):
        invoice = self.some(
            "account.move",
            [
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
                ("amount_residual", ">", 1),
            ],
        )
        line = invoice.line_ids.filtered(
            lambda item: item.account_id.account_type == "asset_receivable"
            and not item.reconciled
        )[:1]
        if line:
            amount = line.amount_residual
            expense = self.company_data["default_account_expense"]
            entry = self.env["account.move"].create(
                {
                    "move_type": "entry",
                    "date": self.today,
                    "line_ids": [
                        Command.create(
                            {
                                "account_id": account.id,
                                "partner_id": line.partner_id.id,
                                "balance": balance,
                            }
                        )
                        for account, balance in (
                            (line.account_id, -amount),
                            (expense, amount),
                        )
                    ],
                }
            )
            entry.action_post()
            (line | entry.line_ids[0]).reconcile()

    def event_take_back_payment(self):
        invoice = self.some(
            "account.move",
            [("move_type", "=", "out_invoice"), ("payment_state", "=", "paid")],
        )
        invoice.line_ids.remove_move_reconcile()

    def event_cancel(self):
        order = self.some("sale.order", [("state", "=", "sale")])
        if order and not order.invoice_ids:
            order._action_cancel()

    def event_reset(self):
        invoice = self.some(
            "account.move",
            [
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
                ("payment_state", "=", "not_paid"),
            ],
        )
        if invoice:
            invoice.button_draft()

    def event_move_contact(self):
        self.anna.parent_id = self.rng.choice([self.nordwind, self.rheintal_sued])

    def check(self, account, step):
        """Compare an account with the reference; return the number of comparisons."""
        expected = Reference(self.env, self.env.company, self.today).figures(account)
        for name, value in expected.items():
            self.assertAlmostEqual(
                account[name],
                value,
                places=2,
                msg=f"{name} of {account.display_name} after {step}",
            )
        return len(expected)

    def test_random_histories(self):
        """Each night equals the reference, and so does a rebuild of everything."""
        self.play_histories(4, self.play)

    def play(self):
        events = {
            self.event_order: 6,
            self.event_invoice: 6,
            self.event_down_payment: 1,
            self.event_direct_invoice: 2,
            self.event_credit: 2,
            self.event_pay: 5,
            self.event_write_off: 1,
            self.event_take_back_payment: 1,
            self.event_cancel: 1,
            self.event_reset: 1,
            self.event_move_contact: 1,
        }
        Kpi = self.env["key.account.kpi"].sudo()
        checks = 0
        # The first ones, so that there is something that others can change.
        for _number in range(3):
            self.happen({self.event_order: 1})
            self.happen({self.event_invoice: 1})
        for number in range(EVENTS):
            step = f"event {number}, {self.happen(events)}"
            Kpi._rebuild_queued(Kpi.env["key.account"].search([]))
            checks += self.check_all(step)
        Kpi._rebuild(self.accounts)
        return checks + self.check_all("the rebuild")

    def check_all(self, step):
        self.accounts._refresh_figures()
        return sum(self.check(account, step) for account in self.accounts)
