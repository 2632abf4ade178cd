# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Write the spreadsheet dashboard: what is on it is said here, not drawn by hand.

Run with any Python; the result is in the repository.
"""

import json
from pathlib import Path

TARGET = (
    Path(__file__).resolve().parents[1]
    / "key_account_management_dashboard/data/files/key_account_dashboard.json"
)
MODEL = "key.account.report"
PERIOD, TIER, MANAGER = "kam-period", "kam-tier", "kam-manager"
MATCHING = {
    PERIOD: {"chain": "month", "type": "date", "offset": 0},
    TIER: {"chain": "tier_id", "type": "many2one"},
    MANAGER: {"chain": "manager_id", "type": "many2one"},
}
ACTION = "key_account_management.key_account_menu_report"


def pivot(number, name, measures, rows=(), descending=None):
    """Return a pivot over the analysis; sorted by a measure, the highest first."""
    return {
        "type": "ODOO",
        "id": str(number),
        "formulaId": str(number),
        "name": name,
        "model": MODEL,
        "domain": [],
        "context": {},
        "fieldMatching": MATCHING,
        "measures": [{"id": each, "fieldName": each} for each in measures],
        "columns": [],
        "rows": [{"fieldName": row} for row in rows],
        "sortedColumn": descending
        and {"measure": descending, "order": "desc", "domain": []},
    }


def scorecard(number, title, cell, x, background):
    name = f"kam-card-{number}"
    return {
        "id": name,
        "tag": "chart",
        "width": 213,
        "height": 101,
        "col": 0,
        "row": 0,
        "offset": {"x": x, "y": 11},
        "data": {
            "type": "scorecard",
            "chartId": name,
            "title": {"text": title, "bold": True, "color": "#434343"},
            "background": background,
            "keyValue": cell,
            "humanize": True,
            "baselineMode": "text",
            "baselineColorDown": "#DC6965",
            "baselineColorUp": "#00A04A",
        },
    }


def chart(number, kind, measure, group_by, x, y, width, title):
    name = f"kam-chart-{number}"
    return {
        "id": name,
        "tag": "chart",
        "width": width,
        "height": 320,
        "col": 0,
        "row": 0,
        "offset": {"x": x, "y": y},
        "data": {
            "type": f"odoo_{kind}",
            "chartId": name,
            "title": {"text": title, "bold": True, "color": "#01666b"},
            "background": "#FFFFFF",
            "legendPosition": "none" if kind == "line" else "top",
            "metaData": {
                "groupBy": group_by,
                "measure": measure,
                "order": None,
                "resModel": MODEL,
                "mode": kind,
            },
            "searchParams": {
                "comparison": None,
                "context": {},
                "domain": [],
                "groupBy": group_by,
                "orderBy": [],
            },
            "dataSets": [{}],
            "verticalAxisPosition": "left",
            "stacked": kind == "bar",
            "fillArea": kind == "line",
            "cumulatedStart": False,
            "fieldMatching": MATCHING,
        },
    }


def sheet(name, key, cells, figures, styles, columns):
    return {
        "id": key,
        "name": name,
        "colNumber": 8,
        "rowNumber": 70,
        "rows": {},
        "cols": {str(number): {"size": size} for number, size in enumerate(columns)},
        "merges": [],
        "cells": cells,
        "styles": styles,
        "formats": {},
        "borders": {},
        "conditionalFormats": [],
        "dataValidationRules": [],
        "figures": figures,
        "tables": [],
        "areGridLinesVisible": False,
        "isVisible": name == "Dashboard",
        "headerGroups": {"ROW": [], "COL": []},
        "comments": {},
    }


def dashboard():
    """Return the whole spreadsheet."""
    cells = {
        "A24": '=_t("Accounts")',
        "A25": "=PIVOT(2, 10, FALSE, FALSE)",
        "F24": '=_t("Tiers")',
        "F25": "=PIVOT(3, 10, FALSE, FALSE)",
        "A38": '=_t("Complaints")',
        "A39": "=PIVOT(4, 10, FALSE, FALSE)",
        "F38": '=_t("Loyalty")',
        "F39": "=PIVOT(5, 10, FALSE, FALSE)",
    }
    data = {
        "A1": '=_t("Revenue")',
        "B1": '=PIVOT.VALUE(1,"revenue")',
        "A2": '=_t("Margin (%)")',
        "B2": '=ROUND(PIVOT.VALUE(1,"margin_rate"),1)',
        "A3": '=_t("Complaints")',
        "B3": '=PIVOT.VALUE(1,"complaint_count")',
        "A4": '=_t("Points earned")',
        "B4": '=PIVOT.VALUE(1,"points_earned")',
    }
    figures = [
        scorecard(1, "Revenue", "Data!B1", 0, "#EFF6FF"),
        scorecard(2, "Margin (%)", "Data!B2", 223, "#EFF6FF"),
        scorecard(3, "Complaints", "Data!B3", 446, "#FFF7ED"),
        scorecard(4, "Points earned", "Data!B4", 669, "#FFF7ED"),
        chart(1, "line", "revenue", ["month:month"], 0, 130, 560, "Revenue by month"),
        chart(2, "bar", "margin", ["tier_id"], 570, 130, 480, "Margin by tier"),
    ]
    everything = ["revenue", "margin", "margin_rate", "complaint_count"]
    pivots = [
        pivot(1, "Totals", [*everything, "points_earned"]),
        pivot(2, "Accounts", everything[:3], ["account_id"], "revenue"),
        pivot(3, "Tiers", ["revenue", "margin_rate"], ["tier_id"], "revenue"),
        pivot(
            4,
            "Complaints",
            ["complaint_count", "complaint_cost"],
            ["account_id"],
            "complaint_count",
        ),
        pivot(
            5,
            "Loyalty",
            ["points_earned", "points_spent"],
            ["account_id"],
            "points_earned",
        ),
    ]
    heads = dict.fromkeys(("A24", "F24", "A38", "F38"), 1)
    return {
        "version": "18.5.10",
        "sheets": [
            sheet(
                "Dashboard",
                "kam_sheet",
                cells,
                figures,
                heads,
                (300, 110, 110, 110, 40, 220, 110, 110),
            ),
            sheet("Data", "kam_data", data, [], {}, (200, 120)),
        ],
        "styles": {"1": {"textColor": "#01666b", "bold": True, "fontSize": 16}},
        "formats": {},
        "borders": {},
        "revisionId": "START_REVISION",
        "uniqueFigureIds": True,
        "settings": {
            "locale": {
                "name": "English (US)",
                "code": "en_US",
                "thousandsSeparator": ",",
                "decimalSeparator": ".",
                "dateFormat": "mm/dd/yyyy",
                "timeFormat": "hh:mm:ss",
                "formulaArgSeparator": ",",
                "weekStart": 7,
            }
        },
        "pivots": {each["id"]: each for each in pivots},
        "pivotNextId": len(pivots) + 1,
        "customTableStyles": {},
        "globalFilters": [
            {
                "id": PERIOD,
                "type": "date",
                "label": "Period",
                "defaultValue": "year_to_date",
            },
            {
                "id": TIER,
                "type": "relation",
                "label": "Tier",
                "modelName": "key.account.tier",
                "defaultValueDisplayNames": [],
            },
            {
                "id": MANAGER,
                "type": "relation",
                "label": "Account Manager",
                "modelName": "res.users",
                "defaultValueDisplayNames": [],
            },
        ],
        "lists": {},
        "listNextId": 1,
        "chartOdooMenusReferences": {
            figure["id"]: ACTION for figure in figures if figure["tag"] == "chart"
        },
    }


if __name__ == "__main__":
    TARGET.write_text(json.dumps(dashboard(), indent=1) + "\n")
