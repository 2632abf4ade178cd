# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from ..common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestNudge(KeyAccountCommon):
    """Quotations show what is missing; direct invoices use the account's price."""

    def test_what_is_missing_to_the_next_tier(self):
        """The quotation shows the amount missing to Gold and what Gold costs us."""
        self.env["key.account.tier"].search([("company_id", "=", False)]).active = False
        account = self.make_account(self.bergmann, tier_id=self.silver.id)
        self.gold.min_revenue = 1100.0
        self.make_invoice(self.bergmann, 900.0)
        account.action_refresh_figures()
        order = self.as_user(self.clerk, self.make_order(self.bergmann, 1))
        self.assertIn("10.00 more", order.key_account_nudge)
        self.assertIn("tier Gold", order.key_account_nudge)
        self.assertIn("Goldpreise", order.key_account_nudge)
        self.assertIn("-10.00", order.key_account_nudge.replace("-\xa0", "-"))
        order.order_line.product_uom_qty = 2
        self.assertFalse(order.key_account_nudge)

    def test_revenue_alone_does_not_reach_the_tier(self):
        """No tier is promised that another criterion forbids."""
        self.env["key.account.tier"].search([("company_id", "=", False)]).active = False
        account = self.make_account(self.bergmann, tier_id=self.silver.id)
        self.gold.write({"min_revenue": 1100.0, "max_payment_days": 35})
        invoice = self.make_invoice(self.bergmann, 900.0)
        account.action_refresh_figures()
        order = self.make_order(self.bergmann, 1)
        # Nothing is paid yet, so no one knows how fast the customer pays.
        self.assertFalse(order.key_account_nudge)
        payment = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"payment_date": self.today + timedelta(days=66)})
        )
        payment._create_payments()
        account.action_refresh_figures()
        self.assertAlmostEqual(account.days_to_pay, 66.0)
        order = self.make_order(self.bergmann, 1)
        self.assertFalse(order.key_account_nudge)
        self.gold.max_payment_days = 70
        order = self.make_order(self.bergmann, 1)
        self.assertIn("10.00 more", order.key_account_nudge)

    def test_what_is_missing_to_the_commitment(self):
        """The quotation shows the amount missing to the commitment: 520."""
        self.make_invoice(self.nordwind, 300.0)
        agreement = self.env["key.account.agreement"].create(
            {
                "title": "Mengenvertrag",
                "account_id": self.account.id,
                "date_end": self.today + timedelta(days=90),
                "commitment_ids": [Command.create({"target": 1000.0})],
            }
        )
        agreement.action_submit_approval()
        order = self.make_order(self.nordwind, 1)
        self.assertIn("520.00 more", order.key_account_nudge)
        order.action_confirm()
        self.assertFalse(order.key_account_nudge)
        self.assertFalse(self.make_order(self.bergmann, 1).key_account_nudge)

    def direct_invoice(self, partner):
        return self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_line_ids": [
                    Command.create({"product_id": self.drill.id, "quantity": 2})
                ],
            }
        )

    def test_direct_invoice_at_the_price_of_the_account(self):
        """A direct invoice has the account's special price; others pay list price."""
        self.assertAlmostEqual(self.direct_invoice(self.anna).amount_untaxed, 360.0)
        self.assertAlmostEqual(self.direct_invoice(self.bergmann).amount_untaxed, 400.0)
        by_hand = self.direct_invoice(self.nordwind)
        by_hand.invoice_line_ids.price_unit = 170.0
        by_hand.action_post()
        self.assertAlmostEqual(by_hand.amount_untaxed, 340.0)
