# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The price waterfall as a workbook with its chart."""

from ..tools.xlsx_export import Sheet, chart_title, workbook


def waterfall_workbook(title, waterfall, labels):
    """Write a price waterfall with its chart.

    :param str title: of the sheet and the chart
    :param dict waterfall: see ``key.account._waterfall_chart``
    :param labels: headings of the columns: step, amount, and the invisible base
    :return: bytes of the xlsx
    """
    with workbook() as (book, buffer):
        sheet = Sheet(book, title, labels, [28, 16, 16, 16, 16], waterfall["digits"])
        running = 0.0
        for step in waterfall["steps"]:
            amount = step["amount"]
            if step["total"]:
                running = amount
                base, total, less = 0.0, amount, 0.0
            else:
                base = min(running, running + amount)
                total, less = 0.0, abs(amount)
                running += amount
            sheet.append([step["label"], float(amount), base, total, less])
        chart = book.add_chart({"type": "column", "subtype": "stacked"})
        last = sheet.row
        for column, color in ((2, None), (3, "#1f6f8b"), (4, "#d1495b")):
            chart.add_series(
                {
                    "name": [sheet.name, 0, column],
                    "categories": [sheet.name, 1, 0, last, 0],
                    "values": [sheet.name, 1, column, last, column],
                    "fill": {"none": True} if color is None else {"color": color},
                    "gap": 40,
                }
            )
        chart.set_title({"name": chart_title(title)})
        chart.set_legend({"none": True})
        chart.set_size({"width": 760, "height": 400})
        sheet.sheet.insert_chart("G2", chart)
    return buffer.getvalue()
