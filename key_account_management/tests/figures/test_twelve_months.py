# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import date, datetime

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from ..common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestTwelveMonths(KeyAccountCommon):
    """Twelve months are twelve on each day, and no data is no good mark."""

    def pay(self, invoice, day, amount=None):
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"payment_date": day})
        )
        if amount:
            wizard.amount = amount
        wizard._create_payments()

    def bill(self, price, day, due=None):
        """Post an invoice that is due after 30 days."""
        due = due or day + relativedelta(days=30)
        return self.make_due_invoice(self.nordwind, price, day, due)

    def refresh(self, moment=None):
        with freeze_time(moment or datetime.combine(self.today, datetime.min.time())):
            self.account.action_refresh_figures()

    def test_steady_customer(self):
        """5,000 on every 15th are 60,000, whatever day the figures are taken."""
        first = date(2023, 11, 15)
        for number in range(28):
            self.bill(5000.0, first + relativedelta(months=number))
        for day in (
            datetime(2025, 11, 30, 12),
            datetime(2025, 12, 1, 12),
            datetime(2025, 12, 14, 12),
            datetime(2025, 12, 15, 12),
            datetime(2025, 12, 31, 12),
            datetime(2026, 1, 1, 12),
            datetime(2026, 2, 28, 12),
        ):
            self.refresh(day)
            self.assertEqual(self.account.revenue_12m, 60000.0, day)
            self.assertEqual(self.account.revenue_prev_12m, 60000.0, day)
            self.assertEqual(self.account.growth, 0.0)
            lines = self.env["account.move.line"].search(
                self.account.action_view_revenue_12m()["domain"]
            )
            self.assertEqual(sum(lines.mapped("key_account_revenue")), 60000.0)

    def test_orders_and_margin_at_the_edges(self):
        """Orders and margins count from the same day a year ago on."""
        for day in ("2025-03-10", "2025-03-11", "2026-03-10", "2026-03-11"):
            order = self.make_order(self.nordwind)
            order.action_confirm()
            order.date_order = f"{day} 10:00:00"
            self.bill(10.0, date.fromisoformat(day))
        self.refresh(datetime(2026, 3, 10, 12))
        self.assertEqual(self.account.order_count_12m, 2)
        self.assertAlmostEqual(self.account.revenue_12m, 20.0)
        self.assertAlmostEqual(self.account.margin_12m, 12.0)

    def test_nobody_paid(self):
        """What is overdue counts with its age; nothing at all meets nothing."""
        self.refresh()
        self.assertEqual(self.account.days_to_pay_weight, 0.0)
        self.assertIsNone(self.account._get_criteria_figures()["days_to_pay"])
        self.bill(302593.0, self.today - relativedelta(days=100))
        self.bill(50.0, self.today - relativedelta(days=5))
        self.refresh()
        self.assertAlmostEqual(self.account.days_to_pay, 100.0)
        self.assertAlmostEqual(self.account.days_to_pay_weight, 302593.0)

    def test_weighed_by_amount(self):
        """A tiny invoice that is paid at once doesn't make a good payer."""
        day = self.today - relativedelta(days=80)
        self.pay(self.bill(30000.0, day), day + relativedelta(days=66))
        self.pay(self.bill(1.0, day), day + relativedelta(days=33))
        self.refresh()
        days = (30000 * 66 + 33) / 30001
        self.assertAlmostEqual(self.account.days_to_pay, days, places=4)
        # A part counts with its amount, what is left as soon as it is overdue.
        self.pay(self.bill(1000.0, day), day + relativedelta(days=10), 400.0)
        self.refresh()
        days = (30000 * 66 + 33 + 400 * 10 + 600 * 80) / 31001
        self.assertAlmostEqual(self.account.days_to_pay, days, places=4)

    def test_write_off_is_no_payment(self):
        """An invoice that was written off, or credited, was not paid."""
        invoice = self.bill(1000.0, self.today - relativedelta(days=40))
        receivable = invoice.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": self.today,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "partner_id": self.nordwind.id,
                            "debit": debit,
                            "credit": credit,
                        }
                    )
                    for account, debit, credit in (
                        (receivable.account_id, 0.0, 1000.0),
                        (self.company_data["default_account_expense"], 1000.0, 0.0),
                    )
                ],
            }
        )
        entry.action_post()
        (receivable | entry.line_ids[0]).reconcile()
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))
        refunded = self.bill(500.0, self.today - relativedelta(days=40))
        refund = refunded._reverse_moves([{"invoice_date": self.today}])
        refund.action_post()
        (refund.line_ids | refunded.line_ids).filtered(
            lambda line: line.account_id == receivable.account_id
            and not line.reconciled
        ).reconcile()
        self.refresh()
        self.assertEqual(self.account.days_to_pay_weight, 0.0)
        self.assertEqual(sum(self.account.kpi_ids.mapped("paid_count")), 0)

    def test_health_without_data(self):
        """Nothing to judge by is no score, and no risk."""
        account = self.make_account(self.bergmann)
        self.assertFalse(account.health_date)
        self.assertFalse(account.health_ids)
        self.assertEqual(account.state, "active")
        account._message_log(body="Angelegt", message_type="comment")
        note, offer = "Für uns", "Ihr Angebot"
        account.message_post(
            body=note, message_type="comment", subtype_xmlid="mail.mt_note"
        )
        account.action_refresh_figures()
        self.assertFalse(account.last_contact_date)
        order = self.make_order(self.bergmann)
        order.message_post(
            body=offer,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.bergmann.ids,
        )
        account.action_refresh_figures()
        self.assertEqual(account.last_contact_date, self.today)
        self.assertEqual(account.health_ids.component_id.mapped("kind"), ["contact"])

    def test_growth_against_scraps(self):
        """A year before that was next to nothing says nothing about growth."""
        self.bill(1000.0, self.today - relativedelta(months=18))
        for price, judged in ((5000.0, False), (-3000.0, True)):
            if price < 0:
                self.bill(3000.0, self.today - relativedelta(months=19))
            else:
                self.bill(price, self.today - relativedelta(months=2))
            self.refresh()
            kinds = self.account.health_ids.component_id.mapped("kind")
            self.assertEqual("growth" in kinds, judged)

    def test_weights_are_a_hundred(self):
        """The weights that come with the addon add up to a hundred."""
        components = self.env["key.account.health.component"].search([])
        self.assertEqual(sum(components.mapped("weight")), 100.0)
