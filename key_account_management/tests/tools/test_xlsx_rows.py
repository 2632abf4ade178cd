# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import io
import random
from datetime import date, datetime

from openpyxl import load_workbook

from odoo.tests import BaseCase, tagged

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
)


@tagged("post_install", "-at_install")
class TestXlsxRows(BaseCase):
    """What is written is what is read, for any value."""

    def read_back(self, rows):
        with workbook() as (book, buffer):
            sheet = Sheet(book, "Rows", ["One", "Two", "Three"])
            for row in rows:
                sheet.append(row)
        book = load_workbook(io.BytesIO(buffer.getvalue()))
        return book.worksheets[0]

    def test_text_is_text(self):
        sheet = self.read_back([[text] for text in NASTY])
        for (cell,), text in zip(sheet["A2:A15"], NASTY, strict=True):
            self.assertEqual(cell.data_type, "s", text)
            self.assertNotEqual(cell.data_type, "f")
        values = [cell.value for (cell,) in sheet["A2:A15"]]
        self.assertEqual(values[:8], list(NASTY[:8]))
        self.assertEqual(values[9], NASTY[9])
        self.assertEqual(len(values[11]), 32767)
        self.assertEqual(values[12:], list(NASTY[12:]))

    def test_numbers_and_days(self):
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

    def test_many_rows(self):
        source = random.Random(7)
        rows = [
            [source.choice(NASTY[:10]), source.uniform(-1e6, 1e6), source.randint(0, 9)]
            for _ in range(3000)
        ]
        sheet = self.read_back(rows)
        self.assertEqual(sheet.max_row, 3001)
        for row, cells in zip(rows, sheet.iter_rows(min_row=2), strict=True):
            self.assertEqual(cells[1].value, row[1])
            self.assertEqual(cells[2].value, row[2])
