# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""A price list as a workbook for the customer, and back."""

import io
import math
import zipfile
from datetime import date, datetime

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from ..tools.xlsx_export import Sheet, workbook

#: Keys of the columns, in their order.
COLUMNS = (
    "id",
    "code",
    "product",
    "list_price",
    "quantity",
    "price",
    "discount",
    "start",
    "end",
)
NUMBERS = ("quantity", "price", "discount")
WIDTHS = (8, 16, 40, 12, 14, 12, 12, 12, 12)
#: How the price is computed by rules that go into a workbook; formulas don't.
KINDS = ("fixed", "percentage")
MAX_ROWS = 50_000


class NotAWorkbook(Exception):
    """The file can't be read as a workbook."""


def write_rules(title, labels, rules, company):
    """Write rules of a price list.

    :param str title: of the sheet
    :param labels: headings, one for each of :data:`COLUMNS`
    :param rules: ``product.pricelist.item`` records, of any kind
    :param company: ``res.company`` whose days count
    :return: bytes of the xlsx
    """
    with workbook() as (book, buffer):
        sheet = Sheet(book, title, labels, WIDTHS)
        for rule in rules.filtered(lambda rule: rule.compute_price in KINDS):
            product = rule.product_id or rule.product_tmpl_id
            is_fixed = rule.compute_price == "fixed"
            start, end = rule.date_start, rule.date_end
            sheet.append(
                [
                    rule.id,
                    product.default_code,
                    rule.name,
                    product.list_price if product else None,
                    rule.min_quantity or None,
                    rule.fixed_price if is_fixed else None,
                    None if is_fixed else rule.percent_price,
                    start and company._to_key_account_day(start),
                    end and company._to_key_account_day(end),
                ]
            )
    return buffer.getvalue()


def read_rows(content):
    """Read the rows of the first sheet, below its head line.

    :param bytes content: the xlsx
    :return: list of (number of the row, dict by :data:`COLUMNS`)
    :raise NotAWorkbook: for anything else than an xlsx of a sensible size
    """
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = []
        for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            if number == 1 or not any(cell not in (None, "") for cell in cells):
                continue
            if len(rows) >= MAX_ROWS:
                raise NotAWorkbook
            padded = [*cells, *[None] * len(COLUMNS)]
            rows.append((number, dict(zip(COLUMNS, padded, strict=False))))
        return rows
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        IndexError,
        OSError,
    ) as error:
        raise NotAWorkbook from error


def to_number(value):
    """Return a cell's number, None where it is empty.

    :raise ValueError: for text, and for what isn't finite
    """
    if value in (None, ""):
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError(value)
    if not math.isfinite(value):
        raise ValueError(value)
    return float(value)


def to_day(value):
    """Return a cell's day, None where it is empty.

    :raise ValueError: for what is no date
    """
    if value in (None, ""):
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    return date.fromisoformat(str(value).strip())
