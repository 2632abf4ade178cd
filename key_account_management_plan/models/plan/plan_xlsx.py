# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The workbook of a plan: objectives and quarters, worked out by formulas."""

from dateutil.relativedelta import relativedelta

from odoo.addons.key_account_management.models.tools.xlsx_export import (
    sheet_name,
    workbook,
)
from odoo.addons.key_account_management.models.tools.xlsx_rows import clean

MONEY = "#,##0.00"
#: Columns of the objectives' sheet: start, target, today, forecast, as of.
START, TARGET, TODAY, FORECAST, AS_OF = "CDEFG"


def plan_workbook(plan):
    """Write a plan: how far each objective is, and each quarter's revenue and margin.

    :param plan: a key.account.plan that the user may read
    :return: bytes of the xlsx
    """
    with workbook() as (book, buffer):
        formats = {
            "head": book.add_format({"bold": True, "bottom": 1}),
            "number": book.add_format({"num_format": MONEY}),
            "rate": book.add_format({"num_format": "0 %"}),
            "day": book.add_format({"num_format": 14}),
            "old": book.add_format({"bg_color": "#F8D7A8"}),
            "bold": book.add_format({"bold": True, "num_format": MONEY}),
        }
        _write_objectives(book, plan, formats)
        _write_quarters(book, plan, formats)
    return buffer.getvalue()


def _write_objectives(book, plan, formats):
    """Write the objectives; what is old on the day one looks is marked."""
    env = plan.env
    sheet = book.add_worksheet(sheet_name(book, env._("Objectives")))
    columns = [
        env._("Objective"),
        env._("Unit"),
        env._("Start"),
        env._("Target"),
        env._("Today"),
        env._("Forecast"),
        env._("As Of"),
        env._("Progress"),
        env._("Missing"),
        env._("Old"),
    ]
    sheet.set_column(0, 0, 32)
    sheet.set_column(1, len(columns) - 1, 14)
    days = plan.company_id.key_account_plan_old_days
    sheet.write_string(0, 0, clean(plan.display_name), formats["bold"])
    sheet.write_string(1, 0, clean(env._("Days after which a figure is old")))
    sheet.write_number(1, 1, days)
    for column, label in enumerate(columns):
        sheet.write_string(3, column, clean(label), formats["head"])
    first = 4
    old = clean(env._("old"))
    for row, goal in enumerate(plan.objective_ids, start=first):
        _write_objective(sheet, row, goal, old, formats)
    last = max(first, first + len(plan.objective_ids) - 1)
    sheet.conditional_format(
        first,
        4,
        last,
        6,
        {
            "type": "formula",
            "criteria": f'=AND($G{first + 1}<>"",TODAY()-$G{first + 1}>$B$2)',
            "format": formats["old"],
        },
    )
    sheet.freeze_panes(first, 1)


def _write_objective(sheet, row, goal, old, formats):
    """Write one objective; progress, what is missing and age are formulas."""
    at = row + 1
    base = f"{START}{at}" if goal._counts_from_start() else "0"
    sheet.write_string(row, 0, clean(goal.name))
    sheet.write_string(row, 1, clean(goal.unit or ""))
    for column, value in enumerate(
        (goal.start_value, goal.target_value, goal.current_value, goal.forecast_value),
        start=2,
    ):
        sheet.write_number(row, column, value, formats["number"])
    if goal.taken_on:
        sheet.write_datetime(row, 6, goal.taken_on, formats["day"])
    distance = f"({TARGET}{at}-{base})"
    sheet.write_formula(
        row,
        7,
        f"=IF({distance}=0,0,({TODAY}{at}-{base})/{distance})",
        formats["rate"],
        goal.progress / 100,
    )
    sheet.write_formula(
        row,
        8,
        f"={TARGET}{at}-{TODAY}{at}",
        formats["number"],
        goal.target_value - goal.current_value,
    )
    sheet.write_formula(
        row,
        9,
        f'=IF(AND({AS_OF}{at}<>"",TODAY()-{AS_OF}{at}>$B$2),"{old}","")',
        None,
        "",
    )


def _write_quarters(book, plan, formats):
    """Write revenue and margin by month of the period, with sums by quarter."""
    env = plan.env
    sheet = book.add_worksheet(sheet_name(book, env._("Quarters")))
    sheet.set_column(0, 4, 16)
    labels = (
        env._("Quarter"),
        env._("Month"),
        env._("Revenue"),
        env._("Margin"),
        env._("Margin (%)"),
    )
    for column, label in enumerate(labels):
        sheet.write_string(0, column, clean(label), formats["head"])
    months = {
        kpi.month: kpi
        for kpi in env["key.account.kpi"].search(
            [
                ("account_id", "=", plan.account_id.id),
                ("month", ">=", plan.date_from),
                ("month", "<=", plan.date_to),
            ]
        )
    }
    row, month, quarter_rows, sums = 0, plan.date_from, [], []
    while month <= plan.date_to:
        row += 1
        kpi = months.get(month)
        quarter_rows.append((row, kpi.revenue if kpi else 0, kpi.margin if kpi else 0))
        sheet.write_datetime(row, 1, month, formats["day"])
        sheet.write_number(row, 2, quarter_rows[-1][1], formats["number"])
        sheet.write_number(row, 3, quarter_rows[-1][2], formats["number"])
        month += relativedelta(months=1)
        if len(quarter_rows) == 3 or month > plan.date_to:
            row += 1
            sums.append(
                (row, *_write_sum(sheet, row, quarter_rows, len(sums), formats))
            )
            quarter_rows = []
    _write_total(sheet, row + 1, sums, clean(env._("Total")), formats)
    sheet.freeze_panes(1, 0)


def _write_sum(sheet, row, rows, number, formats):
    """Write the sums of a quarter, and return them."""
    cells = f"{{0}}{rows[0][0] + 1}:{{0}}{rows[-1][0] + 1}"
    return _write_totals(sheet, row, f"Q{number + 1}", f"=SUM({cells})", rows, formats)


def _write_total(sheet, row, sums, label, formats):
    """Write the sums of all quarters."""
    cells = "+".join(f"{{0}}{each[0] + 1}" for each in sums)
    _write_totals(sheet, row, label, f"={cells}", sums, formats)


def _write_totals(sheet, row, label, formula, rows, formats):
    """Write revenue, margin and rate of some rows, and return revenue and margin.

    :param str formula: with {0} in place of the column
    :param rows: list of (row, revenue, margin)
    """
    totals = sum(each[1] for each in rows), sum(each[2] for each in rows)
    sheet.write_string(row, 0, label, formats["bold"])
    for column, letter, value in ((2, "C", totals[0]), (3, "D", totals[1])):
        sheet.write_formula(row, column, formula.format(letter), formats["bold"], value)
    rate = totals[1] / totals[0] if totals[0] else 0
    sheet.write_formula(
        row, 4, f"=IF(C{row + 1}=0,0,D{row + 1}/C{row + 1})", formats["rate"], rate
    )
    return totals
