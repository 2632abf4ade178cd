# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Export 200,000 rows: our workbook, a plain xlsxwriter loop and Odoo's own export."""

import json
import re
import statistics
import sys
import time

import requests
from _common import DEFAULTS, in_odoo, median_ratio, options, report
from kamtool import database, server

DATABASE = "kam_bench_xlsx"
BAR = 1.3
TIMES_FASTER = 3
MEMORY_BAR_MB = 150
FIELDS = (
    "month",
    "account_id",
    "revenue",
    "margin",
    "order_count",
    "paid_count",
    "paid_days",
    "overdue_amount",
    "credit_exposure",
    "company_id",
)

# A hundred months for each account.
GENERATE = """
rows = {rows}
sql_defaults("key.account", "key.account.kpi")
q = env.cr.execute
q('''INSERT INTO res_partner (name, complete_name, active, is_company, type,
            autopost_bills)
     SELECT 'Bench ' || n, 'Bench ' || n, TRUE, TRUE, 'contact', 'ask'
       FROM generate_series(1, %s) n RETURNING id''', [rows // 100])
first = min(row[0] for row in env.cr.fetchall())
q("UPDATE res_partner SET commercial_partner_id = id WHERE id >= %s", [first])
q('''INSERT INTO key_account (partner_id, partner_name, company_id, manager_id, state,
            phase, active, create_date)
     SELECT id, name, %s, 2, 'active', 'keep', TRUE, now()
       FROM res_partner WHERE id >= %s''', [env.company.id, first])
q("UPDATE key_account SET parent_path = id || '/' WHERE parent_path IS NULL")
q('''INSERT INTO key_account_kpi (account_id, company_id, month, revenue, margin,
            order_count, paid_count, paid_days, overdue_amount, credit_exposure)
     SELECT account.id, account.company_id,
            (date_trunc('month', now()) - n * interval '1 month')::date,
            account.id * 7.13 + n, account.id * 1.37, n %% 9, n %% 7, n, n * 3.5, n
       FROM key_account account, generate_series(0, 99) n
      WHERE account.partner_id >= %s''', [first])
user = env.ref("base.user_admin")
export = env["key.account.export"].with_user(user).create(dict(
    name="Bench", model_name="key.account.kpi", domain="[]",
    field_names={fields!r}, company_ids=user.company_ids.ids, language="en_US"))
env.cr.commit()
env.cr._cnx.autocommit = True
q("ANALYZE")
env.cr._cnx.autocommit = False
import json
q("SELECT COUNT(*) FROM key_account_kpi")
print(json.dumps(dict(export=export.id, rows=env.cr.fetchone()[0])))
"""

MEASURE = """
import json, io, time, xlsxwriter
from odoo.addons.key_account_management.models.tools.xlsx_export import OPTIONS
export = env["key.account.export"].browse({export})
names = json.loads(export.field_names)
Kpi = env["key.account.kpi"].with_user(export.create_uid)
data = [
    [value[1] if isinstance(value, tuple) else value for value in
     (line[name] for name in names)]
    for line in Kpi.search([]).read(names)]
env.invalidate_all()
def bare():
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, OPTIONS)
    sheet = book.add_worksheet()
    day = book.add_format(dict(num_format="yyyy-mm-dd"))
    for number, line in enumerate(data):
        for column, value in enumerate(line):
            if column == 0:
                sheet.write_datetime(number, column, value, day)
            elif isinstance(value, str):
                sheet.write_string(number, column, value)
            else:
                sheet.write_number(number, column, value)
    book.close()
def timed(function):
    start = time.monotonic()
    function()
    return time.monotonic() - start
export._get_content()
pairs = [(timed(export._get_content), timed(bare)) for _ in range(5)]
print(json.dumps(dict(ours=[p[0] for p in pairs], bare=[p[1] for p in pairs])))
"""

MEMORY = """
import json, resource
export = env["key.account.export"].browse({export})
export.name
idle = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
content = export._get_content()
print(json.dumps(dict(size=len(content) / 1e6, memory=
    resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 - idle)))
"""


class Client:
    """A user of the web client, with its session."""

    def __init__(self, port):
        self.url = f"http://127.0.0.1:{port}"
        self.session = requests.Session()
        page = self.session.get(f"{self.url}/web/login").text
        token = re.search(r'csrf_token: "(\w+)"', page).group(1)
        answer = self.session.post(
            f"{self.url}/web/login",
            {"login": "admin", "password": "admin", "csrf_token": token},
        )
        self.token = re.search(r'csrf_token: "(\w+)"', answer.text).group(1)

    def odoo_export(self):
        """Have Odoo export the same rows and columns; return the seconds it took."""
        columns = [{"name": name, "label": name, "type": "char"} for name in FIELDS]
        data = {
            "model": "key.account.kpi",
            "fields": columns,
            "ids": False,
            "domain": [],
            "groupby": [],
            "import_compat": False,
            "context": {},
        }
        return self._timed(
            "POST",
            "/web/export/xlsx",
            data={"data": json.dumps(data), "csrf_token": self.token},
        )

    def our_export(self, export_id):
        """Download our workbook; return the seconds it took."""
        return self._timed("GET", f"/key_account/export/{export_id}.xlsx")

    def _timed(self, method, path, **kwargs):
        start = time.monotonic()
        answer = self.session.request(method, self.url + path, **kwargs)
        seconds = time.monotonic() - start
        answer.raise_for_status()
        assert answer.content[:2] == b"PK", "no workbook came"
        return seconds


def against_odoo(export_id):
    """Return pairs of seconds: our export and Odoo's, both through the web server."""
    port = server.free_port()
    log = server.STATE / "bench-server.log"
    process = server.launch(DATABASE, port, log, crons=False)
    try:
        server.wait_until_up(process, port, log)
        client = Client(port)
        return [(client.our_export(export_id), client.odoo_export()) for _ in range(5)]
    finally:
        server.end_process(process.pid)
        process.wait()


def main():
    """Generate the data, measure and report."""
    wanted = options(__doc__)
    rows = int(200_000 * wanted.scale)
    database.copy(database.ensure_addon(demo=False), DATABASE)
    made = in_odoo(
        DATABASE, DEFAULTS + GENERATE.format(rows=rows, fields=json.dumps(FIELDS))
    )
    assert made["rows"] == rows
    found = in_odoo(DATABASE, MEASURE.format(export=made["export"]))
    memory = in_odoo(DATABASE, MEMORY.format(export=made["export"]))
    pairs = against_odoo(made["export"])
    database.drop(DATABASE)
    odoo = statistics.median(theirs / ours for ours, theirs in pairs)
    results = [
        {
            "name": "xlsx",
            "ratio": round(median_ratio(found["ours"], found["bare"]), 3),
            "bar": BAR,
            "figures": {
                "rows": rows,
                "ours, s": [round(value, 2) for value in found["ours"]],
                "bare loop, s": [round(value, 2) for value in found["bare"]],
                "file, MB": round(memory["size"], 1),
            },
        },
        {
            "name": "xlsx, time of Odoo's own export (bar: a third)",
            "ratio": round(1 / odoo, 3),
            "bar": round(1 / TIMES_FASTER, 3),
            "figures": {
                "times faster": round(odoo, 2),
                "ours, s": [round(pair[0], 2) for pair in pairs],
                "Odoo's, s": [round(pair[1], 2) for pair in pairs],
            },
        },
        {
            "name": "xlsx, memory above idle, of 150 MB",
            "ratio": round(memory["memory"] / MEMORY_BAR_MB, 3),
            "bar": 1.0,
            "figures": {"MB": round(memory["memory"], 1)},
        },
    ]
    return report(results, wanted.json)


if __name__ == "__main__":
    sys.exit(main())
