# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The statement of a bonus as a workbook that works out the bonus by itself."""

from odoo.addons.key_account_management.models.tools.xlsx_export import workbook


def statement_workbook(statement, labels, digits=2):
    """Write a statement: the sums and each bonus are formulas over the lines.

    :param statement: see ``key.account.rebate._get_statement``
    :param labels: dict of texts, see the controller
    :param int digits: decimals of the currency
    :return: bytes of the xlsx
    """
    rebate = statement["rebate"]
    with workbook() as (book, buffer):
        sheet = book.add_worksheet(labels["sheet"][:31])
        bold = book.add_format({"bold": True})
        day = book.add_format({"num_format": 14})
        money = book.add_format({"num_format": "#,##0." + "0" * digits})
        total = book.add_format({"num_format": "#,##0." + "0" * digits, "bold": True})
        head = book.add_format({"bold": True, "bottom": 1})
        sheet.set_column(0, 0, 12)
        sheet.set_column(1, 3, 26)
        sheet.set_column(4, 8, 14)
        sheet.write_string(0, 0, f"{statement['name']}  {statement['period']}", bold)
        first = 9
        last = first + max(len(statement["rows"]), 1)
        _write_sums(
            sheet, statement, labels, (first + 1, last), (total, money, digits, day)
        )
        for column, label in enumerate(labels["columns"]):
            sheet.write_string(first - 1, column, label, head)
        by_unit = rebate.reward == "unit"
        for number, row in enumerate(statement["rows"]):
            place = first + number
            sheet.write_datetime(place, 0, row["date"], day)
            sheet.write_string(place, 1, row["document"] or "")
            sheet.write_string(place, 2, row["customer"] or "")
            sheet.write_string(place, 3, row["product"])
            sheet.write_number(place, 4, row["quantity"])
            sheet.write_number(place, 5, row["revenue"], money)
            sheet.write_string(place, 6, row["step"])
            sheet.write_number(place, 7, row["rate"])
            source = "E" if by_unit else "F"
            share = "" if by_unit else "/100"
            if rebate.reward != "fixed":
                value = row["quantity" if by_unit else "revenue"] * row["rate"]
                sheet.write_formula(
                    place,
                    8,
                    f"={source}{place + 1}*H{place + 1}{share}",
                    money,
                    value if by_unit else value / 100,
                )
        sheet.freeze_panes(first, 0)
    return buffer.getvalue()


def _write_sums(sheet, statement, labels, rows, formats):
    """Write the sums above the lines, as formulas over them."""
    first, last = rows
    total, money, digits, _day = formats
    names = labels["sums"]
    sheet.write_string(2, 0, names["revenue"])
    revenue = sum(row["revenue"] for row in statement["rows"])
    sheet.write_formula(2, 5, f"=SUM(F{first}:F{last})", money, revenue)
    sheet.write_string(3, 0, names["earned"])
    formula = f"ROUND(SUM(I{first}:I{last}),{digits})"
    if statement["maximum"]:
        formula = f"MIN({formula},{statement['maximum']})"
    if statement["minimum"]:
        formula = f"IF({formula}<{statement['minimum']},0,{formula})"
    if statement["rebate"].reward == "fixed" or statement["is_shared"]:
        # What others pay for the same lines isn't in this workbook.
        sheet.write_number(3, 5, statement["earned"], total)
    else:
        sheet.write_formula(3, 5, f"=MAX({formula},0)", total, statement["earned"])
    sheet.write_string(4, 0, names["settled"])
    sheet.write_number(4, 5, statement["settled"], money)
    sheet.write_string(5, 0, names["open"])
    sheet.write_formula(5, 5, "=F4-F5", total, statement["open"])
    sheet.write_string(6, 0, names["as_of"])
    sheet.write_datetime(6, 5, statement["day"], formats[3])
