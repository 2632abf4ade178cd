# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tests import tagged

from .common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestKeyAccountReport(KeyAccountCommon):
    """Sums of the analysis are those of the documents, whatever it is grouped by."""

    def test_sums(self):
        """Revenue, margin, complaints; the rate weighed, not averaged."""
        self.make_invoice(self.nordwind, 300.0, invoice_date=self.today)
        self.make_invoice(self.nordwind, 100.0, invoice_date=self.today)
        self.account.action_refresh_figures()
        self.env["key.account.complaint"].create(
            {"subject": "Bruch", "partner_id": self.nordwind.id, "extra_cost": 12.0}
        )
        self.env.flush_all()
        kpi = self.account.kpi_ids
        [(tier, revenue, margin, rate, count, cost)] = self.env[
            "key.account.report"
        ]._read_group(
            [("account_id", "=", self.account.id)],
            ["tier_id"],
            [
                "revenue:sum",
                "margin:sum",
                "margin_rate:avg",
                "complaint_count:sum",
                "complaint_cost:sum",
            ],
        )
        self.assertEqual(tier, self.gold)
        self.assertEqual((revenue, count, cost), (400.0, 1, 12.0))
        self.assertEqual(margin, sum(kpi.mapped("margin")))
        self.assertAlmostEqual(rate, 100 * margin / revenue)

    def test_own_accounts_only(self):
        """Who sees no account sees no row of it."""
        self.account.manager_id = self.kam
        self.make_invoice(self.nordwind, 300.0, invoice_date=self.today)
        self.account.action_refresh_figures()
        self.env.flush_all()
        Report = self.env["key.account.report"]
        domain = [("account_id", "=", self.account.id)]
        self.assertTrue(self.as_user(self.kam, Report).search_count(domain))
        self.assertFalse(self.as_user(self.kam2, Report).search_count(domain))
