# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import io
from unittest.mock import patch

import openpyxl
from dateutil.relativedelta import relativedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..common import KeyAccountCommon

LOGGER = (
    "odoo.addons.key_account_management.models.report."
    "key_account_monthly_report_mailing"
)


@tagged("post_install", "-at_install")
class TestMonthlyReport(KeyAccountCommon, HttpCase):
    """Reports are scheduled, sent once and complete, to permitted readers only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.last_month = cls.today.replace(day=1) - relativedelta(months=1)
        cls.contact = cls.env["res.partner"].create(
            {
                "name": "Anna Seidel",
                "parent_id": cls.nordwind.id,
                "email": "anna@nordwind.example",
            }
        )
        cls.account.manager_id = cls.kam
        cls.gloves.name = "=1+1"
        for months, price in ((0, 300.0), (1, 200.0), (12, 100.0)):
            cls.make_invoice(
                cls.nordwind,
                price,
                invoice_date=cls.last_month - relativedelta(months=months),
            )
        cls.account.action_refresh_figures()
        cls.env.company.key_account_report_day = 1
        cls.Report = cls.env["key.account.monthly.report"]

    def run_cron(self):
        """Run the job as Odoo does, without the commit."""
        with patch.object(
            type(self.env["ir.cron"]), "_commit_progress", return_value=60.0
        ):
            self.Report.sudo()._cron_send()

    def reports(self):
        return self.Report.search([("account_id", "=", self.account.id)])

    def test_schedule_sends_each_report_once(self):
        """The job sends the internal and the customer's edition once."""
        self.account.report_to_manager = True
        self.account.report_contact_ids = self.contact
        self.run_cron()
        reports = self.reports()
        self.assertEqual(sorted(reports.mapped("edition")), ["customer", "internal"])
        self.assertEqual(set(reports.mapped("state")), {"sent"})
        by_edition = {report.edition: report for report in reports}
        self.assertEqual(by_edition["internal"].partner_ids, self.kam.partner_id)
        self.assertEqual(by_edition["customer"].partner_ids, self.contact)
        mails = self.env["mail.mail"].search(
            [("model", "=", self.Report._name), ("res_id", "in", reports.ids)]
        )
        self.assertEqual(len(mails), 2)
        for mail in mails:
            names = mail.attachment_ids.mapped("name")
            self.assertEqual([name[-4:] for name in sorted(names)], [".pdf", "xlsx"])
        self.run_cron()
        self.assertEqual(self.reports(), reports)
        self.assertEqual(reports.mapped("attempt_count"), [1, 1])

    def test_failure_is_retried_once_and_shown(self):
        """A failure is retried once, then shown; other reports are sent."""
        self.account.report_to_manager = True
        other = self.make_account(self.bergmann)
        other.report_to_manager = True
        original = type(self.Report)._send_mail
        fault = "Printer on fire"

        def broken(report, readers):
            if report.account_id == self.account:
                raise UserError(fault)
            return original(report, readers)

        with (
            patch.object(type(self.Report), "_send_mail", broken),
            mute_logger(LOGGER),
        ):
            for attempts in (1, 2, 2):
                self.run_cron()
                report = self.reports()
                if report.next_try_on:
                    report.sudo().next_try_on -= relativedelta(days=1)
                self.assertEqual(
                    (report.state, report.attempt_count), ("failed", attempts)
                )
        self.assertIn("Printer on fire", report.error)
        self.assertIn("not sent", report.activity_ids.summary)
        self.assertEqual(report.activity_ids.user_id, self.kam)
        done = self.Report.search([("account_id", "=", other.id)])
        self.assertEqual(done.state, "sent")
        report.action_send()
        self.assertEqual((report.state, report.error), ("sent", False))

    def test_figures_are_those_of_the_month(self):
        """Figures are of the month, the month before and the year before."""
        report = self.Report.create(
            {"account_id": self.account.id, "month": self.last_month.replace(day=15)}
        )
        self.assertEqual(report.month, self.last_month)
        data = report._collect()
        revenue = data["figures"][0]
        self.assertEqual(
            (revenue["value"], revenue["previous"], revenue["year_before"]),
            (300.0, 200.0, 100.0),
        )
        self.assertEqual(len(data["months"]), 13)
        products = {part["key"]: part["rows"] for part in data["sections"]}["products"]
        self.assertEqual(products, [("=1+1", 300.0)])

    def test_customer_reads_no_margins(self):
        """The customer's edition has no margins, neither as workbook nor in print."""
        report = self.Report.create(
            {"account_id": self.account.id, "edition": "customer"}
        )
        html = str(
            self.env["ir.actions.report"]._render_qweb_html(
                "key_account_management.report_key_account_monthly", report.ids
            )[0]
        )
        self.assertIn("Your Purchases", html)
        book = openpyxl.load_workbook(io.BytesIO(report._get_workbook()))
        said = html + " ".join(
            str(cell.value) for sheet in book for row in sheet for cell in row
        )
        for word in ("Margin", "Health", "Credit Exposure"):
            self.assertNotIn(word, said)

    def test_workbook_lives_and_takes_text_as_text(self):
        """The workbook has live formulas; product names stay text."""
        report = self.Report.create({"account_id": self.account.id})
        self.authenticate(self.kam.login, self.kam.login)
        self.env.flush_all()
        answer = self.url_open(f"/key_account/monthly_report/{report.id}.xlsx")
        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        summary, months = book["Summary"], book["Months"]
        self.assertEqual(summary["D4"].value, '=IF(C4=0,"",B4/C4-1)')
        self.assertEqual(months["B15"].value, "=SUM(B2:B14)")
        self.assertIn(self.env.company.currency_id.symbol, months["B2"].number_format)
        self.assertEqual(book["Products"]["A2"].value, "=1+1")
        self.assertEqual(book["Products"]["A2"].data_type, "s")
        self.assertTrue(months._charts)
        self.assertTrue(book["Products"].tables)
        cached = openpyxl.load_workbook(io.BytesIO(answer.content), data_only=True)
        self.assertEqual(cached["Months"]["B15"].value, 600.0)

    def test_reports_are_limited_to_own_accounts(self):
        """Users report on their own accounts; margins go to colleagues only."""
        mine = self.as_user(self.kam, self.Report).create(
            {"account_id": self.account.id}
        )
        with self.assertRaises(ValidationError):
            mine.partner_ids = self.contact
        with self.assertRaises(ValidationError):
            mine.write({"edition": "customer", "partner_ids": self.bergmann.ids})
        with self.assertRaises(AccessError):
            self.as_user(self.kam2, mine).read(["name"])
        with self.assertRaises(AccessError):
            self.as_user(self.kam2, self.Report).create({"account_id": self.account.id})
        with self.assertRaises(UserError):
            self.as_user(self.kam2, self.Report).create({"manager_id": self.kam.id})

    def test_report_of_a_manager(self):
        """If the company wants it, one report covers all accounts of a manager."""
        second = self.make_account(self.bergmann)
        second.manager_id = self.kam
        self.make_invoice(self.bergmann, 50.0, invoice_date=self.last_month)
        second.action_refresh_figures()
        self.env.company.key_account_manager_report = True
        self.run_cron()
        report = self.Report.search([("manager_id", "=", self.kam.id)])
        self.assertEqual(report.state, "sent")
        data = report._collect()
        sections = {section["key"]: section for section in data["sections"]}
        self.assertEqual(len(sections["accounts"]["rows"]), 2)
        self.assertEqual(len(sections["overdue"]["columns"]), 4)
        self.assertEqual(data["figures"][0]["value"], 350.0)
