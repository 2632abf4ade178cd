# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta
from io import BytesIO
from unittest.mock import patch

from freezegun import freeze_time
from openpyxl import load_workbook

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import MonthlyReportCommon

MAIL = "odoo.addons.mail.models.mail_mail"
MAILING = (
    "odoo.addons.key_account_management.models.report."
    "key_account_monthly_report_mailing"
)


@tagged("post_install", "-at_install")
class TestMonthlyContent(MonthlyReportCommon):
    """What a report contains, when it is due and who reads it."""

    def test_killed_in_the_middle(self):
        """After two attempts that were killed, the report fails and a to-do is made."""
        for attempts in (1, 2):
            self.report._count_attempt()
            self.assertEqual(self.report.attempt_count, attempts)
        self.run_cron()
        self.assertEqual(self.report.state, "failed")
        self.assertEqual(len(self.report.activity_ids), 1)
        self.assertFalse(self.mails())

    def test_customer_reads_no_unsent_quotation(self):
        """The customer's edition doesn't contain the open quotations."""
        self.make_order(self.nordwind, 3)
        self.account.action_refresh_figures()
        self.assertTrue(self.account.open_quotation_amount)
        report = self.Report.create(
            {"account_id": self.account.id, "edition": "customer"}
        )
        labels = " ".join(figure["label"] for figure in report._collect()["figures"])
        self.assertIn("Overdue", labels)
        self.assertNotIn("Quotations", labels)

    def rows(self, data, key):
        return {section["key"]: section["rows"] for section in data["sections"]}[key]

    def test_overdue_instalment(self):
        """Only overdue instalments count as overdue, not the whole invoice."""
        terms = self.env["account.payment.term"].create(
            {
                "name": "Half now, half in 60 days",
                "line_ids": [
                    (0, 0, {"value": "percent", "value_amount": 50, "nb_days": days})
                    for days in (0, 60)
                ],
            }
        )
        invoice = self.make_invoice(
            self.nordwind, 1000.0, invoice_date=self.today - timedelta(days=30)
        )
        invoice.button_draft()
        invoice.invoice_payment_term_id = terms
        invoice.action_post()
        data = self.report._collect()
        self.assertEqual([row[-1] for row in self.rows(data, "overdue")], [500.0])
        overdue = [f for f in data["figures"] if f["label"].startswith("Overdue")]
        self.assertEqual(overdue[0]["value"], 500.0)

    def test_sent_again_before_the_first_went_out(self):
        """Sending twice before the mail goes out leaves one mail with its files."""
        self.report.action_send()
        self.report.action_send()
        waiting = self.mails().filtered(lambda mail: mail.state == "outgoing")
        self.assertEqual(len(waiting), 1)
        self.assertEqual(len(waiting.attachment_ids), 2)

    def test_last_day_of_a_short_month(self):
        """Day 31 means 28 February; nothing is sent earlier."""
        company = self.env.company
        company.resource_calendar_id.tz = "Europe/Berlin"
        company.key_account_report_day = 31
        self.account.report_to_manager = True
        planned = [("account_id", "=", self.account.id), ("month", "=", "2027-01-01")]
        with freeze_time("2027-02-27 12:00:00"):
            self.run_cron()
            self.assertFalse(self.Report.search(planned))
        # Already the 28th in Berlin.
        with freeze_time("2027-02-27 23:30:00"):
            self.run_cron()
            self.assertEqual(self.Report.search(planned).state, "sent")
        with self.assertRaises(ValidationError):
            company.key_account_report_day = 0

    def test_failure_of_a_managers_report_is_shown(self):
        """A failed report of a manager makes a to-do, though it has no account."""
        report = self.Report.create(
            {"manager_id": self.kam.id, "partner_ids": self.kam.partner_id.ids}
        )
        report.action_send()
        self.report = report
        self.notifications().write(
            {"notification_status": "exception", "failure_reason": "No\nroute"}
        )
        self.assertEqual(report.state, "failed")
        self.assertIn("No route", report.error)
        self.run_cron()
        self.assertEqual(report.activity_ids.user_id, self.kam)

    def test_figures_of_today_name_their_day(self):
        """Open amounts name their day, even in a report on an earlier month."""
        labels = [
            figure["label"]
            for figure in self.report._collect()["figures"]
            if figure["previous"] is None
        ]
        self.assertTrue(labels)
        for label in labels:
            self.assertRegex(label, r"\(.*\d{4}\)$")

    def test_complaint_of_the_companys_month(self):
        """A complaint is in the month that it has in Berlin, not in UTC."""
        complaint = self.complain(resolution_type="explanation")
        complaint.action_close()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE key_account_complaint SET create_date = '2027-01-31 23:30:00'"
            " WHERE id = %s",
            [complaint.id],
        )
        complaint.invalidate_recordset()
        for month, count in (("2027-01-01", 0), ("2027-02-01", 1)):
            self.report.month = month
            rows = self.rows(self.report._collect(), "complaints")
            self.assertEqual(len(rows), count, month)
        self.assertEqual(str(rows[0][2]), "2027-02-01")

    def test_section_of_another_addon(self):
        """An addon's section is printed and exported; internal ones stay internal."""

        def sections(accounts, period):
            self.assertEqual(accounts, self.account)
            columns = [("Step", "text"), ("Paid On", "day"), ("Bonus", "money")]
            row = ("=1+1", self.today, 12.5)
            figure = ("Bonus Accrued", "money", 12.5)
            return [
                {
                    "key": key,
                    "sequence": 60,
                    "title": title,
                    "columns": columns,
                    "rows": [row],
                    "figures": [figure],
                    "internal": internal,
                }
                for key, title, internal in (
                    ("bonus", "Bonus: Q1", False),
                    ("cost", "Cost of It", True),
                )
            ]

        customers = self.Report.create(
            {"account_id": self.account.id, "edition": "customer"}
        )
        Account = type(self.env["key.account"])
        with patch.object(Account, "_report_sections", sections):
            for report, inside in ((self.report, True), (customers, False)):
                html, _kind = self.env["ir.actions.report"]._render_qweb_html(
                    "key_account_management.report_key_account_monthly", report.ids
                )
                self.assertIn("Bonus: Q1", str(html))
                self.assertIn("Bonus Accrued", str(html))
                self.assertEqual("Cost of It" in str(html), inside)
                book = load_workbook(BytesIO(report._get_workbook()))
                self.assertEqual("Cost of It" in book.sheetnames, inside)
                cells = [cell for row in book["Bonus  Q1"] for cell in row]
                self.assertEqual(cells[3].data_type, "s", "text, not a formula")
                self.assertEqual(cells[5].value, 12.5)

    def sections(self, **values):
        report = self.env["key.account.monthly.report"].create(
            {"account_id": self.account.id, "month": self.today, **values}
        )
        return {part["key"]: part for part in report._collect()["sections"]}

    def test_targets_health_deliveries_and_clocks(self):
        """What the account manager asks for at the end of a month, from its sources."""
        self.env["key.account.target"].create(
            {
                "account_id": self.account.id,
                "target_revenue": 5000.0,
                "period": "year",
                "date_from": self.today.replace(month=1, day=1),
            }
        )
        self.make_invoice(self.nordwind, 700.0, invoice_date=self.today)
        self.env["key.account.complaint"].create(
            {"subject": "Zu spät", "partner_id": self.nordwind.id}
        )
        self.env["key.account.kpi"].sudo().create(
            {
                "account_id": self.account.id,
                "month": self.today.replace(day=1),
                "due_line_count": 4,
                "on_time_line_count": 3,
            }
        )
        target = self.account.target_ids
        target._refresh()
        self.account._refresh_health()
        found = self.sections()
        [(_name, figure, wanted, achieved, rate, forecast)] = found["targets"]["rows"]
        self.assertEqual((figure, wanted), ("Revenue", 5000.0))
        self.assertEqual(
            (achieved, rate, forecast),
            (target.revenue, target.revenue_rate, target.revenue_forecast),
        )
        [delivery] = found["deliveries"]["rows"]
        self.assertEqual(delivery[1:], (4, 3, 75.0))
        scores = self.env["key.account.health"].search(
            [
                ("account_id", "=", self.account.id),
                ("month", "=", self.today.replace(day=1)),
            ]
        )
        self.assertEqual(
            {row[1]: row[3] for row in found["health"]["rows"]},
            {row.component_id.name: round(row.score) for row in scores},
        )
        clocks = found["complaint_clocks"]["rows"]
        self.assertEqual(sum(row[2] for row in clocks if row[0] == "First Answer"), 1)
        # None of it is for the customer.
        theirs = self.sections(edition="customer")
        self.assertFalse(
            {"targets", "health", "deliveries", "complaint_clocks"}.intersection(theirs)
        )

    def test_health_of_several_accounts_names_what_moved_each_most(self):
        other = self.make_account(self.bergmann, manager_id=self.kam.id)
        components = self.env["key.account.health.component"].search([], limit=2)
        month = self.today.replace(day=1)
        for account, moves in ((self.account, (5.0, -20.0)), (other, (0.0, 0.0))):
            for component, moved in zip(components, moves, strict=True):
                self.env["key.account.health"].sudo().search(
                    [
                        ("account_id", "=", account.id),
                        ("component_id", "=", component.id),
                        ("month", "=", month),
                    ]
                ).unlink()
                self.env["key.account.health"].sudo().create(
                    {
                        "account_id": account.id,
                        "component_id": component.id,
                        "month": month,
                        "score": 50.0,
                        "weight": 10.0,
                        "moved": moved,
                    }
                )
        accounts = (self.account | other).sudo()
        sections = accounts._report_sections((month, self.today))
        [health] = [part for part in sections if part["key"] == "health"]
        self.assertEqual(
            [(row[0], row[1], row[4]) for row in health["rows"]],
            [(self.account.partner_name, components[1].name, -20.0)],
        )

    def test_new_accounts_report_to_their_manager(self):
        self.assertTrue(self.make_account(self.rheintal).report_to_manager)
