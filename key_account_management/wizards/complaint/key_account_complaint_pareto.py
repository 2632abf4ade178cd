# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from collections import Counter

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ...models.tools.company_day import start_of_day
from ...models.tools.records import check_export, download
from ...models.tools.xlsx_export import Sheet, chart_title, workbook
from ...models.tools.xlsx_records import RecordSheet

#: What the workbook tells of each complaint.
COLUMNS = (
    "name",
    "create_date",
    "subject",
    "partner_id",
    "account_id",
    "severity",
    "category_id",
    "product_id",
    "department_id",
    "root_cause_kind",
    "stage_id",
    "response_hours",
    "response_state",
    "resolution_hours",
    "resolution_state",
    "resolution_type",
    "cost",
    "closed_on",
)
#: Complaints that took this many months or more share a column.
LAST_MONTH = 6


class KeyAccountComplaintPareto(models.TransientModel):
    """The few causes of most complaints, and how long complaints took."""

    _name = "key.account.complaint.pareto"
    _description = "Pareto of Complaints"

    dimension = fields.Selection(
        [
            ("root_cause_kind", "Kind of Cause"),
            ("category_id", "Category"),
            ("product_id", "Product"),
            ("department_id", "Department"),
            ("account_id", "Key Account"),
            ("severity", "Severity"),
        ],
        string="By",
        default="category_id",
        required=True,
    )
    measure = fields.Selection(
        [("count", "Number"), ("cost", "Cost")], default="count", required=True
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: self.env.company._get_key_account_today()
        - relativedelta(years=1, days=-1),
    )
    date_to = fields.Date(
        string="Until",
        required=True,
        default=lambda self: self.env.company._get_key_account_today(),
    )
    pareto = fields.Json(compute="_compute_pareto")

    _dates = models.Constraint(
        "CHECK (date_to >= date_from)", "A period can't end before it begins."
    )

    @api.depends("dimension", "measure", "date_from", "date_to")
    def _compute_pareto(self):
        for wizard in self:
            wizard.pareto = (
                wizard.date_from
                and wizard.date_to
                and wizard.dimension
                and {
                    "currency_id": self.env.company.currency_id.id,
                    "measure": wizard.measure,
                    "rows": wizard._get_rows(),
                }
            )

    def _get_domain(self):
        """Return which complaints count: received in the period, in this company."""
        self.ensure_one()
        tz = self.env.company._get_key_account_tz()
        after = self.date_to + relativedelta(days=1)
        return Domain(
            [
                ("company_id", "=", self.env.company.id),
                ("stage_kind", "!=", "cancelled"),
                ("create_date", ">=", start_of_day(self.date_from, tz)),
                ("create_date", "<", start_of_day(after, tz)),
            ]
        )

    def _get_rows(self):
        """Return the causes, the most important first, with what they add up to.

        :return: list of dict: label, count, cost (company currency), share and
            cumulative share of the measure in percent
        """
        self.ensure_one()
        Complaint = self.env["key.account.complaint"]
        groups = Complaint._read_group(
            self._get_domain(), [self.dimension], ["__count", "cost:sum"]
        )
        field = Complaint._fields[self.dimension]
        labels = (
            dict(field._description_selection(self.env))
            if field.type == "selection"
            else {}
        )
        rows = [
            {
                "label": (labels.get(value) if labels else value.display_name)
                or self.env._("Not specified"),
                "count": count,
                "cost": cost,
            }
            for value, count, cost in groups
        ]
        rows.sort(key=lambda row: (-row[self.measure], row["label"]))
        total, running = sum(row[self.measure] for row in rows), 0
        for row in rows:
            running += row[self.measure]
            row["share"] = 100.0 * row[self.measure] / total if total else 0.0
            row["cumulative"] = 100.0 * running / total if total else 0.0
        return rows

    def action_export(self):
        """Download complaints, Pareto and months as a workbook.

        :return: the download
        """
        check_export(self.env)
        self.ensure_one()
        return download(f"/key_account/complaints/{self.id}.xlsx")

    def _get_workbook(self):
        """Write the complaints that the user may read, their Pareto and cohort.

        :return: bytes of the xlsx
        """
        self.ensure_one()
        with workbook() as (book, buffer):
            complaints = RecordSheet(
                book,
                self.env._("Complaints"),
                self.env["key.account.complaint"],
                COLUMNS,
                tz=self.env.company._get_key_account_tz(),
            )
            complaints.write_all(self._get_domain(), order="id")
            self._write_pareto(book)
            self._write_cohort(book)
        return buffer.getvalue()

    def _write_pareto(self, book):
        title = self.env._("Pareto")
        labels = [
            self.env._("Cause"),
            self.env._("Number"),
            self.env._("Cost"),
            self.env._("Share (%)"),
            self.env._("Cumulative Share (%)"),
        ]
        sheet = Sheet(book, title, labels, [36, 12, 16, 12, 22])
        rows = self._get_rows()
        for row in rows:
            sheet.append(
                [row["label"], row["count"], row["cost"]]
                + [float(row["share"]), float(row["cumulative"])]
            )
        if not rows:
            return
        last, column = sheet.row, 2 if self.measure == "cost" else 1
        chart = book.add_chart({"type": "column"})
        chart.add_series(
            {
                "name": [sheet.name, 0, column],
                "categories": [sheet.name, 1, 0, last, 0],
                "values": [sheet.name, 1, column, last, column],
            }
        )
        line = book.add_chart({"type": "line"})
        line.add_series(
            {
                "name": [sheet.name, 0, 4],
                "categories": [sheet.name, 1, 0, last, 0],
                "values": [sheet.name, 1, 4, last, 4],
                "y2_axis": True,
            }
        )
        line.set_y2_axis({"min": 0, "max": 100})
        chart.combine(line)
        chart.set_title({"name": chart_title(title)})
        sheet.sheet.insert_chart("G2", chart)

    def _write_cohort(self, book):
        """Write for each month of receipt how many were closed after n months."""
        env = self.env
        Complaint = env["key.account.complaint"].with_context(
            tz=env.company._get_key_account_tz()
        )
        groups = Complaint._read_group(
            self._get_domain(), ["create_date:month", "closed_on:month"], ["__count"]
        )
        received, closed = Counter(), Counter()
        for first, last, count in groups:
            received[first] += count
            if last:
                months = (last.year - first.year) * 12 + last.month - first.month
                closed[first, min(months, LAST_MONTH)] += count
        labels = [env._("Received"), env._("Number")]
        labels += [env._("Closed after %d months (%%)", n) for n in range(LAST_MONTH)]
        labels.append(env._("Later (%)"))
        sheet = Sheet(book, env._("Cohort"), labels, [14, 12] + [26] * 7)
        for month in sorted(received):
            sheet.append(
                [month.date(), received[month]]
                + [
                    100.0 * closed[month, n] / received[month]
                    for n in range(LAST_MONTH + 1)
                ]
            )
