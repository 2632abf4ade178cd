# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Fixtures of the tests of the whole product: a real server, a real browser."""

import json
import os
import shutil
import sys
import xmlrpc.client
from collections import Counter
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "dev"))

from kamtool import database, odoo_tests, postgres, server  # noqa: E402

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SCREENSHOTS = server.STATE / "screenshots"


class Server:
    """A running Odoo on its own database, and ways to reach it."""

    def __init__(self, name, port):
        self.name = name
        self.url = f"http://127.0.0.1:{port}"
        self._uids = {}

    def rpc(self, model, method, *args, login="admin", password=None, **kwargs):
        """Call a public method as this user over RPC, like any client."""
        password = password or login
        key = (login, password)
        if key not in self._uids:
            common = xmlrpc.client.ServerProxy(f"{self.url}/xmlrpc/2/common")
            uid = common.authenticate(self.name, login, password, {})
            assert uid, f"{login} can't log in"
            self._uids[key] = uid
        models = xmlrpc.client.ServerProxy(
            f"{self.url}/xmlrpc/2/object", allow_none=True
        )
        return models.execute_kw(
            self.name, self._uids[key], password, model, method, args, kwargs
        )

    def sql(self, query):
        """Query the database directly; return rows as lists of text."""
        return postgres.sql(query, self.name)


@pytest.fixture(scope="session")
def server_log():
    """Return the log file of the test server."""
    return server.STATE / "pytest-server.log"


@pytest.fixture(scope="module")
def odoo_server(request, server_log):
    """Run a server on a fresh copy of the database with addon and demo data."""
    name = f"kam_pytest_{request.module.__name__.rpartition('.')[2]}"
    database.copy(database.ensure_addon(), name)
    port = server.free_port()
    process = server.launch(name, port, server_log, crons=False)
    try:
        server.wait_until_up(process, port, server_log)
        yield Server(name, port)
    finally:
        server.end_process(process.pid)
        process.wait()
        database.drop(name)


@pytest.fixture(scope="module", name="server")
def fixture_server(odoo_server):
    """Return the module's server under its short name."""
    return odoo_server


@pytest.fixture(scope="session")
def browser():
    """Start Chromium, headless."""
    from playwright.sync_api import sync_playwright

    program = next(filter(None, map(shutil.which, odoo_tests.BROWSERS)), None)
    assert program, "no Chromium: browser tests fail rather than skip"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=program, args=CHROMIUM_FLAGS
        )
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser, request):
    """Open a new page; page errors fail the test, a failure saves a screenshot."""
    context = browser.new_context(viewport={"width": 1400, "height": 950})
    context.set_default_timeout(30_000)
    new_page = context.new_page()
    errors = []
    new_page.on("pageerror", lambda error: errors.append(str(error)))
    yield new_page
    if getattr(request.node, "failed_in_call", False):
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        new_page.screenshot(path=SCREENSHOTS / f"{request.node.name}.png")
    context.close()
    assert not errors, f"errors in the web client: {errors}"


@pytest.fixture
def login(server):
    """Return a function that logs a user in through the login form."""

    def log_in(page, user, password=None):
        page.goto(f"{server.url}/web/login")
        page.fill("input[name=login]", user)
        page.fill("input[name=password]", password or user)
        page.click("button[type=submit]")
        page.wait_for_selector(".o_main_navbar")

    return log_in


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Let fixtures know that the test has failed."""
    outcome = yield
    if call.when == "call" and outcome.get_result().failed:
        item.failed_in_call = True


def pytest_terminal_summary(terminalreporter):
    """Pass the results to ./kam test; a skipped test counts as failed.

    Set-up and tear-down have their own reports and count towards a class's seconds.
    """
    target = os.environ.get("KAM_PYTEST_NUMBERS")
    stats = terminalreporter.stats
    if target:
        failed = sum(
            len(stats.get(kind, ())) for kind in ("failed", "error", "skipped")
        )
        seconds = Counter()
        for report in chain(*stats.values()):
            if isinstance(report, pytest.TestReport):
                seconds[report.nodeid.rpartition("::")[0]] += report.duration
        numbers = [len(stats.get("passed", ())), failed, seconds]
        Path(target).write_text(json.dumps(numbers))
