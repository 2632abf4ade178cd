# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Accrual of 500 bonuses over 2,000,000 invoice lines, compared with a SQL sum."""

import sys

from _common import DEFAULTS, in_odoo, median_ratio, options, report
from _lines import GENERATE
from kamtool import database

DATABASE = "kam_bench_rebate"
BAR = 1.5

# A bonus for each account, by calendar year, from the oldest invoice on.
BONUSES = """
import datetime
today = env.company._get_key_account_today()
start = datetime.date(today.year - 11, 1, 1)
accounts = env["key.account"].search([])
number = len(accounts)
receivable = env["account.account"].search(
    [("account_type", "=", "liability_current"), ("company_ids", "in", env.company.id)],
    limit=1)
income = env["account.account"].search(
    [("account_type", "=", "income"), ("company_ids", "in", env.company.id)], limit=1)
env.company.write(dict(key_account_rebate_account_id=income.id,
    key_account_rebate_accrual_account_id=receivable.id))
Rebate = env["key.account.rebate"]
for account in accounts:
    rebate = Rebate.create(dict(name="Bench", account_id=account.id, date_start=start,
        step_ids=[(0, 0, dict(bound=0, value=1)), (0, 0, dict(bound=10000, value=2)),
                  (0, 0, dict(bound=100000, value=3))]))
    rebate.action_submit_approval()
env.cr.commit()
print("{}")
"""

MEASURE = '''
import json, time
Accrual = env["key.account.rebate.accrual"]
rebates = env["key.account.rebate"].search([])
half = rebates[: len(rebates) // 2]
today = env.company._get_key_account_today()
month = today.replace(day=1) - __import__("datetime").timedelta(days=1)
BARE = """SELECT move.commercial_partner_id, date_trunc('year', move.invoice_date),
                 line.analytic_distribution, SUM(-line.balance), SUM(line.quantity)
            FROM account_move move JOIN account_move_line line ON line.move_id = move.id
           WHERE move.state = 'posted' AND line.display_type = 'product'
             AND move.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
             AND move.invoice_date <= %s
        GROUP BY 1, 2, 3"""
def timed(function):
    start = time.monotonic()
    function()
    return time.monotonic() - start
def bare():
    env.cr.execute(BARE, [month])
    return env.cr.fetchall()
def ours():
    return Accrual._get_owed(rebates, month)
bare()
ours()
pairs = [(timed(ours), timed(bare)) for _ in range(5)]
half_time = timed(lambda: Accrual._get_owed(half, month))
owed = sum(float(sum(cells.values())) for cells in ours().values())
booking = timed(lambda: Accrual._accrue(env.company, month))
booked = sum(Accrual.search([]).mapped("amount"))
again = timed(lambda: Accrual._accrue(env.company, month))
print(json.dumps(dict(ours=[p[0] for p in pairs], bare=[p[1] for p in pairs],
    half=half_time, booking=booking, again=again, bonuses=len(rebates),
    right=abs(owed - booked) < 0.005 and owed > 0, owed=owed)))
'''


def main():
    """Generate the data, measure and report."""
    wanted = options(__doc__)
    accounts, lines = int(500 * wanted.scale), int(2_000_000 * wanted.scale)
    database.copy(database.ensure_addon(demo=False), DATABASE)
    in_odoo(
        DATABASE, DEFAULTS + GENERATE.format(accounts=accounts, invoices=lines // 10)
    )
    in_odoo(DATABASE, BONUSES)
    found = in_odoo(DATABASE, MEASURE)
    assert found["right"], "what was booked isn't what is owed"
    whole = sorted(found["ours"])[2]
    result = {
        "name": "rebate",
        "ratio": round(median_ratio(found["ours"], found["bare"]), 3),
        "bar": BAR,
        "figures": {
            "invoice lines": lines,
            "bonuses": found["bonuses"],
            "ours, s": [round(value, 2) for value in found["ours"]],
            "bare SQL, s": [round(value, 2) for value in found["bare"]],
            "half of the bonuses, share of the time": round(found["half"] / whole, 2),
            "with the entry and its reversal, s": round(found["booking"], 2),
            "again, nothing to book, s": round(found["again"], 2),
        },
    }
    database.drop(DATABASE)
    return report([result], wanted.json)


if __name__ == "__main__":
    sys.exit(main())
