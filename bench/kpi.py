# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Figures of 5,000 accounts over 2,000,000 invoice lines, compared with a SQL sum."""

import sys

from _common import DEFAULTS, in_odoo, median_ratio, options, report
from _lines import GENERATE
from kamtool import database

DATABASE = "kam_bench_kpi"
BAR = 1.5
MEMORY_BAR_MB = 150

MEASURE = '''
import json, resource, time
Kpi = env["key.account.kpi"]
accounts = env["key.account"].search([])
BARE = """SELECT move.commercial_partner_id, date_trunc('month', move.invoice_date),
                 SUM(-line.balance), SUM(line.quantity), COUNT(*)
            FROM account_move move JOIN account_move_line line ON line.move_id = move.id
           WHERE move.state = 'posted' AND line.display_type = 'product'
             AND move.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
        GROUP BY 1, 2"""
def timed(function):
    start = time.monotonic()
    function()
    return time.monotonic() - start
def bare():
    env.cr.execute("SELECT COUNT(*) FROM (" + BARE + ") rows")
def ours():
    Kpi._rebuild(accounts)
    env.cr.commit()
bare()
first = timed(ours)
idle = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
pairs = [(timed(ours), timed(bare)) for _ in range(5)]
refresh = timed(accounts._refresh_figures)
half = accounts[: len(accounts) // 2]
half_time = timed(lambda: Kpi._rebuild(half))
env.cr.execute("SELECT COUNT(*), SUM(revenue) FROM key_account_kpi")
rows, revenue = env.cr.fetchone()
env.cr.execute("""SELECT SUM(-balance) FROM account_move_line
                   WHERE display_type = 'product' AND parent_state = 'posted'""")
print(json.dumps(dict(ours=[p[0] for p in pairs], bare=[p[1] for p in pairs],
    refresh=refresh, first=first, half=half_time, rows=rows,
    right=revenue == env.cr.fetchone()[0],
    memory=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 - idle)))
'''


def main():
    """Generate the data, measure and report."""
    wanted = options(__doc__)
    accounts, lines = int(5000 * wanted.scale), int(2_000_000 * wanted.scale)
    database.copy(database.ensure_addon(demo=False), DATABASE)
    in_odoo(
        DATABASE, DEFAULTS + GENERATE.format(accounts=accounts, invoices=lines // 10)
    )
    found = in_odoo(DATABASE, MEASURE)
    assert found["right"], "the figures are not the sum of the lines"
    whole = sorted(found["ours"])[2]
    result = {
        "name": "kpi",
        "ratio": round(median_ratio(found["ours"], found["bare"]), 3),
        "bar": BAR,
        "figures": {
            "invoice lines": lines,
            "accounts": accounts,
            "rows written": found["rows"],
            "ours, s": [round(value, 2) for value in found["ours"]],
            "bare SQL, s": [round(value, 2) for value in found["bare"]],
            "first run, which takes the costs of the past, s": round(found["first"], 2),
            "half of the accounts, share of the time": round(found["half"] / whole, 2),
            "twelve months and classes, s": round(found["refresh"], 2),
            "memory above idle, MB": round(found["memory"], 1),
            "memory bar, MB": MEMORY_BAR_MB,
        },
    }
    database.drop(DATABASE)
    return report([result], wanted.json) or int(found["memory"] > MEMORY_BAR_MB)


if __name__ == "__main__":
    sys.exit(main())
