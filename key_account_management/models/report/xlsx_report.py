# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The monthly report as a workbook: tables, live formulas, charts."""

import io

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell as cell

from ..tools.xlsx_export import OPTIONS, sheet_name
from ..tools.xlsx_rows import clean

#: Tables and charts look back: a report is small, and may be kept in memory.
SMALL = {**OPTIONS, "constant_memory": False, "in_memory": True}


class MonthlyBook:
    """A workbook with a summary, the months, and a sheet for each section."""

    def __init__(self, data):
        self.data = data
        self.labels = data["labels"]
        self.buffer = io.BytesIO()
        self.book = xlsxwriter.Workbook(self.buffer, SMALL)
        currency = data["currency"]
        number = "#,##0" + (
            "." + "0" * currency["digits"] if currency["digits"] else ""
        )
        symbol = currency["symbol"].replace('"', "")
        money = f'"{symbol}" {number}' if currency["before"] else f'{number} "{symbol}"'
        add = self.book.add_format
        self.money = add({"num_format": money})
        self.number = add({"num_format": "#,##0"})
        self.decimal = add({"num_format": "#,##0.00"})
        self.percent = add({"num_format": "0.0%"})
        # Excel shows this one the way the reader's language writes a date.
        self.day = add({"num_format": 14})
        self.bold = add({"bold": True})
        self.title = add({"bold": True, "font_size": 14})
        self.total_money = add({"num_format": money, "bold": True, "top": 1})
        self.total_number = add({"num_format": "#,##0", "bold": True, "top": 1})
        self.total_percent = add({"num_format": "0.0%", "bold": True, "top": 1})
        self.total = add({"bold": True, "top": 1})

    def _add_sheet(self, title):
        """Add a sheet by a name that Excel takes."""
        return self.book.add_worksheet(sheet_name(self.book, title))

    def table(self, section):
        """Write a section as a table with filters under a frozen head.

        :param dict section: see ``key.account._report_sections``
        """
        sheet = self._add_sheet(section["title"])
        sheet.freeze_panes(1, 0)
        columns, rows = section["columns"], section["rows"]
        for number, (_title, kind) in enumerate(columns):
            sheet.set_column(number, number, 36 if number == 0 else 18)
            for line, row in enumerate(rows, start=1):
                value = row[number]
                if value is None or value is False or kind in ("text", "book"):
                    sheet.write_string(line, number, clean(value or ""))
                elif kind == "day":
                    sheet.write_datetime(line, number, value, self.day)
                else:
                    style = self.money if kind == "money" else self.number
                    sheet.write_number(line, number, value, self._style(style, value))
        heads = [{"header": title} for title, _kind in columns]
        sheet.add_table(0, 0, max(len(rows), 1), len(columns) - 1, {"columns": heads})

    def _style(self, style, value):
        """Return how a number is shown: whole ones without a decimal point."""
        whole = style is not self.number or float(value).is_integer()
        return style if whole else self.decimal

    def summary(self):
        """Write the headline figures; changes are formulas."""
        labels = self.labels
        sheet = self._add_sheet(labels["summary"])
        self.summary_name = sheet.get_name()
        sheet.write_string(0, 0, self.data["title"], self.title)
        for column, key in enumerate(
            ("figure", "this_month", "previous", "change", "year_before", "change")
        ):
            sheet.write_string(2, column, labels[key], self.bold)
        sheet.set_column(0, 0, 32)
        sheet.set_column(1, 5, 18)
        sheet.freeze_panes(3, 1)
        for row, figure in enumerate(self.data["figures"], start=3):
            style = self.money if figure["kind"] == "money" else self.number
            sheet.write_string(row, 0, figure["label"])
            value = figure["value"]
            sheet.write_number(row, 1, value, self._style(style, value))
            for column, key in ((2, "previous"), (4, "year_before")):
                if figure[key] is None:
                    continue
                sheet.write_number(
                    row, column, figure[key], self._style(style, figure[key])
                )
                now, old = cell(row, 1), cell(row, column)
                change = figure["value"] / figure[key] - 1 if figure[key] else ""
                sheet.write_formula(
                    row,
                    column + 1,
                    f'=IF({old}=0,"",{now}/{old}-1)',
                    self.percent,
                    change,
                )

    def months(self):
        """Write thirteen months with totals, margin by formula, and the chart."""
        labels, rows = self.labels, self.data["months"]
        sheet = self._add_sheet(labels["months"])
        name = sheet.get_name()
        heads = ["month", "revenue", "orders"]
        if self.data["internal"]:
            heads += ["margin", "margin_rate"]
        for column, key in enumerate(heads):
            sheet.write_string(0, column, labels[key], self.bold)
        sheet.set_column(0, len(heads) - 1, 16)
        sheet.freeze_panes(1, 1)
        for line, row in enumerate(rows, start=1):
            sheet.write_string(line, 0, row["label"])
            sheet.write_number(line, 1, row["revenue"], self.money)
            sheet.write_number(line, 2, row["orders"], self.number)
            if self.data["internal"]:
                sheet.write_number(line, 3, row["margin"], self.money)
                self._margin_rate(sheet, line, row["margin"], row["revenue"])
        self._month_totals(sheet, rows)
        chart = self.book.add_chart({"type": "column"})
        for column in (1, 3) if self.data["internal"] else (1,):
            chart.add_series(
                {
                    "name": [name, 0, column],
                    "categories": [name, 1, 0, len(rows), 0],
                    "values": [name, 1, column, len(rows), column],
                }
            )
        # From its cell: a name that begins with "=" would be read as a formula.
        chart.set_title({"name": [self.summary_name, 0, 0]})
        chart.set_size({"width": 720, "height": 360})
        sheet.insert_chart(1, len(heads) + 1, chart)

    def _margin_rate(self, sheet, line, margin, revenue, style=None):
        money, part = cell(line, 1), cell(line, 3)
        sheet.write_formula(
            line,
            4,
            f'=IF({money}=0,"",{part}/{money})',
            style or self.percent,
            margin / revenue if revenue else "",
        )

    def _month_totals(self, sheet, rows):
        line = len(rows) + 1
        sheet.write_string(line, 0, self.labels["total"], self.total)
        columns = [(1, "revenue", self.total_money), (2, "orders", self.total_number)]
        if self.data["internal"]:
            columns.append((3, "margin", self.total_money))
        for column, key, style in columns:
            sheet.write_formula(
                line,
                column,
                f"=SUM({cell(1, column)}:{cell(line - 1, column)})",
                style,
                sum(row[key] for row in rows),
            )
        if self.data["internal"]:
            self._margin_rate(
                sheet,
                line,
                sum(row["margin"] for row in rows),
                sum(row["revenue"] for row in rows),
                self.total_percent,
            )

    def write_all(self):
        """Write the report, each section on its sheet; return the bytes."""
        self.summary()
        self.months()
        for section in self.data["sections"]:
            self.table(section)
        self.book.close()
        return self.buffer.getvalue()


def monthly_workbook(data):
    """Return a monthly report as the bytes of a workbook.

    :param dict data: see ``key.account.monthly.report._collect``
    """
    return MonthlyBook(data).write_all()
