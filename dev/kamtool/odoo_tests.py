# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Odoo's test runner, with results that can be counted and compared."""

import json
import shutil
import subprocess
from collections import Counter
from typing import NamedTuple

from . import database, measure
from .base import STATE, addons, install_packages, say, step
from .server import free_port

BROWSERS = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
# Skips that are right, with the reason; any other skip counts as a failure.
ALLOWED_SKIPS = {}


class Results(NamedTuple):
    """Outcomes of one run: test id -> passed, failed, error or skipped.

    Beside them the seconds that each test class took, where they were recorded.
    """

    outcomes: dict
    details: dict
    seconds: dict

    def having(self, *kinds):
        return sorted(test for test, kind in self.outcomes.items() if kind in kinds)


def ensure_system_tools():
    """See to it that browser tests and PDFs can run at all.

    :raise KamError: where they can't be installed; they are never skipped
    """
    missing = []
    if not any(shutil.which(name) for name in BROWSERS):
        missing.append("chromium")
    if not shutil.which("wkhtmltopdf"):
        missing.append("wkhtmltopdf")
    if missing:
        install_packages(missing, "testing in the browser and printing")


def read_results(path):
    """Read what the recorder wrote; a test that never ended stays an error."""
    outcomes, details, seconds = {}, {}, Counter()
    worse = {"passed": 0, "skipped": 1, "failed": 2, "error": 3}
    for line in path.read_text().splitlines() if path.exists() else ():
        entry = json.loads(line)
        if "test_class" in entry:
            seconds[entry["test_class"]] += entry["seconds"]
            continue
        kind = "passed" if entry["outcome"] == "started" else entry["outcome"]
        known = outcomes.get(entry["test"], "passed")
        if worse[kind] >= worse[known]:
            outcomes[entry["test"]] = kind
            details[entry["test"]] = entry["detail"]
    return Results(outcomes, details, seconds)


def run_tests(name, log, tags, extra_env=None, coverage=False):
    """Run Odoo's tests on a database and return their results.

    :param str name: the database
    :param Path log: where Odoo's output goes
    :param str tags: which tests
    :param dict extra_env: what the recorder is told besides
    :param bool coverage: measure which lines of the addons are reached
    """
    results = log.with_suffix(".results")
    results.unlink(missing_ok=True)
    log.unlink(missing_ok=True)
    command, env = database.odoo_command(
        "server",
        "-d",
        name,
        "--test-tags",
        tags,
        "--stop-after-init",
        f"--http-port={free_port()}",
        f"--gevent-port={free_port()}",
        "--load=base,web,kam_test_recorder",
        "--max-cron-threads=0",
    )
    env = {**env, **(extra_env or {}), "KAM_TEST_RESULTS": str(results)}
    failed = run_quietly(measure.wrap(command) if coverage else command, log, env)
    found = read_results(results)
    if failed and not found.having("failed", "error"):
        found.outcomes["Odoo's test run as a whole"] = "error"
        found.details["Odoo's test run as a whole"] = f"see {log}"
    return found


def run_quietly(command, log, env):
    with open(log, "wb") as handle:
        return subprocess.call(
            command,
            stdout=handle,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env=env,
        )


def prepare(selection=None):
    """Make the databases that the tests need, for others may use the templates then."""
    database.copy(database.ensure_addon(), "kam_test")
    if not selection and addons()[1:]:
        database.copy(database.ensure_glue(), "kam_test_glue")


def addon_tests(selection=None, coverage=False):
    """Run the tests of our addons.

    :param str selection: tags for Odoo; all tests without
    :param bool coverage: measure which lines of the addons are reached
    :return: numbers passed and failed, and the seconds of each test class
    """
    folders = addons()
    tags = selection or ",".join(f"/{folder.name}" for folder in folders)
    log = STATE / "odoo-tests.log"
    with step("Odoo's runner on the addon"):
        results = run_tests("kam_test", log, tags, coverage=coverage)
    if not selection and folders[1:]:
        tags = ",".join(f"/{folder.name}" for folder in folders[1:])
        with step("Odoo's runner on the glue addons"):
            glue_log = log.with_name("odoo-tests-glue.log")
            glue_results = run_tests("kam_test_glue", glue_log, tags, coverage=coverage)
            database.drop("kam_test_glue")
        for mine, glue in zip(results, glue_results, strict=True):
            mine.update(glue)
    problems = results.having("failed", "error")
    problems += [
        test for test in results.having("skipped") if test not in ALLOWED_SKIPS
    ]
    if not selection:
        problems += uncollected(folders, results)
    for test in problems:
        say(f"  FAILED {test} {results.details.get(test, '')}")
    if problems:
        show_tracebacks(log)
    passed = len(results.outcomes) - len(set(problems) & set(results.outcomes))
    if not results.outcomes:
        problems.append("no test was run")
        say("  FAILED no test was run")
    return passed, len(problems), results.seconds


def show_slowest(*seconds, number=10):
    """Print the test classes that take longest, their set-up included."""
    say("  the slowest test classes:")
    total = sum(map(Counter, seconds), Counter())
    for name, taken in total.most_common(number):
        say(f"  {taken:6.1f} s  {name.removeprefix('odoo.addons.')}")


def uncollected(folders, results):
    """Name the test modules, also those in rooms, of which no test was run."""
    seen = {test.split(" ")[-1].strip("()") for test in results.outcomes}
    missing = []
    for folder in folders:
        for file in sorted((folder / "tests").rglob("test_*.py")):
            path = file.relative_to(folder.parent)
            module = ".".join(("odoo.addons", *path.with_suffix("").parts, ""))
            if not any(module in f"{test}." for test in seen):
                missing.append(f"{path}: not collected")
    return missing


def show_tracebacks(log, lines=120):
    """Print the errors in Odoo's log, so that CI's output tells what is wrong."""
    text = log.read_text(errors="replace").splitlines()
    shown, printing = 0, False
    for line in text:
        if line[:4].isdigit() and line[4:5] == "-":
            printing = " ERROR " in line or " CRITICAL " in line
        if printing and shown < lines:
            say(f"    {line[:400]}")
            shown += 1
    say(f"  (the whole log: {log})")
