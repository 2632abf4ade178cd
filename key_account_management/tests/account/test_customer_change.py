# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestCustomerChange(KeyAccountCommon):
    """Merged customers and contacts who move take the right documents along."""

    def merge(self, *partners, into, user=None):
        wizard = self.env["base.partner.merge.automatic.wizard"]
        if user:
            wizard = self.as_user(user, wizard)
        everybody = self.env["res.partner"].union(*partners, into)
        wizard.create({})._merge(everybody.ids, into, extra_checks=False)
        self.env.flush_all()
        self.env.invalidate_all()

    def figures(self, account):
        """Return (orders, revenue) after the night, and after a full rebuild."""
        Kpi = self.env["key.account.kpi"].sudo()
        found = []
        for step in ("night", "rebuild"):
            self.env.flush_all()
            if step == "night":
                everybody = Kpi.env["key.account"].search([])
                Kpi._rebuild_queued(everybody)
            else:
                Kpi._rebuild(account)
            account._refresh_figures()
            found.append((account.order_count_12m, account.revenue_12m))
        self.assertEqual(*found)
        return found[0]

    def test_duplicate_is_merged_into_the_key_account(self):
        """The duplicate's orders and invoices count the next night."""
        double = self.make_customer("Nordwind Handels-GmbH")
        self.make_order(double).action_confirm()
        self.make_invoice(double, 400.0)
        self.assertEqual(self.figures(self.account), (0, 0.0))
        self.merge(double, into=self.nordwind)
        self.assertEqual(self.figures(self.account), (1, 400.0))

    def test_key_account_is_merged_into_another_contact(self):
        """The account moves to the customer that stays."""
        double = self.make_customer("Nordwind Handels-GmbH")
        self.make_invoice(double, 400.0)
        self.make_invoice(self.nordwind, 100.0)
        self.merge(self.nordwind, into=double)
        self.assertEqual(self.account.partner_id, double)
        self.assertEqual(self.account.partner_name, double.name)
        self.assertEqual(double.key_account_id, self.account)
        self.assertEqual(self.figures(self.account), (0, 500.0))

    def test_two_key_accounts(self):
        """The accounts are merged with their customers; nothing is lost."""
        other = self.make_account(self.bergmann)
        child = self.make_account(self.rheintal, parent_id=other.id)
        self.make_invoice(self.nordwind, 100.0)
        invoice = self.make_invoice(self.bergmann, 50.0)
        self.figures(other)
        agreement = self.env["key.account.agreement"].create(
            {"title": "Rahmen", "account_id": other.id}
        )
        self.kam2.group_ids += self.env.ref("base.group_partner_manager")
        with self.assertRefused("with access to all key accounts", exception=UserError):
            self.merge(self.bergmann, into=self.nordwind, user=self.kam2)
        self.merge(self.bergmann, into=self.nordwind)
        self.assertFalse(other.exists())
        self.assertEqual(child.parent_id, self.account)
        self.assertEqual(agreement.account_id, self.account)
        self.assertEqual(invoice.key_account_id, self.account)
        self.assertIn("Bergmann", self.account.message_ids[0].body)
        self.assertEqual(self.figures(self.account), (0, 150.0))

    def test_contact_moves_to_another_company(self):
        """Open quotations follow; what was confirmed stays with its account."""
        other = self.make_account(self.bergmann)
        quotation, order = self.make_order(self.anna), self.make_order(self.anna)
        order.action_confirm()
        self.anna.parent_id = self.bergmann
        self.assertEqual(quotation.key_account_id, other)
        self.assertEqual(order.key_account_id, self.account)
        self.figures(self.account)
        self.figures(other)
