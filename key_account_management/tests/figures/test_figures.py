# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import random
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ...models.figures.key_account_open_amounts import OpenAmounts
from ..common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestFigures(KeyAccountCommon):
    """The figures match the documents to the cent."""

    def refresh(self, accounts=None):
        """Do what the nightly job does: drain the queue, then update twelve months."""
        # Like the scheduled action, for the accounts of all companies.
        Kpi = self.env["key.account.kpi"].sudo()
        self.env.flush_all()
        everybody = Kpi.env["key.account"].with_context(active_test=False).search([])
        Kpi._rebuild_queued(everybody)
        (accounts or self.account)._refresh_figures()

    def monthly(self, account):
        return {
            kpi.month: (kpi.revenue, kpi.order_count, kpi.paid_count, kpi.paid_days)
            for kpi in account.kpi_ids
            # Skip months that only hold what was open at their end.
            if kpi.revenue or kpi.cost or kpi.order_count or kpi.paid_count
        }

    def reference(self, account):
        """Add up the account's documents in plain Python."""
        months = {}
        moves = self.env["account.move"].search(
            [
                ("commercial_partner_id", "=", account.partner_id.id),
                ("company_id", "=", account.company_id.id),
                ("move_type", "in", ("out_invoice", "out_refund", "out_receipt")),
                ("state", "=", "posted"),
            ]
        )
        for move in moves:
            row = months.setdefault(move.invoice_date.replace(day=1), [0, 0, 0, 0])
            for line in move.invoice_line_ids:
                if line.display_type == "product":
                    row[0] = account.currency_id.round(row[0] - line.balance)
            if move.move_type != "out_refund" and move.payment_state in (
                "paid",
                "in_payment",
            ):
                paid = move.line_ids.matched_credit_ids.filtered(
                    lambda part: part.credit_move_id.move_id.origin_payment_id
                )
                if paid:
                    row[2] += 1
                    row[3] += (max(paid.mapped("max_date")) - move.invoice_date).days
        orders = self.env["sale.order"].search(
            [
                ("partner_id", "child_of", account.partner_id.id),
                ("company_id", "=", account.company_id.id),
                ("state", "=", "sale"),
            ]
        )
        for order in orders:
            if order.partner_id.commercial_partner_id == account.partner_id:
                day = order.date_order.date().replace(day=1)
                months.setdefault(day, [0, 0, 0, 0])[1] += 1
        return {month: tuple(row) for month, row in months.items() if any(row)}

    def assertRight(self, account):
        """The monthly rows equal the reference, also after a full rebuild."""
        self.refresh(account)
        expected = self.reference(account)
        self.assertEqual(self.monthly(account), expected)
        self.env["key.account.kpi"]._rebuild(account)
        self.assertEqual(self.monthly(account), expected)
        since, until = account.figures_from, account.figures_to
        self.assertEqual(since, until - relativedelta(years=1) + timedelta(days=1))
        for fname, first, last in (
            ("revenue_12m", since, until),
            (
                "revenue_prev_12m",
                since - relativedelta(years=1),
                since - timedelta(days=1),
            ),
        ):
            self.assertAlmostEqual(
                account[fname], self.revenue(account, first, last), places=2
            )

    def revenue(self, account, first, last):
        """Add up the revenue of some days in plain Python."""
        moves = self.env["account.move"].search(
            [
                ("commercial_partner_id", "=", account.partner_id.id),
                ("company_id", "=", account.company_id.id),
                ("move_type", "in", ("out_invoice", "out_refund", "out_receipt")),
                ("state", "=", "posted"),
                ("invoice_date", ">=", first),
                ("invoice_date", "<=", last),
            ]
        )
        return sum(moves.mapped("amount_untaxed_signed"))

    def pay(self, invoice, day):
        return (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"payment_date": day})
            ._create_payments()
        )

    def reverse(self, invoice, day):
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"date": day, "journal_id": invoice.journal_id.id})
        )
        credit_note = self.env["account.move"].browse(wizard.reverse_moves()["res_id"])
        credit_note.invoice_date = day
        credit_note.action_post()
        return credit_note

    def test_credit_notes_count_as_minus_and_drafts_not_at_all(self):
        """Revenue is what was posted minus credit notes; drafts don't count."""
        invoice = self.make_invoice(self.nordwind, 1000.0)
        self.make_invoice(self.anna, 500.0)
        self.make_invoice(self.nordwind, 7777.0, post=False)
        self.make_invoice(self.bergmann, 300.0)
        cancelled = self.make_invoice(self.nordwind, 400.0)
        cancelled.button_draft()
        cancelled.button_cancel()
        self.reverse(invoice, self.today)
        self.assertRight(self.account)
        self.assertAlmostEqual(self.account.revenue_12m, 500.0)

    def test_late_edit_moves_the_amount_to_its_new_month(self):
        """An invoice posted again with a new date moves to its new month."""
        invoice = self.make_invoice(self.nordwind, 1000.0)
        self.refresh()
        invoice.button_draft()
        invoice.invoice_date = self.today - relativedelta(months=3)
        invoice.action_post()
        self.assertRight(self.account)
        self.assertEqual(
            list(self.monthly(self.account)), [invoice.invoice_date.replace(day=1)]
        )

    def test_foreign_currency_at_the_rate_of_the_invoice_date(self):
        """A later change of the exchange rate doesn't change the figure."""
        currency = self.setup_other_currency("EUR", rates=[("2016-01-01", 2.0)])
        invoice = self.make_invoice(self.nordwind, 1000.0, currency_id=currency.id)
        currency.rate_ids.rate = 4.0
        self.assertRight(self.account)
        self.assertAlmostEqual(self.account.revenue_12m, 500.0)
        self.assertAlmostEqual(-sum(invoice.invoice_line_ids.mapped("balance")), 500.0)

    def test_days_to_pay_and_what_is_open(self):
        """Paid invoices set the days to pay; unpaid ones are overdue or exposure."""
        day = self.today - timedelta(days=60)
        paid = self.make_invoice(self.nordwind, 1000.0, invoice_date=day)
        self.make_due_invoice(self.nordwind, 250.0, day, day + timedelta(days=1))
        self.pay(paid, day + timedelta(days=20))
        self.assertRight(self.account)
        # What is overdue counts with its age.
        days = (1000.0 * 20 + 250.0 * 60) / 1250.0
        self.assertAlmostEqual(self.account.days_to_pay, days)
        self.assertAlmostEqual(self.account.overdue_amount, 250.0)
        self.assertAlmostEqual(self.account.credit_exposure, 250.0)
        lines = self.env["account.move.line"].search(
            self.account.action_view_overdue()["domain"]
        )
        self.assertAlmostEqual(sum(lines.mapped("amount_residual")), 250.0)

    def test_open_amounts(self):
        """The open amounts equal the sum of the list that they open."""
        company, day = self.account.company_id, self.today - timedelta(days=60)
        terms = {"invoice_payment_term_id": False}
        for price, due in ((250.0, day), (100.0, day + timedelta(days=30))):
            self.make_invoice(
                self.nordwind,
                price,
                invoice_date=day,
                invoice_date_due=due,
                **terms,
            )
        # Not matched with any invoice: it reduces the overdue amount.
        self.make_invoice(
            self.anna,
            40.0,
            move_type="out_refund",
            invoice_date=day,
            invoice_date_due=day,
            **terms,
        )
        self.make_order(self.nordwind, 3, 2).action_confirm()
        other = self.make_account(self.bergmann)
        amounts = (self.account | other)._get_open_amounts(company, self.today)
        found = amounts[self.account.id]
        self.assertEqual(found.open, 310.0)
        self.assertEqual(found.overdue, 310.0)
        self.assertEqual(found.overdue_items, 350.0)
        self.assertEqual(found.oldest, day)
        self.assertEqual(found.uninvoiced, 900.0)
        self.assertEqual(found.exposure, 1210.0)
        self.assertEqual(amounts[other.id], OpenAmounts())
        lines = self.env["account.move.line"].search(
            self.account._overdue_domain(self.today)
        )
        self.assertAlmostEqual(sum(lines.mapped("amount_residual")), found.overdue)
        self.refresh()
        self.assertEqual(self.account.overdue_amount, found.overdue)
        self.assertEqual(self.account.credit_exposure, found.exposure)
        earlier = self.account._get_open_amounts(
            company, day + timedelta(days=30), with_orders=False
        )[self.account.id]
        self.assertEqual((earlier.overdue, earlier.overdue_items), (210.0, 250.0))
        self.assertEqual((earlier.uninvoiced, earlier.exposure), (0.0, 310.0))

    def test_payment_taken_back_counts_no_longer(self):
        """Unreconciling a payment removes its days to pay."""
        invoice = self.make_invoice(self.nordwind, 1000.0)
        self.pay(invoice, self.today)
        self.assertRight(self.account)
        self.assertEqual(sum(self.account.kpi_ids.mapped("paid_count")), 1)
        invoice.line_ids.remove_move_reconcile()
        self.assertRight(self.account)
        self.assertEqual(sum(self.account.kpi_ids.mapped("paid_count")), 0)

    def test_revenue_opens_the_lines_it_is_made_of(self):
        """The list behind the revenue adds up to it."""
        invoice = self.make_invoice(self.nordwind, 1234.56)
        self.make_invoice(self.anna, 99.99)
        self.reverse(invoice, self.today)
        self.refresh()
        lines = self.env["account.move.line"].search(
            self.account.action_view_revenue_12m()["domain"]
        )
        self.assertAlmostEqual(
            sum(lines.mapped("key_account_revenue")), self.account.revenue_12m
        )

    def test_group_adds_up_subsidiaries_of_any_depth(self):
        """The holding's group figures include subsidiaries of any depth."""
        holding = self.make_account(self.rheintal)
        middle = self.make_account(self.rheintal_sued)
        lowest = self.make_account(self.rheintal_lager)
        for partner, amount in (
            (self.rheintal, 100.0),
            (self.rheintal_sued, 20.0),
            (self.rheintal_lager, 3.0),
        ):
            self.make_invoice(partner, amount)
        self.refresh(holding | middle | lowest)
        self.assertEqual(lowest.parent_id, middle)
        self.assertAlmostEqual(holding.revenue_12m, 100.0)
        self.assertAlmostEqual(holding.group_revenue_12m, 123.0)
        self.assertAlmostEqual(middle.group_revenue_12m, 23.0)

    def test_abc_classes_by_cumulative_share_of_all_customers(self):
        """The ABC ranking includes ordinary customers."""
        small = self.make_account(self.rheintal)
        self.make_invoice(self.nordwind, 800.0)
        self.make_invoice(self.bergmann, 150.0)
        self.make_invoice(self.rheintal, 50.0)
        self.refresh(self.account | small)
        self.assertEqual((self.account.abc_class, small.abc_class), ("a", "c"))
        self.assertAlmostEqual(self.account.revenue_share, 80.0)
        self.assertAlmostEqual(small.cumulative_share, 100.0)

    def test_cost_is_that_of_the_day_the_invoice_was_posted(self):
        """A new product cost changes neither past months nor a full rebuild."""
        self.gloves.standard_price = 4.0
        invoice = self.make_invoice(self.nordwind, 10.0)
        self.refresh()
        self.assertAlmostEqual(self.account.margin_12m, 6.0)
        self.gloves.standard_price = 9.0
        self.account.action_refresh_figures()
        self.assertAlmostEqual(self.account.margin_12m, 6.0)
        self.reverse(invoice, self.today)
        self.refresh()
        self.assertAlmostEqual(self.account.margin_12m, 5.0)

    def test_cost_corrected_on_the_order_line_changes_the_margin(self):
        """Correcting the purchase price of an order line changes the margin."""
        order = self.make_order(self.nordwind, 1)
        order.action_confirm()
        order._create_invoices().action_post()
        self.refresh()
        self.assertAlmostEqual(self.account.margin_12m, 180.0 - 120.0)
        order.order_line.purchase_price = 100.0
        self.refresh()
        self.assertAlmostEqual(self.account.margin_12m, 180.0 - 100.0)

    def test_customer_with_a_past_gets_its_costs_when_made_a_key_account(self):
        """A new key account's earlier documents count with their costs."""
        self.gloves.standard_price = 4.0
        self.make_invoice(self.bergmann, 10.0)
        account = self.make_account(self.bergmann)
        self.assertAlmostEqual(account.margin_12m, 6.0)

    def test_month_keeps_what_was_open_at_its_end(self):
        """The month keeps its overdue amount until the invoice is paid."""
        day = self.today - timedelta(days=60)
        invoice = self.make_due_invoice(
            self.nordwind, 250.0, day, day + timedelta(days=1)
        )
        self.refresh()
        this_month = self.account.kpi_ids.filtered(
            lambda kpi: kpi.month == self.today.replace(day=1)
        )
        self.assertEqual(this_month.overdue_amount, 250.0)
        self.env["key.account.kpi"]._rebuild(self.account)
        self.assertEqual(this_month.exists().overdue_amount, 250.0)
        self.pay(invoice, self.today)
        self.refresh()
        self.assertEqual(this_month.overdue_amount, 0.0)

    def test_figures_can_not_be_entered(self):
        """No user can enter a revenue or a score."""
        for user in (self.kam, self.director):
            for name in ("revenue_12m", "health_score", "abc_class"):
                value = "a" if name == "abc_class" else 99
                with self.assertRefused("can't enter", exception=AccessError):
                    self.as_user(user, self.account).write({name: value})

    def test_queries_do_not_grow_with_the_accounts(self):
        """Forty accounts take as many queries as five."""
        accounts = self.env["key.account"].create(
            [
                {
                    "partner_id": self.make_customer(f"Filiale {number}").id,
                    "manager_id": self.kam.id,
                }
                for number in range(40)
            ]
        )
        accounts._refresh_figures()
        few = self.count_queries(accounts[:5]._refresh_figures)
        many = self.count_queries(accounts._refresh_figures)
        self.assertLessEqual(many, few)

    def test_random_histories_equal_the_plain_sum(self):
        """After random histories, nightly update and full rebuild agree."""
        rng = random.Random(19)
        invoices = self.env["account.move"]
        orders = self.env["sale.order"]
        other = self.make_account(self.rheintal)
        for step in range(60):
            day = self.today - timedelta(days=rng.randrange(700))
            partner = rng.choice([self.nordwind, self.anna, self.rheintal])
            posted = invoices.filtered(lambda m: m.state == "posted")
            action = rng.randrange(6)
            if action <= 1 or not posted:
                invoices |= self.make_invoice(
                    partner, rng.randrange(1, 99999) / 100, invoice_date=day
                )
            elif action == 2:
                self.reverse(rng.choice(posted), self.today)
            elif action == 3:
                invoice = rng.choice(posted)
                if invoice.payment_state == "not_paid":
                    self.pay(invoice, invoice.invoice_date + timedelta(days=step))
            elif action == 4:
                invoice = rng.choice(posted)
                invoice.line_ids.remove_move_reconcile()
                invoice.button_draft()
                if rng.randrange(2):
                    invoice.button_cancel()
                else:
                    invoice.write(
                        {"name": "/", "invoice_date": day, "partner_id": partner.id}
                    )
                    invoice.action_post()
            else:
                order = self.make_order(partner, rng.randrange(1, 9))
                order.action_confirm()
                orders |= order
                if rng.randrange(3) == 0:
                    rng.choice(orders)._action_cancel()
            if step % 12 == 11:
                for account in (self.account, other):
                    self.assertRight(account)
