# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import io
import random
from datetime import date, datetime
from unittest.mock import patch

import xlsxwriter
from openpyxl import load_workbook

from odoo.tests import BaseCase, tagged

from ...models.tools import xlsx_rows
from ...models.tools.xlsx_export import Sheet, workbook

NASTY = (
    "=SUM(A1)",
    "+49 40",
    "-1",
    "@cmd",
    "<r><t>bold</t></r>",
    "<script>&amp;</script>",
    " two  spaces ",
    "line\nbreak",
    "_x0041_",
    "Größe “ß” €",
    "a\x00b\x1f",
    "x" * 40000,
    "http://example.com",
    "007",
    "<r></r>",
    "half a \ud83d character",
    "",
)


@tagged("post_install", "-at_install")
class TestXlsxRows(BaseCase):
    """Any value that is written is read back unchanged."""

    versions = xlsx_rows.KNOWN_VERSIONS
    writer = xlsx_rows.RawRows

    def read_back(self, rows, versions=None):
        with (
            patch.object(xlsx_rows, "KNOWN_VERSIONS", versions or self.versions),
            workbook() as (book, buffer),
        ):
            sheet = Sheet(book, "Rows", ["One", "Two", "Three"])
            for row in rows:
                sheet.append(row)
        self.assertIs(type(sheet.rows), self.writer)
        book = load_workbook(io.BytesIO(buffer.getvalue()))
        return book.worksheets[0]

    def test_text_is_text(self):
        """Text entered by users never becomes a formula, a link or markup."""
        sheet = self.read_back([[text] for text in NASTY])
        for (cell,), text in zip(sheet["A2:A15"], NASTY, strict=False):
            self.assertEqual(cell.data_type, "s", text)
            self.assertNotEqual(cell.data_type, "f")
        values = [cell.value for (cell,) in sheet["A2:A15"]]
        self.assertEqual(values[:8], list(NASTY[:8]))
        self.assertEqual(values[9], NASTY[9])
        self.assertEqual(len(values[11]), 32767)
        self.assertEqual(values[12:], list(NASTY[12:14]))

    def test_numbers_and_days(self):
        """Numbers stay numbers and days stay dates; NaN becomes text."""
        sheet = self.read_back(
            [
                [1.005, 7, date(2026, 2, 28)],
                [-1e15, 0, datetime(2026, 2, 28, 12)],
                [float("nan"), None, False],
            ]
        )
        self.assertEqual(sheet["A2"].value, 1.005)
        self.assertEqual(sheet["B2"].value, 7)
        self.assertEqual(sheet["C2"].value.date(), date(2026, 2, 28))
        self.assertEqual(sheet["A3"].value, -1e15)
        self.assertEqual(sheet["B3"].value, 0)
        self.assertEqual(sheet["A4"].value, "nan")
        self.assertIsNone(sheet["B4"].value)

    def test_no_room(self):
        """More rows than a worksheet can hold raise an error."""
        with workbook() as (book, _buffer):
            sheet = Sheet(book, "Rows", ["One"])
            sheet.row = 2**20 - 1
            with self.assertRaises(ValueError):
                sheet.append(["one too many"])

    def test_many_rows(self):
        """Thousands of rows are read back as they were written."""
        source = random.Random(7)
        rows = [
            [source.choice(NASTY[:10]), source.uniform(-1e6, 1e6), source.randint(0, 9)]
            for _ in range(3000)
        ]
        sheet = self.read_back(rows)
        self.assertEqual(sheet.max_row, 3001)
        for row, cells in zip(rows, sheet.iter_rows(min_row=2), strict=True):
            self.assertAlmostEqual(cells[1].value, row[1], places=7)
            self.assertEqual(cells[2].value, row[2])


@tagged("post_install", "-at_install")
class TestPublicXlsxRows(TestXlsxRows):
    """The same tests with a version of xlsxwriter whose internals aren't known."""

    versions = ("0.1",)
    writer = xlsx_rows.Rows

    def test_same_cells_either_way(self):
        """The fast way and the public methods write the same cells and formats."""
        source = random.Random(11)
        rows = [
            [
                NASTY[number % len(NASTY)],
                source.choice([source.uniform(-1e9, 1e9), 3, True, float("inf"), None]),
                source.choice([date(2026, 1, 31), datetime(2026, 7, 1, 12, 30, 5)]),
            ]
            for number in range(300)
        ]
        public = self.cells(rows, ("0.1",), xlsx_rows.Rows)
        raw = self.cells(rows, xlsx_rows.KNOWN_VERSIONS, xlsx_rows.RawRows)
        self.assertEqual(public, raw)

    def cells(self, rows, versions, writer):
        self.writer = writer
        sheet = self.read_back(rows, versions)
        return [
            (
                # The public methods write 16 digits; Excel keeps 15.
                f"{cell.value:.14g}" if cell.data_type == "n" else cell.value,
                cell.data_type,
                cell.number_format,
            )
            for row in sheet.iter_rows()
            for cell in row
            if cell.value is not None
        ]

    def test_version_decides(self):
        """Only tested versions of xlsxwriter use the fast way."""
        with workbook() as (book, _buffer):
            sheet = book.add_worksheet()
            for version, writer in (
                (xlsxwriter.__version__, xlsx_rows.RawRows),
                ("3.2.9", xlsx_rows.RawRows),
                ("3.3.0", xlsx_rows.Rows),
                ("4.0", xlsx_rows.Rows),
            ):
                with patch.object(xlsxwriter, "__version__", version):
                    rows = xlsx_rows.make_rows(book, sheet)
                self.assertIs(type(rows), writer, version)
