# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tests import tagged

from ..common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestReports(KeyAccountCommon):
    """Analyses by tier and manager, and the smart buttons of the account."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rheintal_account = cls.make_account(
            cls.rheintal, tier_id=cls.silver.id, manager_id=cls.kam2.id
        )
        cls.orders = (
            cls.make_order(cls.nordwind, 2, 3)
            | cls.make_order(cls.anna, 1)
            | cls.make_order(cls.rheintal, 10)
            | cls.make_order(cls.bergmann, 4)
        )
        cls.orders.action_confirm()
        cls.invoices = (
            cls.make_invoice(cls.nordwind, 1000)
            | cls.make_invoice(cls.anna, 500)
            | cls.make_invoice(cls.nordwind, 200, move_type="out_refund")
            | cls.make_invoice(cls.rheintal, 50)
            | cls.make_invoice(cls.bergmann, 70)
        )
        cls.env.flush_all()

    def sums(self, model, domain, groupby):
        company = [("company_id", "=", self.env.company.id)]
        groups = self.env[model]._read_group(
            company + domain, [groupby], ["price_subtotal:sum"]
        )
        return {record: round(amount, 2) for record, amount in groups}

    def test_sales_by_tier_manager_and_account(self):
        """The sales analysis adds up by tier, manager and key account."""
        domain = [("state", "=", "sale")]
        none = self.env["key.account.tier"]
        self.assertEqual(
            self.sums("sale.report", domain, "key_account_tier_id"),
            {self.gold: 1080.0, self.silver: 1900.0, none: 800.0},
        )
        self.assertEqual(
            self.sums("sale.report", domain, "key_account_manager_id"),
            {self.kam: 1080.0, self.kam2: 1900.0, self.env["res.users"]: 800.0},
        )
        self.assertEqual(
            self.sums("sale.report", domain, "key_account_id"),
            {
                self.account: 1080.0,
                self.rheintal_account: 1900.0,
                self.env["key.account"]: 800.0,
            },
        )

    def test_invoices_by_tier_manager_and_account(self):
        """The invoice analysis adds up as well, minus credit notes."""
        domain = [("state", "=", "posted")]
        none = self.env["key.account.tier"]
        self.assertEqual(
            self.sums("account.invoice.report", domain, "key_account_tier_id"),
            {self.gold: 1300.0, self.silver: 50.0, none: 70.0},
        )
        self.assertEqual(
            self.sums("account.invoice.report", domain, "key_account_manager_id"),
            {self.kam: 1300.0, self.kam2: 50.0, self.env["res.users"]: 70.0},
        )
        self.assertEqual(
            self.sums("account.invoice.report", domain, "key_account_id"),
            {
                self.account: 1300.0,
                self.rheintal_account: 50.0,
                self.env["key.account"]: 70.0,
            },
        )

    def test_analyses_keep_the_tier_of_the_time(self):
        """A later promotion doesn't move past figures to another tier."""
        self.change_tier(self.account, self.silver)
        self.account.manager_id = self.kam2
        self.env.flush_all()
        by_tier = self.sums("sale.report", [], "key_account_tier_id")
        self.assertEqual(by_tier[self.gold], 1080.0)
        by_manager = self.sums("account.invoice.report", [], "key_account_manager_id")
        self.assertEqual(by_manager[self.kam], 1300.0)

    def test_counts_on_the_buttons(self):
        """The buttons count the documents of the company and its contacts."""
        self.make_order(self.nordwind)._action_cancel()
        self.make_invoice(self.nordwind, 30, move_type="in_invoice", post=False)
        self.env["crm.lead"].create(
            [
                {"name": "Filiale Kiel", "type": kind, "partner_id": self.anna.id}
                for kind in ("opportunity", "lead")
            ]
        )
        self.account.activity_schedule("mail.mail_activity_data_todo")
        self.env.invalidate_all()
        account = self.as_user(self.director, self.account)
        self.assertEqual(account.sale_order_count, 2)
        self.assertEqual(account.invoice_count, 3)
        self.assertEqual(account.opportunity_count, 1)
        self.assertEqual(account.activity_count, 1)
        bergmann = self.as_user(self.director, self.make_account(self.bergmann))
        self.assertEqual(bergmann.sale_order_count, 1, "Earlier orders are found, too.")
        self.assertEqual(bergmann.opportunity_count, 0)

    def test_buttons_open_what_they_count(self):
        """Each button lists exactly the documents that it counts."""
        lead = self.env["crm.lead"].create(
            {"name": "Filiale Kiel", "type": "opportunity", "partner_id": self.anna.id}
        )
        activity = self.account.activity_schedule("mail.mail_activity_data_todo")
        account = self.as_user(self.director, self.account)
        for method, fname, records in (
            ("action_view_sale_orders", "sale_order_count", self.orders[:2]),
            ("action_view_invoices", "invoice_count", self.invoices[:3]),
            ("action_view_opportunities", "opportunity_count", lead),
            ("action_view_activities", "activity_count", activity),
        ):
            action = getattr(account, method)()
            self.assertEqual(action["res_model"], records._name)
            found = account.env[action["res_model"]].search(action["domain"])
            self.assertEqual(set(found.ids), set(records.ids), method)
            self.assertEqual(account[fname], len(records), method)

    def test_buttons_leave_the_other_company_out(self):
        """Documents of another company are neither counted nor listed."""
        other = self.as_user(self.other_director)["sale.order"].create(
            {"partner_id": self.nordwind.id}
        )
        self.assertEqual(self.account.sale_order_count, 2)
        domain = self.account.action_view_sale_orders()["domain"]
        self.assertNotIn(other, self.env["sale.order"].search(domain))

    def test_button_makes_an_order_for_the_customer(self):
        """A new document from the button has the account's customer."""
        context = self.account.action_view_sale_orders()["context"]
        order = self.env["sale.order"].with_context(**context).create({})
        self.assertEqual(order.partner_id, self.nordwind)
        self.assertEqual(order.key_account_id, self.account)
        context = self.account.action_view_invoices()["context"]
        invoice = self.env["account.move"].with_context(**context).create({})
        self.assertEqual(invoice.move_type, "out_invoice")
        self.assertEqual(invoice.key_account_id, self.account)

    def test_subsidiaries_button(self):
        """The button of a group parent lists its subsidiaries at any depth."""
        sued = self.make_account(self.rheintal_sued)
        lager = self.make_account(self.rheintal_lager)
        action = self.rheintal_account.action_view_children()
        self.assertEqual(self.env["key.account"].search(action["domain"]), sued | lager)
        self.assertEqual(self.rheintal_account.child_count, 1)

    def test_tier_button(self):
        """The tier counts and lists its accounts."""
        self.assertEqual(self.gold.account_count, 1)
        domain = self.gold.action_view_accounts()["domain"]
        self.assertEqual(self.env["key.account"].search(domain), self.account)
