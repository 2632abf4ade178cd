# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tests import tagged

from ..loyalty.common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestKeyAccountReport(LoyaltyCommon):
    """Totals of the analysis equal those of the documents in every grouping."""

    def test_sums(self):
        """Revenue, margin and complaints add up; the rate is a weighted mean."""
        self.make_invoice(self.nordwind, 300.0, invoice_date=self.today)
        self.make_invoice(self.nordwind, 100.0, invoice_date=self.today)
        self.account.action_refresh_figures()
        self.env["key.account.complaint"].create(
            {"subject": "Bruch", "partner_id": self.nordwind.id, "extra_cost": 12.0}
        )
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
        """Users see only the rows of accounts that they can see."""
        self.account.manager_id = self.kam
        self.make_invoice(self.nordwind, 300.0, invoice_date=self.today)
        self.account.action_refresh_figures()
        Report = self.env["key.account.report"]
        domain = [("account_id", "=", self.account.id)]
        self.assertTrue(self.as_user(self.kam, Report).search_count(domain))
        self.assertFalse(self.as_user(self.kam2, Report).search_count(domain))

    def test_month_of_the_company(self):
        """A complaint on the first in Berlin doesn't count for the previous month."""
        self.env.company.resource_calendar_id.tz = "Europe/Berlin"
        complaint = self.env["key.account.complaint"].create(
            {"subject": "Bruch", "partner_id": self.nordwind.id}
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE key_account_complaint SET create_date = '2026-01-31 23:30:00'"
            " WHERE id = %s",
            [complaint.id],
        )
        rows = self.env["key.account.report"].search(
            [("account_id", "=", self.account.id), ("complaint_count", ">", 0)]
        )
        self.assertEqual([str(day) for day in rows.mapped("month")], ["2026-02-01"])

    def make_elsewhere(self):
        """Make a second company with its own currency and Nordwind as key account."""
        currency = self.env["res.currency"].create({"name": "TLR", "symbol": "T"})
        company = self.env["res.company"].create(
            {"name": "Südwind Inc.", "currency_id": currency.id}
        )
        self.env.user.company_ids += company
        account = self.env["key.account"].create(
            {"partner_id": self.nordwind.id, "company_id": company.id}
        )
        return company, account

    def test_companies_in_one_currency(self):
        """Revenue of several companies is in one currency, at the month's rate."""
        company, account = self.make_elsewhere()
        for day, rate in (("2026-01-31", 2.0), ("2026-02-28", 4.0)):
            self.env["res.currency.rate"].create(
                {
                    "currency_id": company.currency_id.id,
                    "name": day,
                    "rate": rate,
                    "company_id": self.env.company.id,
                }
            )
        self.env["key.account.kpi"].sudo().create(
            [
                {"account_id": account.id, "month": month, "revenue": 100.0}
                for month in ("2026-01-01", "2026-02-01")
            ]
        )
        Report = self.env["key.account.report"].with_context(
            allowed_company_ids=(self.env.company + company).ids
        )
        rows = Report.search([("account_id", "=", account.id)], order="month")
        self.assertEqual(rows.mapped("revenue"), [50.0, 25.0])
        self.assertEqual(rows.currency_id, self.env.company.currency_id)
        # The rows of a view are cached by their id.
        self.env.invalidate_all()
        alone = self.env["key.account.report"].with_context(
            allowed_company_ids=company.ids
        )
        rows = alone.search([("account_id", "=", account.id)])
        self.assertEqual(sum(rows.mapped("revenue")), 200.0)

    def test_points_count_once(self):
        """Points of a card shared by all companies count for one account only."""
        company, account = self.make_elsewhere()
        self.program.company_id = False
        self.give(150, description="Messe Hamburg")
        rows = self.env["key.account.report"].with_context(
            allowed_company_ids=(self.env.company + company).ids
        )
        found = rows.search([("points_earned", ">", 0)])
        self.assertEqual(sum(found.mapped("points_earned")), 150)
        self.assertEqual(found.account_id, self.account)
        self.assertNotEqual(found.account_id, account)
