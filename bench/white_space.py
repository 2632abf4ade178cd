# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""White space of 3,000 accounts in 60 categories, compared with a SQL sum."""

import sys

from _common import DEFAULTS, in_odoo, median_ratio, options, report
from _lines import GENERATE
from kamtool import database

DATABASE = "kam_bench_white_space"
BAR = 1.5

# 12 categories with 4 each below them; 240 products, bought more and less often; five
# segments and three tiers, and every tenth account in a group.
SPREAD = """
Category = env["product.category"]
tops = Category.create([dict(name="Bench %s" % n) for n in range(12)])
leaves = Category.create([dict(name="Bench %s-%s" % (top.id, n), parent_id=top.id)
    for top in tops for n in range(4)])
products = env["product.product"].create([
    dict(name="Bench %s" % n, categ_id=leaves[n % 48].id) for n in range(240)])
segments = env["key.account.segment"].create([
    dict(name="Bench %s" % n) for n in range(5)])
tiers = env["key.account.tier"].create([dict(name="Bench %s" % n) for n in range(3)])
env.flush_all()
q = env.cr.execute
q('''UPDATE account_move_line line SET product_id = (%s::int[])[
            1 + (240 * power(mod(line.id::bigint * 7919, 1000) / 1000.0, 2))::int
                %% 240]
      WHERE display_type = 'product' AND name = 'Bench'
        AND date > current_date - 750''', [products.ids])
q('''UPDATE key_account SET segment_id = (%s::int[])[1 + id %% 5],
            tier_id = (%s::int[])[1 + id %% 3]''', [segments.ids, tiers.ids])
q('''UPDATE key_account SET parent_id = id - 1,
            parent_path = (id - 1) || '/' || id || '/'
      WHERE id % 10 = 1 AND EXISTS (SELECT FROM key_account o
                                     WHERE o.id = key_account.id - 1)''')
env.cr.commit()
env.cr._cnx.autocommit = True
q("VACUUM ANALYZE")
print("{}")
"""

MEASURE = '''
import json, time
from dateutil.relativedelta import relativedelta
from odoo.tools import SQL
Cell = env["key.account.white.space"]
company = env.company
today = company._get_key_account_today()
since = env["key.account"]._figures_period(today)
before = since - relativedelta(years=1)
BARE = """SELECT account.id, template.categ_id,
                 SUM(-line.balance) FILTER (WHERE move.invoice_date >= %s) AS now,
                 SUM(-line.balance) FILTER (WHERE move.invoice_date < %s) AS before
            FROM key_account account
            JOIN account_move move ON move.commercial_partner_id = account.partner_id
            JOIN account_move_line line ON line.move_id = move.id
            JOIN product_product product ON product.id = line.product_id
            JOIN product_template template ON template.id = product.product_tmpl_id
           WHERE move.state = 'posted' AND line.display_type = 'product'
             AND move.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
             AND move.invoice_date BETWEEN %s AND %s
        GROUP BY 1, 2"""
def timed(function):
    start = time.monotonic()
    function()
    return time.monotonic() - start
# Both stay in the database, where ours is stored: added up, so that each column counts.
def bare():
    env.cr.execute("SELECT COUNT(*), SUM(now), SUM(before) FROM (%s) t" % BARE,
        [since, since, before, today])
    return env.cr.fetchone()
def ours():
    env.cr.execute(SQL("""SELECT COUNT(*), SUM(revenue), SUM(revenue_before),
            SUM(median_share), SUM(potential), SUM(comparable_count), MIN(basis)
        FROM (%s) t""", Cell._cells_sql(company, since, before, today)))
    return env.cr.fetchone()
def stored():
    Cell._refresh(company)
    env.flush_all()
bare()
ours()
pairs = [(timed(ours), timed(bare)) for _ in range(5)]
first = timed(stored)
again = timed(stored)
page = timed(lambda: env["key.account.white.space.page"].get_matrix())
cells = Cell.search_count([])
potential = Cell.search_count([("potential", ">", 0)])
print(json.dumps(dict(ours=[p[0] for p in pairs], bare=[p[1] for p in pairs],
    first=first, again=again, page=page, cells=cells, potential=potential,
    accounts=env["key.account"].search_count([]))))
'''


def main():
    """Generate the data, measure and report."""
    wanted = options(__doc__)
    accounts, lines = int(3000 * wanted.scale), int(2_000_000 * wanted.scale)
    database.copy(database.ensure_addon(demo=False), DATABASE)
    in_odoo(
        DATABASE, DEFAULTS + GENERATE.format(accounts=accounts, invoices=lines // 10)
    )
    in_odoo(DATABASE, SPREAD)
    found = in_odoo(DATABASE, MEASURE)
    assert found["potential"], "no cell has a potential"
    result = {
        "name": "white space",
        "ratio": round(median_ratio(found["ours"], found["bare"]), 3),
        "bar": BAR,
        "figures": {
            "invoice lines of ten years": lines,
            "accounts": found["accounts"],
            "cells, of them with potential": [found["cells"], found["potential"]],
            "ours, s": [round(value, 2) for value in found["ours"]],
            "bare SQL, s": [round(value, 2) for value in found["bare"]],
            "stored for the first time, s": round(found["first"], 2),
            "again, nothing changed, s": round(found["again"], 2),
            "first page of the matrix, s": round(found["page"], 2),
        },
    }
    database.drop(DATABASE)
    return report([result], wanted.json)


if __name__ == "__main__":
    sys.exit(main())
