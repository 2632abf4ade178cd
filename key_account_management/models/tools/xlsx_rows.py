# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Rows of a worksheet written as they stand in the file, several times faster.

``xlsxwriter`` makes an object of each cell and a string of each attribute; where one
row looks like the other, only the values have to be put between them. Everything else
of the workbook is its own work.
"""

import datetime
import math
import re
from functools import lru_cache
from html import escape

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

#: Excel's own limit of a cell's text.
MAX_TEXT = 32767
EPOCH = datetime.date(1899, 12, 30)
EPOCH_MOMENT = datetime.datetime(1899, 12, 30)
DAY = datetime.timedelta(days=1)
#: What XML can't hold is written like Excel does it; so is text that looks like that.
CODED = re.compile("(_x[0-9A-Fa-f]{4}_)")
FORBIDDEN = re.compile("([\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff])")


@lru_cache(maxsize=20_000)
def text_xml(value):
    """Return a text as it stands in a cell, whatever a user typed into it."""
    value = value[:MAX_TEXT]
    if "_x" in value:
        value = CODED.sub(r"_x005F\1", value)
    if not value.isprintable():
        value = FORBIDDEN.sub(lambda found: f"_x{ord(found[0]):04X}_", value)
    space = (
        ' xml:space="preserve"' if value[:1].isspace() or value[-1:].isspace() else ""
    )
    return f"<is><t{space}>{escape(value, quote=False)}</t></is>"


class RowWorksheet(Worksheet):
    """A worksheet whose rows may be given as they are written.

    Works in constant memory only, from top to bottom; ``write`` and the like may be
    used for rows above.
    """

    def write_rows(self, rows, width):
        """Write rows below all that were written before.

        :param rows: list of (number of the row from 0, XML of its cells)
        :param int width: number of columns
        """
        if not rows:
            return
        first, last = rows[0][0], rows[-1][0]
        if last >= self.xls_rowmax:
            raise ValueError("a worksheet has no room for so many rows")
        self._write_single_row(first)
        self._check_dimensions(first, 0)
        self._check_dimensions(last, width - 1)
        self.row_data_fh.write(
            "".join(f'<row r="{row + 1}">{cells}</row>' for row, cells in rows)
        )
        self.previous_row = last + 1


def cell_writer(kind, column, style=None):
    """Return what makes the XML of a column's cells.

    :param str kind: ``number``, ``text``, ``date``, ``datetime`` or ``boolean``
    :param int column: from 0
    :param style: ``xlsxwriter`` format, none for the default
    :return: function of a value and the number of the row from 0
    """
    name = xl_col_to_name(column)
    look = f' s="{style._get_xf_index()}"' if style else ""

    def text(value, row):
        return f'<c r="{name}{row + 1}"{look} t="inlineStr">{text_xml(str(value))}</c>'

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
