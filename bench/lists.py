# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Queries of the account list and board with 100,000 records, compared with 100."""

import sys

from _common import DEFAULTS, in_odoo, options, report
from kamtool import database

DATABASE = "kam_bench_lists"
BAR = 1.0

GENERATE = """
many = {many}
sql_defaults("key.account", "key.account.complaint")
stages = env["key.account.complaint.stage"].search([]).ids
tiers = env["key.account.tier"].search([("active", "=", True)]).ids
q = env.cr.execute
q('''INSERT INTO res_partner (name, complete_name, active, is_company, type,
            autopost_bills)
     SELECT 'Bench ' || n, 'Bench ' || n, TRUE, TRUE, 'contact', 'ask'
       FROM generate_series(1, %s) n RETURNING id''', [many])
first = min(row[0] for row in env.cr.fetchall())
q("UPDATE res_partner SET commercial_partner_id = id WHERE id >= %s", [first])
q('''INSERT INTO key_account (partner_id, partner_name, company_id, manager_id, state,
            phase, active, create_date, revenue_12m, tier_id)
     SELECT id, name, %s, 2, 'active', 'keep', TRUE, now(), id %% 1000,
            (%s::int[])[1 + id %% %s]
       FROM res_partner WHERE id >= %s''',
  [env.company.id, tiers, len(tiers), first])
q("UPDATE key_account SET parent_path = id || '/' WHERE parent_path IS NULL")
q('''INSERT INTO key_account_complaint (name, subject, partner_id,
            commercial_partner_id, account_id, company_id, stage_id, stage_kind, active,
            create_date)
     SELECT 'BENCH/' || account.id, 'Bench ' || account.id, partner_id, partner_id,
            account.id, company_id, stage.id, stage.kind, TRUE, now()
       FROM key_account account JOIN key_account_complaint_stage stage
         ON stage.id = (%s::int[])[1 + account.id %% %s]''', [stages, len(stages)])
env.cr.commit()
env.cr._cnx.autocommit = True
q("ANALYZE")
print("{{}}")
"""

MEASURE = """
import json, time
from lxml import etree
user = env.ref("base.user_admin")
def specification(model, kind):
    view = model.get_view(view_type=kind)
    names = dict.fromkeys(
        node.get("name") for node in etree.fromstring(view["arch"]).iter("field"))
    return {name: {"fields": {"display_name": {}}}
            if model._fields[name].relational else {} for name in names}
def open_list(model):
    model.web_search_read([], specification(model, "list"), limit=80)
def open_board(model):
    model.web_read_group([], [model_board[model._name]], ["__count"],
        auto_unfold=True, unfold_read_specification=specification(model, "kanban"),
        unfold_read_default_limit=40)
model_board = {"key.account": "tier_id", "key.account.complaint": "stage_id"}
found = {}
for name in model_board:
    if name not in env:
        continue
    for title, function in (("list", open_list), ("board", open_board)):
        times = []
        for _ in range(3):
            env.invalidate_all()
            model = env(user=user)[name]
            function(model)
            env.invalidate_all()
            queries, start = env.cr.sql_log_count, time.monotonic()
            function(model)
            times.append(time.monotonic() - start)
        found[name + " " + title] = [env.cr.sql_log_count - queries, min(times)]
print(json.dumps(found))
"""


def main():
    """Generate both sizes, open the lists as the web client does, and compare."""
    wanted = options(__doc__)
    found = {}
    for many in (100, int(100_000 * wanted.scale)):
        database.copy(database.ensure_addon(demo=False), DATABASE)
        in_odoo(DATABASE, DEFAULTS + GENERATE.format(many=many))
        found[many] = in_odoo(DATABASE, MEASURE)
        database.drop(DATABASE)
    few, many = found.values()
    figures = {}
    for name in few:
        figures[f"{name}, queries few/many"] = [few[name][0], many[name][0]]
        figures[f"{name}, s few/many"] = [
            round(few[name][1], 3),
            round(many[name][1], 3),
        ]
    ratio = max(many[name][0] / few[name][0] for name in few)
    result = {"name": "lists", "ratio": round(ratio, 3), "bar": BAR, "figures": figures}
    return report([result], wanted.json)


if __name__ == "__main__":
    sys.exit(main())
