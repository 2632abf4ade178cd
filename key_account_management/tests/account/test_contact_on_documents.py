# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tests import tagged

from ..common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestContactOnDocuments(KeyAccountCommon):
    """Documents of key accounts say who cares; those of others are as they were."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kam.partner_id.phone = "+49 40 998877"
        cls.kam2.partner_id.phone = "+49 40 112233"

    def render(self, report, record):
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            report, record.ids
        )
        return html.decode()

    def test_order_and_invoice_name_the_manager_or_the_deputy(self):
        order = self.make_order(self.nordwind)
        invoice = self.make_invoice(self.nordwind, 100.0)
        for report, record in (
            ("sale.report_saleorder", order),
            ("account.report_invoice", invoice),
        ):
            html = self.render(report, record)
            self.assertIn("Jonas Reuter", html)
            self.assertIn("+49 40 998877", html)
            self.assertIn(self.kam.email, html)
        self.account.deputy_id = self.kam2
        self.kam.write(
            {
                "key_account_absence_start": self.today,
                "key_account_absence_end": self.today,
            }
        )
        html = self.render("sale.report_saleorder", order)
        self.assertIn("+49 40 112233", html)
        self.assertNotIn("+49 40 998877", html)
        self.env.company.key_account_contact_on_documents = False
        self.assertNotIn("Your contact:", self.render("sale.report_saleorder", order))

    def test_ordinary_customers_read_nothing_new(self):
        for report, record in (
            ("sale.report_saleorder", self.make_order(self.bergmann)),
            ("account.report_invoice", self.make_invoice(self.bergmann, 100.0)),
        ):
            self.assertNotIn("key_account_contact", self.render(report, record))
