# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import datetime, time, timedelta

from odoo.tests import Form, tagged

from ..common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestPaymentTermAndCreditLimit(KeyAccountCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.term_60 = cls.make_payment_term(60)
        cls.term_90 = cls.make_payment_term(90)
        cls.env.company.account_use_credit_limit = True

    def draft_invoice(self, partner, price, **values):
        return self.make_invoice(partner, price, post=False, **values)

    def assertTerm(self, partner, term):
        self.assertEqual(self.make_order(partner).payment_term_id, term)
        self.assertEqual(self.draft_invoice(partner, 10).invoice_payment_term_id, term)

    def test_term_of_the_tier(self):
        """Orders and invoices have the tier's payment terms and due date."""
        self.assertTerm(self.nordwind, self.term_45)
        self.assertTerm(self.anna, self.term_45)
        invoice = self.make_invoice(self.nordwind, 10, invoice_date=self.today)
        self.assertEqual(invoice.invoice_date_due, self.today + timedelta(days=45))

    def test_term_of_account_and_group_parent(self):
        """Own payment terms go before the group parent's, then come the tier's."""
        self.make_account(self.rheintal, payment_term_id=self.term_90.id)
        sued = self.make_account(self.rheintal_sued, tier_id=self.gold.id)
        self.assertTerm(self.rheintal_sued, self.term_90)
        sued.payment_term_id = self.term_60
        self.assertTerm(self.rheintal_sued, self.term_60)

    def test_term_set_by_hand_on_the_customer_stays(self):
        """Payment terms that accounting set on the customer go before the tier's."""
        self.nordwind.property_payment_term_id = self.term_90
        self.assertTerm(self.nordwind, self.term_90)
        self.assertTerm(self.anna, self.term_90)

    def test_general_default_is_not_set_by_hand(self):
        """A default for all customers doesn't count as set by hand."""
        self.env["ir.default"].set(
            "res.partner",
            "property_payment_term_id",
            self.term_60.id,
            company_id=self.env.company.id,
        )
        self.env.invalidate_all()
        self.assertTerm(self.bergmann, self.term_60)
        self.assertTerm(self.nordwind, self.term_45)

    def test_archived_term_is_skipped(self):
        """Archived payment terms are skipped."""
        self.account.payment_term_id = self.term_60
        self.term_60.active = False
        self.assertTerm(self.nordwind, self.term_45)

    def test_ordinary_customer_and_bill_have_core_terms(self):
        """Ordinary customers and bills of a key account have Odoo's terms."""
        self.assertTerm(self.bergmann, self.env["account.payment.term"])
        bill = self.draft_invoice(self.nordwind, 10, move_type="in_invoice")
        self.assertFalse(bill.invoice_payment_term_id)

    def test_term_chosen_on_the_order_reaches_the_invoice(self):
        """Payment terms chosen on an order reach its invoice."""
        order = self.make_order(self.nordwind)
        order.payment_term_id = self.term_90
        order.action_confirm()
        invoice = order._create_invoices()
        invoice.action_post()
        self.assertEqual(order.payment_term_id, self.term_90)
        self.assertEqual(invoice.invoice_payment_term_id, self.term_90)

    def test_term_at_the_orders_date(self):
        """A backdated order or invoice has the terms of the tier on its date."""
        bergmann = self.make_account(self.bergmann)
        self.silver.payment_term_id = self.term_60
        day = self.today - timedelta(days=20)
        self.change_tier(bergmann, self.silver, day)
        self.change_tier(bergmann, self.gold)
        for date, term in (
            (day - timedelta(days=1), self.env["account.payment.term"]),
            (day, self.term_60),
            (self.today, self.term_45),
        ):
            order = self.make_order(
                self.bergmann, date_order=datetime.combine(date, time(12))
            )
            self.assertEqual(order.payment_term_id, term)
            invoice = self.draft_invoice(self.bergmann, 10, invoice_date=date)
            self.assertEqual(invoice.invoice_payment_term_id, term)

    def test_credit_limit_of_the_tier(self):
        """An order beyond the tier's credit limit shows a warning naming the tier."""
        self.assertFalse(self.make_order(self.nordwind, 27).partner_credit_warning)
        warning = self.make_order(self.nordwind, 28).partner_credit_warning
        for text in ("Nordwind Handels GmbH", "5,000.00", "Tier Gold", "5,040.00"):
            self.assertIn(text, warning)

    def test_credit_limit_counts_what_is_owed(self):
        """Open invoices and confirmed orders count, including a contact's."""
        self.make_invoice(self.nordwind, 3000.0)
        self.make_order(self.anna, 10).action_confirm()
        self.env.invalidate_all()
        self.assertFalse(self.make_order(self.nordwind, 1).partner_credit_warning)
        self.assertIn(
            "5,160.00", self.make_order(self.nordwind, 2).partner_credit_warning
        )

    def test_credit_limit_on_the_invoice(self):
        """A draft invoice shows the warning without counting its own order twice."""
        self.assertFalse(self.draft_invoice(self.nordwind, 5000).partner_credit_warning)
        self.assertIn(
            "Tier Gold", self.draft_invoice(self.nordwind, 5001).partner_credit_warning
        )
        order = self.make_order(self.nordwind, 20)
        order.action_confirm()
        invoice = order._create_invoices()
        self.env.invalidate_all()
        self.assertAlmostEqual(invoice.amount_total, 3600.0)
        self.assertFalse(invoice.partner_credit_warning)

    def test_special_credit_limit(self):
        """The account's own credit limit goes before the tier's."""
        self.account.credit_limit = 8000.0
        self.assertFalse(self.make_order(self.nordwind, 40).partner_credit_warning)
        self.assertIn(
            "This key account",
            self.make_order(self.nordwind, 50).partner_credit_warning,
        )

    def test_customers_own_limit_wins(self):
        """A limit that accounting set on the customer wins, higher or lower."""
        self.nordwind.write({"use_partner_credit_limit": True, "credit_limit": 100.0})
        warning = self.make_order(self.nordwind, 1).partner_credit_warning
        self.assertIn("100.00", warning)
        self.assertNotIn("Tier Gold", warning)
        self.nordwind.credit_limit = 50000.0
        self.assertFalse(self.make_order(self.nordwind, 40).partner_credit_warning)

    def test_no_warning_where_the_company_checks_no_limits(self):
        """If credit limits are off, there is no warning, and the tier says so."""
        self.assertFalse(self.gold.credit_limit_inactive)
        self.env.company.account_use_credit_limit = False
        self.env.invalidate_all()
        self.assertTrue(self.gold.credit_limit_inactive)
        self.assertFalse(self.make_order(self.nordwind, 40).partner_credit_warning)
        self.assertFalse(self.draft_invoice(self.nordwind, 9000).partner_credit_warning)
        self.as_user(self.director, self.gold).action_activate_credit_limits()
        self.assertTrue(self.env.company.account_use_credit_limit)

    def test_ordinary_customer_is_not_warned(self):
        """The limits of tiers don't apply to ordinary customers."""
        self.assertFalse(self.make_order(self.bergmann, 90).partner_credit_warning)

    def test_clerk_is_warned(self):
        """A clerk who can't see account or balance still gets the warning."""
        form = Form(self.as_user(self.clerk)["sale.order"])
        form.partner_id = self.nordwind
        with form.order_line.new() as line:
            line.product_id = self.drill
            line.product_uom_qty = 28
        self.assertIn("5,040.00", form.partner_credit_warning)
