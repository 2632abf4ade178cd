# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import io
import re
import zipfile

from openpyxl import load_workbook

from odoo.tests import BaseCase, tagged

from ...models.audit.waterfall_xlsx import waterfall_workbook
from ...models.tools.xlsx_export import Sheet, sheet_name, workbook
from ...models.tools.xlsx_rows import MAX_TEXT, clean


def units(text):
    """Count characters as Excel does."""
    return len(text.encode("utf-16-le")) // 2


@tagged("post_install", "-at_install")
class TestXlsxExport(BaseCase):
    """Excel opens what we write, whatever people have typed."""

    def test_names_of_sheets(self):
        """Names are legal, different and not longer than Excel allows."""
        wanted = (
            "'Sonderpreise'",
            "Sonderpreise",
            "SONDERPREISE",
            "a/b\\c[d]e:f*g?",
            "x" * 40,
            "x" * 45,
            "History",
            "''",
            "",
            "😀" * 20,
            "x" * 30 + "'y",
            "Zeile\nUmbruch",
        )
        with workbook() as (book, buffer):
            names = [Sheet(book, name, ["A"]).name for name in wanted]
        self.assertEqual(
            names[:4],
            ["Sonderpreise", "Sonderpreise (2)", "SONDERPREISE (3)", "a b c d e f g"],
        )
        self.assertEqual(len({name.lower() for name in names}), len(wanted))
        for name in names:
            self.assertLessEqual(units(name), 31)
            self.assertFalse(re.search(r"[\[\]:*?/\\\n]|^'|'$", name), name)
        found = load_workbook(io.BytesIO(buffer.getvalue())).sheetnames
        self.assertEqual(found, names)

    def test_long_text_by_the_count_of_excel(self):
        """Characters outside the basic plane count twice, and none is halved."""
        for text in ("ä" * 40000, "😀" * 20000, "a" + "😀" * 20000, "😀" * 9):
            cut = clean(text)
            self.assertTrue(text.startswith(cut))
            self.assertLessEqual(units(cut), MAX_TEXT)
            self.assertGreaterEqual(units(cut), min(units(text), MAX_TEXT - 1))
        with workbook() as (book, buffer):
            Sheet(book, "Text", ["A"]).append(["😀" * 20000])
        sheet = load_workbook(io.BytesIO(buffer.getvalue())).active
        self.assertEqual(sheet["A2"].value, "😀" * 16383)

    def test_chart_points_at_its_sheet(self):
        """A chart refers to the sheet by the name that it got."""
        steps = [
            {"label": "Liste", "amount": 10.0, "total": True},
            {"label": "Rabatt", "amount": -1.0, "total": False},
        ]
        for title in ("A/B", "=1+1", "'Nord' & Süd'"):
            data = waterfall_workbook(
                title, {"steps": steps, "digits": 2}, ["S", "A", "B", "C", "D"]
            )
            book = load_workbook(io.BytesIO(data))
            (name,) = book.sheetnames
            chart = zipfile.ZipFile(io.BytesIO(data)).read("xl/charts/chart1.xml")
            (reference,) = set(re.findall(r"<c:f>(.*?)!", chart.decode()))
            self.assertEqual(
                reference.replace("&amp;", "&").strip("'").replace("''", "'"), name
            )
            self.assertNotIn("<c:f>1+1", chart.decode())

    def test_name_without_a_book_of_ours(self):
        """The name follows the sheets that the book has already."""
        with workbook() as (book, _buffer):
            book.add_worksheet("Übersicht")
            self.assertEqual(sheet_name(book, "Übersicht"), "Übersicht (2)")
