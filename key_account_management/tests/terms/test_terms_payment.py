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
        """Order and invoice have the tier's payment terms, due date included."""
        self.assertTerm(self.nordwind, self.term_45)
        self.assertTerm(self.anna, self.term_45)
        invoice = self.make_invoice(self.nordwind, 10, invoice_date=self.today)
        self.assertEqual(invoice.invoice_date_due, self.today + timedelta(days=45))

    def test_term_of_account_and_group_parent(self):
        """Own terms go before the group parent's, these before the tier's."""
        self.make_account(self.rheintal, payment_term_id=self.term_90.id)
        sued = self.make_account(self.rheintal_sued, tier_id=self.gold.id)
        self.assertTerm(self.rheintal_sued, self.term_90)
        sued.payment_term_id = self.term_60
        self.assertTerm(self.rheintal_sued, self.term_60)

    def test_term_set_by_hand_on_the_customer_stays(self):
        """What accounting set on the customer goes before the tier."""
        self.nordwind.property_payment_term_id = self.term_90
        self.assertTerm(self.nordwind, self.term_90)
        self.assertTerm(self.anna, self.term_90)

    def test_general_default_is_not_set_by_hand(self):
        """A default for all customers isn't a manual choice; others keep it."""
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
        """An archived term is given to nobody any more."""
        self.account.payment_term_id = self.term_60
        self.term_60.active = False
        self.assertTerm(self.nordwind, self.term_45)

    def test_ordinary_customer_and_bill_have_core_terms(self):
        """Ordinary customers have no terms, and bills of a key account core's."""
        self.assertTerm(self.bergmann, self.env["account.payment.term"])
        bill = self.draft_invoice(self.nordwind, 10, move_type="in_invoice")
        self.assertFalse(bill.invoice_payment_term_id)

    def test_term_chosen_on_the_order_reaches_the_invoice(self):
        """Terms agreed for one order stay on it and go to its invoice."""
        order = self.make_order(self.nordwind)
        order.payment_term_id = self.term_90
        order.action_confirm()
        invoice = order._create_invoices()
        invoice.action_post()
        self.assertEqual(order.payment_term_id, self.term_90)
        self.assertEqual(invoice.invoice_payment_term_id, self.term_90)

    def test_term_at_the_orders_date(self):
        """An order or invoice dated back has the terms of the tier of that day."""
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
        """The order that goes beyond the tier's limit warns, and says whose limit."""
        self.assertFalse(self.make_order(self.nordwind, 27).partner_credit_warning)
        warning = self.make_order(self.nordwind, 28).partner_credit_warning
        for text in ("Nordwind Handels GmbH", "5,000.00", "Tier Gold", "5,040.00"):
            self.assertIn(text, warning)

    def test_credit_limit_counts_what_is_owed(self):
        """Open invoices and confirmed orders count, a contact's as well."""
        self.make_invoice(self.nordwind, 3000.0)
        self.make_order(self.anna, 10).action_confirm()
        self.env.invalidate_all()
        self.assertFalse(self.make_order(self.nordwind, 1).partner_credit_warning)
        self.assertIn(
            "5,160.00", self.make_order(self.nordwind, 2).partner_credit_warning
        )

    def test_credit_limit_on_the_invoice(self):
        """A draft invoice warns likewise, and its own order doesn't count twice."""
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
        """The account's own limit goes before the tier's."""
        self.account.credit_limit = 8000.0
        self.assertFalse(self.make_order(self.nordwind, 40).partner_credit_warning)
        self.assertIn(
            "This key account",
            self.make_order(self.nordwind, 50).partner_credit_warning,
        )

    def test_customers_own_limit_wins(self):
        """A limit that accounting set on the customer wins in both directions."""
        self.nordwind.write({"use_partner_credit_limit": True, "credit_limit": 100.0})
        warning = self.make_order(self.nordwind, 1).partner_credit_warning
        self.assertIn("100.00", warning)
        self.assertNotIn("Tier Gold", warning)
        self.nordwind.credit_limit = 50000.0
        self.assertFalse(self.make_order(self.nordwind, 40).partner_credit_warning)

    def test_no_warning_where_the_company_checks_no_limits(self):
        """With credit limits switched off nobody is warned, and the tier says so."""
        self.assertFalse(self.gold.credit_limit_inactive)
        self.env.company.account_use_credit_limit = False
        self.env.invalidate_all()
        self.assertTrue(self.gold.credit_limit_inactive)
        self.assertFalse(self.make_order(self.nordwind, 40).partner_credit_warning)
        self.assertFalse(self.draft_invoice(self.nordwind, 9000).partner_credit_warning)
        self.as_user(self.director, self.gold).action_activate_credit_limits()
        self.assertTrue(self.env.company.account_use_credit_limit)

    def test_ordinary_customer_is_not_warned(self):
        """The limits of tiers are none of an ordinary customer's."""
        self.assertFalse(self.make_order(self.bergmann, 90).partner_credit_warning)

    def test_clerk_is_warned(self):
        """The warning shows to a clerk who sees neither account nor balance."""
        form = Form(self.as_user(self.clerk)["sale.order"])
        form.partner_id = self.nordwind
        with form.order_line.new() as line:
            line.product_id = self.drill
            line.product_uom_qty = 28
        self.assertIn("5,040.00", form.partner_credit_warning)
