# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from collections import Counter
from datetime import datetime

from odoo import http, models
from odoo.http import request

from ..models.xlsx_export import Sheet, workbook
from .xlsx_download import XlsxDownload

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
BATCH = 2000
LAST_MONTH = 6


class ComplaintXlsx(XlsxDownload):
    """The complaints of a period with their Pareto, and how long they took."""

    @http.route(
        "/key_account/complaints/<int:wizard_id>.xlsx",
        type="http",
        auth="user",
        readonly=True,
    )
    def complaints(self, wizard_id):
        """What the user may read of the complaints; the dialog is his own."""
        wizard = request.env["key.account.complaint.pareto"].browse(wizard_id).exists()
        if not wizard or not wizard.has_access("read"):
            raise request.not_found()
        with workbook() as (book, buffer):
            self._write_complaints(book, wizard)
            self._write_pareto(book, wizard)
            self._write_cohort(book, wizard)
        return self._answer(buffer.getvalue(), f"{request.env._('Complaints')}.xlsx")

    def _write_complaints(self, book, wizard):
        Complaint = request.env["key.account.complaint"]
        described = Complaint.fields_get(COLUMNS, ["string", "selection"])
        choices = {name: dict(d.get("selection", ())) for name, d in described.items()}
        labels = [described[name]["string"] for name in COLUMNS]
        sheet = Sheet(book, request.env._("Complaints"), labels)
        ids = Complaint.search(wizard._get_domain(), order="id").ids
        for start in range(0, len(ids), BATCH):
            # sudo: names on complaints that the user may read.
            for complaint in Complaint.browse(ids[start : start + BATCH]).sudo():
                sheet.append(
                    self._cell(complaint[name], choices[name]) for name in COLUMNS
                )
            Complaint.env.invalidate_all(flush=False)

    def _cell(self, value, choices):
        if isinstance(value, models.BaseModel):
            return value.display_name
        if isinstance(value, datetime):
            return request.env.company._to_key_account_time(value).replace(tzinfo=None)
        return choices.get(value, value)

    def _write_pareto(self, book, wizard):
        env = request.env
        title = env._("Pareto")
        labels = [
            env._("Cause"),
            env._("Number"),
            env._("Cost"),
            env._("Share (%)"),
            env._("Cumulative Share (%)"),
        ]
        sheet = Sheet(book, title, labels, [36, 12, 16, 12, 22])
        rows = wizard._get_rows()
        for row in rows:
            sheet.append(
                [row["label"], row["count"], row["cost"]]
                + [float(row["share"]), float(row["cumulative"])]
            )
        if not rows:
            return
        last, column = sheet.row, 2 if wizard.measure == "cost" else 1
        chart = book.add_chart({"type": "column"})
        chart.add_series(
            {
                "name": [title, 0, column],
                "categories": [title, 1, 0, last, 0],
                "values": [title, 1, column, last, column],
            }
        )
        line = book.add_chart({"type": "line"})
        line.add_series(
            {
                "name": [title, 0, 4],
                "categories": [title, 1, 0, last, 0],
                "values": [title, 1, 4, last, 4],
                "y2_axis": True,
            }
        )
        line.set_y2_axis({"min": 0, "max": 100})
        chart.combine(line)
        chart.set_title({"name": title})
        sheet.sheet.insert_chart("G2", chart)

    def _write_cohort(self, book, wizard):
        """Of the complaints of each month, how many were closed after n months."""
        env = request.env
        Complaint = env["key.account.complaint"].with_context(
            tz=env.company._get_key_account_tz()
        )
        groups = Complaint._read_group(
            wizard._get_domain(), ["create_date:month", "closed_on:month"], ["__count"]
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
