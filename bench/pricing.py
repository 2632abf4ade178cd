# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Price a quotation of 1,000 lines for a key account, compared with plain Odoo."""

import sys

from _common import in_odoo, median_ratio, options, report
from _orders import PRICE
from kamtool import database

BAR = 1.05
WITH, WITHOUT = "kam_bench_pricing_with", "kam_bench_pricing_without"


def main():
    """Run both databases in turn, and compare."""
    wanted = options(__doc__)
    lines = max(int(1000 * wanted.scale), 1)
    script = PRICE.format(lines=lines)
    database.copy(database.ensure_addon(demo=False), WITH)
    database.copy(database.ensure_core(demo=False), WITHOUT)
    ours, core = in_odoo(WITH, script), in_odoo(WITHOUT, script)
    database.drop(WITH)
    database.drop(WITHOUT)
    assert ours["total"] == core["total"], "the prices differ"
    result = {
        "name": "pricing",
        "ratio": round(median_ratio(ours["times"], core["times"]), 3),
        "bar": BAR,
        "figures": {
            "lines": lines,
            "ours, s": [round(value, 3) for value in ours["times"]],
            "core, s": [round(value, 3) for value in core["times"]],
        },
    }
    return report([result], wanted.json)


if __name__ == "__main__":
    sys.exit(main())
