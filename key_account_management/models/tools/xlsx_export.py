# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Workbooks: one way to write them, row by row and without formulas from users."""

import io
import re
from contextlib import contextmanager
from datetime import date, datetime

import xlsxwriter

from .xlsx_rows import clean, cut, make_rows

#: What the name of a sheet can't have, and how long it can be.
NO_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
MAX_NAME = 31
#: Excel keeps this name for itself.
RESERVED = {"history"}
#: Nothing a user typed becomes a formula or a link, whatever it begins with.
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def sheet_name(book, wanted):
    """Return a name that Excel takes for another sheet of a workbook.

    :param book: ``xlsxwriter.Workbook``
    :param str wanted: any text, of any length
    """
    base = NO_NAME.sub(" ", clean(wanted)).strip("' ") or "-"
    taken = RESERVED | {sheet.get_name().lower() for sheet in book.worksheets()}
    name, number = cut(base, MAX_NAME).strip("' "), 1
    while name.lower() in taken:
        number += 1
        end = f" ({number})"
        name = cut(base, MAX_NAME - len(end)).strip("' ") + end
    return name


def chart_title(text):
    """Return a text that stays one above a chart: "=" would begin a formula."""
    return clean(text).lstrip("= ") or "-"


class Sheet:
    """A worksheet with a frozen head line, written from top to bottom."""

    def __init__(self, book, name, columns, widths=None, digits=2):
        self.name = sheet_name(book, name)
        self.sheet = book.add_worksheet(self.name)
        self.rows = make_rows(book, self.sheet)
        head = book.add_format({"bold": True, "bottom": 1})
        decimals = "." + "0" * digits if digits else ""
        self.money = book.add_format({"num_format": f"#,##0{decimals}"})
        # The spreadsheet shows these two as the reader's language writes a date.
        self.day = book.add_format({"num_format": 14})
        self.moment = book.add_format({"num_format": 22})
        self.row = 0
        self.writers = {}
        self.sheet.freeze_panes(1, 0)
        for column, label in enumerate(columns):
            width = widths[column] if widths else 18
            self.sheet.set_column(column, column, width)
            self.sheet.write_string(0, column, label, head)

    def append(self, values):
        """Write the next row: numbers as numbers, days as days, the rest as text."""
        self.row += 1
        cells = [
            self._writer(kind, column)(value, self.row)
            for column, value in enumerate(values)
            if (kind := self._kind(value))
        ]
        self.rows.append([(self.row, "".join(cells))], max(len(cells), 1))

    def append_rows(self, writers, rows):
        """Write the next rows, whose columns all hold one kind of value each.

        :param writers: for each column what ``rows.cell_writer`` makes
        :param rows: iterable of lists of values, None for empty cells
        """
        made = []
        for values in rows:
            self.row += 1
            row = self.row
            made.append(
                (
                    row,
                    "".join(
                        [
                            write(value, row)
                            for write, value in zip(writers, values, strict=True)
                            if value is not None
                        ]
                    ),
                )
            )
        self.rows.append(made, len(writers))

    def _kind(self, value):
        """Return which kind of cell a value makes, None for an empty one."""
        if value is None or value is False:
            return None
        if isinstance(value, bool):
            return "text"
        if isinstance(value, float):
            return "money"
        if isinstance(value, int):
            return "number"
        if isinstance(value, datetime):
            return "datetime"
        return "date" if isinstance(value, date) else "text"

    def _writer(self, kind, column):
        if (kind, column) not in self.writers:
            style = {
                "money": self.money,
                "date": self.day,
                "datetime": self.moment,
            }.get(kind)
            self.writers[kind, column] = self.rows.cell_writer(
                "number" if kind == "money" else kind, column, style
            )
        return self.writers[kind, column]


@contextmanager
def workbook():
    """Open a workbook; its bytes are in ``buffer.getvalue()`` when it is closed."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, OPTIONS)
    try:
        yield book, buffer
    finally:
        book.close()
