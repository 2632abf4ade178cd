# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What the benchmarks share: the database, Odoo as a subprocess, the report."""

import argparse
import json
import platform
import statistics
import subprocess
from pathlib import Path

from kamtool import database
from kamtool.base import KamError

#: Rows inserted by SQL need the ORM's defaults; the database is thrown away later.
DEFAULTS = """
def sql_defaults(*models):
    for model in map(env.__getitem__, models):
        given = model.default_get(list(model._fields))
        for name, value in given.items():
            field = model._fields[name]
            if field.store and field.required and field.column_type:
                env.cr.execute(SQL("ALTER TABLE %s ALTER COLUMN %s SET DEFAULT %s",
                    SQL.identifier(model._table), SQL.identifier(name), value))
from odoo.tools import SQL
"""


def options(description):
    """Read the command line options that all benchmarks share."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument(
        "--json", metavar="FILE", help="append the results to this file"
    )
    parser.add_argument(
        "--scale", type=float, default=1.0, help="1.0 is the stated size"
    )
    return parser.parse_args()


def in_odoo(name, script):
    """Run a script in Odoo's shell; return the JSON that it prints last."""
    command, env = database.odoo_command("shell", "-d", name, "--no-http")
    done = subprocess.run(
        command, input=script, capture_output=True, text=True, env=env
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode or not lines:
        raise KamError(f"the benchmark failed: {done.stderr[-2000:]}")
    return json.loads(lines[-1])


def median_ratio(ours, baseline):
    """Return the median of the ratios of paired runs."""
    return statistics.median(a / b for a, b in zip(ours, baseline, strict=True))


def report(results, target):
    """Print results, append them to the file, and return the exit code."""
    for result in results:
        verdict = "ok" if result["ratio"] <= result["bar"] else "ABOVE THE BAR"
        print(
            f"{result['name']}: {result['ratio']:.2f} (bar {result['bar']}) {verdict}"
        )
        for key, value in result["figures"].items():
            print(f"    {key}: {value}")
    print(f"    machine: {platform.machine()}, {platform.python_version()}")
    if target:
        file = Path(target)
        known = json.loads(file.read_text()) if file.exists() else []
        file.write_text(json.dumps(known + results, indent=2) + "\n")
    return int(any(result["ratio"] > result["bar"] for result in results))
