# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import datetime, time, timedelta

from odoo.tests import Form, tagged

from ..common import KeyAccountCommon

NOTHING = {
    "key_account_id": False,
    "key_account_tier_id": False,
    "key_account_manager_id": False,
}


@tagged("post_install", "-at_install")
class TestDocuments(KeyAccountCommon):
    """Orders and invoices store their key account as of their date."""

    def assertAccount(self, document, account, tier, manager):
        self.assertRecordValues(
            document,
            [
                {
                    "key_account_id": account.id,
                    "key_account_tier_id": tier.id,
                    "key_account_manager_id": manager.id,
                }
            ],
        )

    def promote(self):
        """Move Nordwind to Silver and to another manager as of today."""
        self.change_tier(self.account, self.silver)
        self.account.manager_id = self.kam2

    def test_order_and_invoice_store_the_account(self):
        """Orders and invoices store account, tier and manager."""
        order = self.make_order(self.anna)
        self.assertAccount(order, self.account, self.gold, self.kam)
        order.action_confirm()
        self.assertAccount(order, self.account, self.gold, self.kam)
        invoice = order._create_invoices()
        self.assertAccount(invoice, self.account, self.gold, self.kam)
        invoice.action_post()
        self.assertAccount(invoice, self.account, self.gold, self.kam)

    def test_kept_after_promotion_and_new_manager(self):
        """A later change of tier or manager doesn't alter existing documents."""
        order = self.make_order(self.nordwind)
        order.action_confirm()
        invoice = order._create_invoices()
        invoice.action_post()
        self.promote()
        order.write({"client_order_ref": "4711", "date_order": datetime.now()})
        invoice.invoice_date_due = self.today + timedelta(days=7)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertAccount(order, self.account, self.gold, self.kam)
        self.assertAccount(invoice, self.account, self.gold, self.kam)
        self.account.action_end()
        self.assertAccount(order, self.account, self.gold, self.kam)

    def test_draft_follows_until_it_is_decided(self):
        """Drafts take over the current tier and manager when confirmed or posted."""
        order = self.make_order(self.nordwind)
        invoice = self.make_invoice(self.nordwind, 100, post=False)
        self.promote()
        order.action_confirm()
        invoice.action_post()
        self.assertAccount(order, self.account, self.silver, self.kam2)
        self.assertAccount(invoice, self.account, self.silver, self.kam2)

    def test_draft_follows_the_customer(self):
        """Changing the customer of a draft changes or clears its account."""
        other = self.make_account(self.rheintal, manager_id=self.kam2.id)
        order = self.make_order(self.nordwind)
        invoice = self.make_invoice(self.nordwind, 100, post=False)
        no_tier = self.env["key.account.tier"]
        for document in (order, invoice):
            document.partner_id = self.rheintal
            self.assertAccount(document, other, no_tier, self.kam2)
            document.partner_id = self.bergmann
            self.assertRecordValues(document, [NOTHING])

    def test_customer_becomes_key_account_before_confirmation(self):
        """An older quotation gets the account that its customer has at confirmation."""
        order = self.make_order(self.bergmann)
        invoice = self.make_invoice(self.bergmann, 100, post=False)
        self.assertRecordValues(order, [NOTHING])
        bergmann = self.make_account(self.bergmann, tier_id=self.gold.id)
        order.action_confirm()
        invoice.action_post()
        self.assertAccount(order, bergmann, self.gold, self.kam)
        self.assertAccount(invoice, bergmann, self.gold, self.kam)
        self.assertAlmostEqual(order.amount_untaxed, 200.0, msg="As quoted.")

    def test_ordinary_customer(self):
        """Documents of ordinary customers have no key account."""
        order = self.make_order(self.bergmann)
        order.action_confirm()
        invoice = order._create_invoices()
        invoice.action_post()
        self.assertRecordValues(order, [NOTHING])
        self.assertRecordValues(invoice, [NOTHING])

    def test_documents_before_the_account_stay_without(self):
        """A new key account doesn't claim earlier documents."""
        order = self.make_order(self.bergmann)
        order.action_confirm()
        invoice = self.make_invoice(self.bergmann, 100)
        self.make_account(self.bergmann, tier_id=self.gold.id)
        order.client_order_ref = "4711"
        self.env.flush_all()
        self.assertRecordValues(order, [NOTHING])
        self.assertRecordValues(invoice, [NOTHING])

    def test_credit_note(self):
        """A credit note has the tier of its own date and belongs to the account."""
        invoice = self.make_invoice(self.nordwind, 100)
        self.promote()
        refund = invoice._reverse_moves([{"invoice_date": self.today}], cancel=True)
        self.assertEqual(refund.state, "posted")
        self.assertAccount(refund, self.account, self.silver, self.kam2)
        self.assertAccount(invoice, self.account, self.gold, self.kam)

    def test_invoice_dated_back(self):
        """A backdated invoice has the tier of its date."""
        day = self.today - timedelta(days=40)
        bergmann = self.make_account(self.bergmann)
        self.change_tier(bergmann, self.silver, day)
        self.change_tier(bergmann, self.gold, day + timedelta(days=20))
        none = self.env["key.account.tier"]
        for days, tier in ((-1, none), (0, self.silver), (19, self.silver)):
            invoice = self.make_invoice(
                self.bergmann, 100, invoice_date=day + timedelta(days=days)
            )
            self.assertAccount(invoice, bergmann, tier, self.kam)
        invoice = self.make_invoice(self.bergmann, 100, post=False)
        self.assertAccount(invoice, bergmann, self.gold, self.kam)
        invoice.invoice_date = day
        self.assertAccount(invoice, bergmann, self.silver, self.kam)
        invoice.action_post()
        self.assertAccount(invoice, bergmann, self.silver, self.kam)

    def test_order_dated_back_counts_from_confirmation(self):
        """Confirmation sets the order date to today, so the order gets today's tier."""
        day = self.today - timedelta(days=40)
        bergmann = self.make_account(self.bergmann)
        self.change_tier(bergmann, self.silver, day)
        self.change_tier(bergmann, self.gold, day + timedelta(days=20))
        order = self.make_order(
            self.bergmann, date_order=datetime.combine(day, time(12))
        )
        self.assertAccount(order, bergmann, self.silver, self.kam)
        order.action_confirm()
        self.assertEqual(order.date_order.date(), datetime.now().date())
        self.assertAccount(order, bergmann, self.gold, self.kam)

    def test_cancelled_order_reopened(self):
        """A reopened order takes over the current tier when confirmed again."""
        order = self.make_order(self.nordwind)
        order.action_confirm()
        order._action_cancel()
        order.action_draft()
        self.promote()
        order.action_confirm()
        self.assertAccount(order, self.account, self.silver, self.kam2)

    def test_copy_is_a_new_document(self):
        """A duplicate has the tier of today, not of the original's date."""
        order = self.make_order(self.nordwind)
        order.action_confirm()
        invoice = self.make_invoice(self.nordwind, 100)
        self.promote()
        self.assertAccount(order.copy(), self.account, self.silver, self.kam2)
        self.assertAccount(invoice.copy(), self.account, self.silver, self.kam2)

    def test_journal_entries_and_bills_have_none(self):
        """Bills, vendor credit notes and journal entries have no key account."""
        for move_type in ("in_invoice", "in_refund", "in_receipt"):
            bill = self.make_invoice(
                self.nordwind, 100, move_type=move_type, invoice_date=self.today
            )
            self.assertRecordValues(bill, [NOTHING])
        entry = self.env["account.move"].create(
            {"move_type": "entry", "partner_id": self.nordwind.id}
        )
        self.assertRecordValues(entry, [NOTHING])
        receipt = self.make_invoice(self.nordwind, 100, move_type="out_receipt")
        self.assertAccount(receipt, self.account, self.gold, self.kam)

    def test_document_of_the_other_company(self):
        """Each company's order belongs to the account of that company."""
        other = self.make_account(
            self.nordwind,
            company_id=self.other_company.id,
            manager_id=self.other_director.id,
        )
        order = self.as_user(self.other_director)["sale.order"].create(
            {"partner_id": self.nordwind.id}
        )
        self.assertAccount(
            order, other, self.env["key.account.tier"], self.other_director
        )
        self.assertAccount(
            self.make_order(self.nordwind), self.account, self.gold, self.kam
        )

    def test_customer_accepts_in_the_portal(self):
        """An order that the customer confirms in the portal stores the tier."""
        portal_user = self._create_new_portal_user(
            login="anna.portal",
            name="Anna Seidel",
            partner_id=self.anna.id,
            company_id=self.env.company.id,
        )
        order = self.make_order(self.anna)
        order.action_quotation_sent()
        self.promote()
        self.env.flush_all()
        self.env.invalidate_all()
        portal_order = self.as_user(portal_user, order)
        self.assertEqual(portal_order.amount_total, 180.0)
        # The portal's controller does the same.
        portal_order.sudo()._validate_order()
        self.assertEqual(order.state, "sale")
        self.assertAccount(order, self.account, self.silver, self.kam2)
        self.assertEqual(order.pricelist_id, self.gold_list)

    def test_order_made_for_the_customer_by_sudo(self):
        """An order that a portal request creates with sudo has account and price."""
        portal_user = self._create_new_portal_user(
            login="anna.portal",
            name="Anna Seidel",
            partner_id=self.anna.id,
            company_id=self.env.company.id,
        )
        env = self.as_user(portal_user)(su=True)
        order = self.make_order(self.anna, env=env, company_id=self.env.company.id)
        order.action_confirm()
        self.env.flush_all()
        order = order.with_env(self.env)
        self.assertAccount(order, self.account, self.gold, self.kam)
        self.assertAlmostEqual(order.amount_untaxed, 180.0)

    def test_form_shows_the_account_at_once(self):
        """The form updates the banner as soon as the customer is chosen."""
        form = Form(self.as_user(self.kam)["sale.order"])
        form.partner_id = self.nordwind
        self.assertEqual(form.key_account_id, self.account)
        self.assertEqual(form.key_account_tier_id, self.gold)
        self.assertEqual(form.key_account_manager_id, self.kam)
        form.partner_id = self.bergmann
        self.assertFalse(form.key_account_id)

    def test_banner_names_who_is_in_charge(self):
        """Orders and invoices name the deputy while the manager is away."""
        self.account.write({"deputy_id": self.kam2.id})
        order = self.make_order(self.nordwind)
        invoice = self.make_invoice(self.nordwind, 100)
        self.assertEqual(order.key_account_acting_manager_id, self.kam)
        self.kam.key_account_absence_start = self.today
        self.env.invalidate_all()
        self.assertEqual(order.key_account_acting_manager_id, self.kam2)
        self.assertEqual(invoice.key_account_acting_manager_id, self.kam2)
        self.assertEqual(order.key_account_manager_id, self.kam)
