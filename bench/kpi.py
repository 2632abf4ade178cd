# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Figures of 5,000 accounts over 2,000,000 invoice lines, compared with a SQL sum."""

import sys

from _common import DEFAULTS, in_odoo, median_ratio, options, report
from kamtool import database

DATABASE = "kam_bench_kpi"
BAR = 1.5
MEMORY_BAR_MB = 150

# Seeded rows made by SQL: ten years, ten lines per invoice, every tenth a credit note.
GENERATE = """
env.cr.execute("SELECT setseed(0.42)")
accounts, invoices = {accounts}, {invoices}
company = env.company
journal = env["account.journal"].search(
    [("type", "=", "sale"), ("company_id", "=", company.id)], limit=1)
income = env["account.account"].search(
    [("account_type", "=", "income"), ("company_ids", "in", company.id)], limit=1)
product = env["product.product"].create(dict(name="Bench", standard_price=7.0))
env.flush_all()
sql_defaults("key.account")
q = env.cr.execute
q('''INSERT INTO res_partner (name, complete_name, active, is_company, type,
            autopost_bills)
     SELECT 'Bench ' || n, 'Bench ' || n, TRUE, TRUE, 'contact', 'ask'
       FROM generate_series(1, %s) n RETURNING id''', [accounts])
first = min(row[0] for row in env.cr.fetchall())
q("UPDATE res_partner SET commercial_partner_id = id WHERE id >= %s", [first])
q('''INSERT INTO key_account (partner_id, partner_name, company_id, manager_id, state,
            phase, active, create_date)
     SELECT id, name, %s, 2, 'active', 'keep', TRUE, now()
       FROM res_partner WHERE id >= %s''', [company.id, first])
q("UPDATE key_account SET parent_path = id || '/' WHERE parent_path IS NULL")
q('''INSERT INTO account_move (name, journal_id, company_id, currency_id, state,
            move_type, date, invoice_date, partner_id, commercial_partner_id,
            payment_state,
            auto_post, amount_untaxed_signed, invoice_currency_rate)
     SELECT 'BENCH/' || n, %s, %s, %s, 'posted',
            CASE WHEN n %% 10 = 0 THEN 'out_refund' ELSE 'out_invoice' END,
            day, day, partner, partner, 'not_paid', 'no',
            CASE WHEN n %% 10 = 0 THEN -1000 ELSE 1000 END, 1
       FROM (SELECT n, current_date - (random() * 3650)::int AS day,
                    %s + (random() * %s)::int AS partner
               FROM generate_series(1, %s) n) doc RETURNING id''',
  [journal.id, company.id, company.currency_id.id, first, accounts - 1, invoices])
first_move = min(row[0] for row in env.cr.fetchall())
q('''INSERT INTO account_move_line (move_id, journal_id, company_id,
            company_currency_id, currency_id, account_id, partner_id, display_type,
            parent_state, date,
            invoice_date, product_id, product_uom_id, quantity, balance,
            amount_currency, debit, credit, name, sequence)
     SELECT move.id, %s, %s, %s, %s, %s, move.partner_id, 'product', 'posted',
            move.date, move.date, %s, %s, 10,
            CASE WHEN move.move_type = 'out_refund' THEN 100 ELSE -100 END,
            CASE WHEN move.move_type = 'out_refund' THEN 100 ELSE -100 END,
            CASE WHEN move.move_type = 'out_refund' THEN 100 ELSE 0 END,
            CASE WHEN move.move_type = 'out_refund' THEN 0 ELSE 100 END, 'Bench', 10
       FROM account_move move, generate_series(1, 10)
      WHERE move.id >= %s''',
  [journal.id, company.id, company.currency_id.id, company.currency_id.id,
   income.id, product.id, product.uom_id.id, first_move])
env.cr.commit()
env.cr._cnx.autocommit = True
q("ANALYZE")
print("{{}}")
"""

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
