# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Rows of a worksheet in constant memory, from top to bottom.

``xlsxwriter`` makes an object of each cell and a string of each attribute; where one
row looks like the other, only the values have to be put between them. That is several
times faster and rests on how ``xlsxwriter`` works inside, so it is done with versions
that are known; with all others the rows are written by its public methods.
"""

import datetime
import math
import re
from functools import lru_cache
from html import escape

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

#: Versions of xlsxwriter on whose inside :class:`RawRows` can rest.
KNOWN_VERSIONS = ("3.0", "3.1", "3.2")
#: Excel's own limit of a cell's text, in units of UTF-16.
MAX_TEXT = 32767
EPOCH = datetime.date(1899, 12, 30)
EPOCH_MOMENT = datetime.datetime(1899, 12, 30)
DAY = datetime.timedelta(days=1)
#: What XML can't hold is written like Excel does it; so is text that looks like that.
CODED = re.compile("(_x[0-9A-Fa-f]{4}_)")
FORBIDDEN = re.compile("([\x00-\x08\x0b-\x1f\ufffe\uffff])")
#: Halves of characters, which no file in UTF-8 can hold.
HALVES = re.compile("[\ud800-\udfff]")


def make_rows(book, sheet):
    """Return what writes the rows of a worksheet, the fast way where that is safe.

    :param book: ``xlsxwriter.Workbook`` in constant memory
    :param sheet: its worksheet; rows above may be written by its own methods
    """
    version = ".".join(xlsxwriter.__version__.split(".")[:2])
    return (RawRows if version in KNOWN_VERSIONS else Rows)(book, sheet)


def cut(value, limit):
    """Return as much of a text as fits, by Excel's count: some characters are two."""
    if 2 * len(value) <= limit:
        return value
    units = value[:limit].encode("utf-16-le", "surrogatepass")[: 2 * limit]
    # Half of a character at the end goes, too.
    return units.decode("utf-16-le", "ignore")


def clean(value):
    """Return a text as far as a cell can hold it."""
    value = value if value.isprintable() else HALVES.sub("\ufffd", value)
    return cut(value, MAX_TEXT)


@lru_cache(maxsize=20_000)
def text_xml(value):
    """Return a text as it stands in a cell, whatever a user typed into it."""
    value = clean(value)
    if "_x" in value:
        value = CODED.sub(r"_x005F\1", value)
    if not value.isprintable():
        value = FORBIDDEN.sub(lambda found: f"_x{ord(found[0]):04X}_", value)
    space = (
        ' xml:space="preserve"' if value[:1].isspace() or value[-1:].isspace() else ""
    )
    return f"<is><t{space}>{escape(value, quote=False)}</t></is>"


class Rows:
    """Rows written by the public methods of ``xlsxwriter``."""

    def __init__(self, book, sheet):
        self.sheet = sheet
        self.plain = book.add_format()

    def cell_writer(self, kind, column, style=None):
        """Return what writes the cells of a column.

        :param str kind: ``number``, ``text``, ``date``, ``datetime`` or ``boolean``
        :param int column: from 0
        :param style: ``xlsxwriter`` format, none for the default
        :return: function of a value and the number of the row from 0; what it returns
            is joined for each row and given to :meth:`write`
        """
        sheet = self.sheet

        def text(value, row):
            value = clean(str(value))
            if value.startswith("<r>") and value.endswith("</r>"):
                # It would be taken for the XML of a formatted text.
                parts = value[:1], self.plain, value[1:]
                sheet.write_rich_string(row, column, *parts, style or self.plain)
            else:
                sheet.write_string(row, column, value, style)
            return ""

        def number(value, row):
            if not math.isfinite(value):
                return text(value, row)
            sheet.write_number(row, column, value, style)
            return ""

        def boolean(value, row):
            sheet.write_boolean(row, column, value, style)
            return ""

        return {
            "text": text,
            "number": number,
            "date": lambda value, row: number((value - EPOCH).days, row),
            "datetime": lambda value, row: number((value - EPOCH_MOMENT) / DAY, row),
            "boolean": boolean,
        }[kind]

    def append(self, rows, width):
        """Write rows below all that were written before.

        :param rows: list of (number of the row from 0, its joined cells)
        :param int width: number of columns
        :raise ValueError: if a worksheet has no room for them
        """
        if rows and rows[-1][0] >= self.sheet.xls_rowmax:
            raise ValueError("a worksheet has no room for so many rows")


class RawRows(Rows):
    """Rows written as they stand in the file.

    All that we use of the inside of ``xlsxwriter`` is here.
    """

    def cell_writer(self, kind, column, style=None):
        name = xl_col_to_name(column)
        look = f' s="{style._get_xf_index()}"' if style else ""

        def text(value, row):
            xml = text_xml(str(value))
            return f'<c r="{name}{row + 1}"{look} t="inlineStr">{xml}</c>'

        def number(value, row):
            if not math.isfinite(value):
                return text(value, row)
            return f'<c r="{name}{row + 1}"{look}><v>{value!r}</v></c>'

        def date(value, row):
            return f'<c r="{name}{row + 1}"{look}><v>{(value - EPOCH).days}</v></c>'

        def moment(value, row):
            since = (value - EPOCH_MOMENT) / DAY
            return f'<c r="{name}{row + 1}"{look}><v>{since!r}</v></c>'

        def boolean(value, row):
            return f'<c r="{name}{row + 1}"{look} t="b"><v>{int(value)}</v></c>'

        return {
            "text": text,
            "number": number,
            "date": date,
            "datetime": moment,
            "boolean": boolean,
        }[kind]

    def append(self, rows, width):
        super().append(rows, width)
        if not rows:
            return
        sheet, first, last = self.sheet, rows[0][0], rows[-1][0]
        # What public methods have written above goes to the file first.
        sheet._write_single_row(first)
        sheet._check_dimensions(first, 0)
        sheet._check_dimensions(last, width - 1)
        sheet.row_data_fh.write(
            "".join(f'<row r="{row + 1}">{cells}</row>' for row, cells in rows)
        )
        sheet.previous_row = last + 1
