# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Create, confirm, invoice and post orders with the addon and with plain Odoo."""

import statistics
import sys

from _common import in_odoo, options, report
from _orders import FLOW
from kamtool import database

PAIRS = 5
BARS = {"ordinary": 1.03, "special": 1.15}
WITH, WITHOUT = "kam_bench_orders_with", "kam_bench_orders_without"


def main():
    """Run both databases in turn, and compare time and queries."""
    wanted = options(__doc__)
    script = FLOW.format(orders=max(int(100 * wanted.scale), 1))
    database.copy(database.ensure_addon(demo=False), WITH)
    database.copy(database.ensure_core(demo=False), WITHOUT)
    ours, core = [], []
    for _pair in range(PAIRS):
        core.append(in_odoo(WITHOUT, script))
        ours.append(in_odoo(WITH, script))
    database.drop(WITH)
    database.drop(WITHOUT)
    assert ours[0]["price"] == core[0]["price"], "the prices differ"
    results = []
    for kind, bar in BARS.items():
        ratios = [
            a[kind]["seconds"] / b[kind]["seconds"]
            for a, b in zip(ours, core, strict=True)
        ]
        extra = [
            ours[0][kind][key] - core[0][kind][key]
            for key in ("queries", "queries_many")
        ]
        results.append(
            {
                "name": "orders, " + ("key accounts" if kind == "special" else kind),
                "ratio": round(statistics.median(ratios), 3),
                "bar": bar,
                "figures": {
                    "ratios": [round(ratio, 3) for ratio in ratios],
                    "ours, s an order": [round(a[kind]["seconds"], 3) for a in ours],
                    "core, s an order": [round(b[kind]["seconds"], 3) for b in core],
                    "extra queries of an order with 10 and 40 lines": extra,
                },
            }
        )
    return report(results, wanted.json)


if __name__ == "__main__":
    sys.exit(main())
