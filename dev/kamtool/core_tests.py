# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Odoo's own tests with and without the addon, compared test by test."""

import concurrent.futures
import threading

from . import database, postgres
from .base import STATE, digest, say, step
from .odoo_tests import run_tests

SIDES = ("without", "with")
TEMPLATE = "kam_core_tests"
# PostgreSQL copies a template for one at a time.
COPYING = threading.Lock()


def compare(modules):
    """Run the tests of Odoo modules on both sides and return the number of differences.

    Both sides go through the same: Odoo's modules with their demo data, on the one side
    our addon too (as in a customer's database: without our demo data). Then all tests,
    those meant for installation as well, so that our code is there in each. What
    differs is run once more alone on both sides, as some of Odoo's tests look at the
    clock or count queries.
    """
    tags = ",".join(f"/{module}" for module in modules)
    ensure_template(modules)
    with step(f"Odoo's tests of {', '.join(modules)}, twice"):
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            runs = {side: pool.submit(run_side, side, tags) for side in SIDES}
            results = {side: run.result() for side, run in runs.items()}
    for side in SIDES:
        show_total(side, results[side])
    different = differences(results)
    if different:
        say(f"  {len(different)} differ; each is run once more alone")
        again = [test for test in different if differs_again(test)]
        for test in sorted(set(different) - set(again)):
            say(f"  no difference when run alone: {test}")
        different = again
    for test in different:
        kinds = [results[side].outcomes.get(test, "not run") for side in SIDES]
        say(f"  DIFFERENT {test}: {kinds[0]} without, {kinds[1]} with the addon")
    say(f"  {len(different)} differences")
    return len(different)


def ensure_template(modules):
    """Make the database that both sides start from, in English alone."""
    install = ",".join(sorted({*database.CORE_MODULES, *modules}))
    key = digest(database.core_key(True), install)
    if not database.is_current(TEMPLATE, key):
        with step("database for Odoo's own tests"):
            database.drop(TEMPLATE)
            database.run_odoo(
                [
                    "server",
                    "-d",
                    TEMPLATE,
                    "-i",
                    install,
                    "--with-demo",
                    "--stop-after-init",
                    "--no-http",
                ],
                "installing Odoo's modules",
            )
            database.set_stamp(TEMPLATE, key)


def run_side(side, tags, suffix=""):
    """Install and test on one side."""
    name = f"kam_core_tests_{side}"
    log = STATE / f"core-tests-{side}{suffix}.log"
    with COPYING:
        database.copy(TEMPLATE, name)
    if side == "with":
        # In a database with demo data Odoo loads an addon's, too, unless one of the
        # modules that it depends on has none.
        postgres.sql(
            "UPDATE ir_module_module SET demo = FALSE WHERE name = 'sale_crm'", name
        )
        database.install(name, demo=False)
    try:
        return run_tests(name, log, tags, {"KAM_ALL_POST_INSTALL": "1"})
    finally:
        database.drop(name)


def show_total(side, results):
    """Print one side's numbers and what failed there."""
    bad = results.having("failed", "error")
    say(
        f"  {side} the addon: {len(results.outcomes)} tests, "
        f"{len(results.having('passed'))} passed, {len(bad)} failed, "
        f"{len(results.having('skipped'))} skipped"
    )
    for test in bad:
        say(f"    failed {side} the addon: {test}")


def differences(results):
    """Return the tests whose outcome is not the same on both sides."""
    without, with_addon = (results[side].outcomes for side in SIDES)
    return sorted(
        test
        for test in {*without, *with_addon}
        if without.get(test) != with_addon.get(test)
    )


def differs_again(test):
    """Tell whether a test differs when it is run alone."""
    parts = test.split(".")
    if len(parts) < 6 or parts[0] != "odoo":
        return True
    module, test_class, method = parts[2], parts[-2], parts[-1]
    tags = f"/{module}:{test_class}.{method}"
    results = {side: run_side(side, tags, ".again") for side in SIDES}
    return bool(differences(results))
