# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Take the screenshots of README and Apps page from the running product.

``./kam screenshots`` runs it: a copy of the demo database with the dashboard addon, a
real server, a real Chromium. What each picture shows is said here, so that they can be
taken again whenever a view changes.
"""

import shutil
import sys
import xmlrpc.client
from datetime import date
from pathlib import Path

from kamtool import database, odoo_tests, server
from kamtool.base import STATE, addons, step
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "key_account_management/static/description"
NAME = "kam_screenshots"
MODULE = "key_account_management"
ADMIN, CUSTOMER = "admin", "einkauf"


class Product:
    """The running product, and the pictures taken of it."""

    def __init__(self, url, browser):
        self.url = url
        self.browser = browser
        self.pages = {}
        common = xmlrpc.client.ServerProxy(f"{url}/xmlrpc/2/common")
        self.uid = common.authenticate(NAME, ADMIN, ADMIN, {})
        self.models = xmlrpc.client.ServerProxy(
            f"{url}/xmlrpc/2/object", allow_none=True
        )

    def call(self, model, method, *args, **kwargs):
        """Call a public method as the administrator."""
        return self.models.execute_kw(
            NAME, self.uid, ADMIN, model, method, args, kwargs
        )

    def ref(self, name):
        """Return the id of a record by its external name."""
        module, _, name = name.rpartition(".")
        rows = self.call(
            "ir.model.data",
            "search_read",
            [("module", "=", module or MODULE), ("name", "=", name)],
            ["res_id"],
        )
        return rows[0]["res_id"]

    def page(self, login):
        """Return the page of a user who is logged in."""
        if login not in self.pages:
            context = self.browser.new_context(viewport={"width": 1360, "height": 850})
            page = context.new_page()
            page.goto(f"{self.url}/web/login")
            page.fill("input[name=login]", login)
            page.fill("input[name=password]", login)
            page.click("button[type=submit]")
            page.wait_for_selector(".o_main_navbar, .o_portal")
            self.pages[login] = page
        return self.pages[login]

    def take(self, name, path, wait, login=ADMIN, prepare=None, pause=900):
        """Open a page, wait for what matters, and keep the picture.

        :param prepare: called with the page before the picture is taken
        """
        with step(f"screenshot {name}"):
            page = self.page(login)
            page.goto(self.url + path)
            page.wait_for_selector(wait)
            if prepare:
                prepare(page)
            page.wait_for_timeout(pause)
            page.screenshot(path=TARGET / f"screenshot_{name}.png")


def prepare(product):
    """Take the figures of today, and make the report of the last month."""
    accounts = product.call("key.account", "search", [])
    product.call("key.account", "action_refresh_figures", accounts)
    today = date.today()
    month = today.replace(
        year=today.year - (today.month == 1), month=(today.month - 2) % 12 + 1, day=1
    )
    heidekrug = product.ref("demo_account_heidekrug")
    return heidekrug, product.call(
        "key.account.monthly.report",
        "create",
        [{"account_id": heidekrug, "month": str(month)}],
    )[0]


def press(name):
    """Return what presses a button and waits for the dialog."""

    def pressed(page):
        button = page.locator(f"button[name='{name}']:visible")
        if not button.count():
            page.locator(".o_button_more").click()
        button.first.click()
        page.wait_for_selector(".modal canvas, .modal .o_form_view")
        page.wait_for_timeout(1200)

    return pressed


def group_tab(name):
    """Return what opens a page of the notebook."""

    def opened(page):
        page.locator(f".o_notebook a[name='{name}']").click()
        page.locator(".o_notebook").evaluate("each => each.scrollIntoView()")

    return opened


def order_of(product, account):
    """Return a confirmed order of this account."""
    return product.call(
        "sale.order",
        "search",
        [("key_account_id", "=", account), ("state", "=", "sale")],
        limit=1,
    )[0]


def take_all(product):
    """Take every picture of the README."""
    account, report = prepare(product)
    form = ".o_form_view .o_form_sheet"
    complaint = product.call(
        "key.account.complaint", "search", [("account_id", "!=", False)], limit=1
    )[0]
    agreement = product.call(
        "key.account.agreement", "search", [("state", "=", "active")], limit=1
    )[0]
    accounts = f"/odoo/key-accounts/{account}"
    orders = f"/odoo/action-sale.action_orders/{order_of(product, account)}"
    product.take("board", "/odoo/key-accounts", ".o_kanban_record:visible")
    product.take("account", accounts, form)
    product.take("figures", accounts, form, prepare=group_tab("figures"))
    product.take("health", accounts, form, prepare=group_tab("health"))
    product.take("order", orders, form)
    product.take(
        "waterfall", accounts, form, prepare=press("action_view_waterfall"), pause=1500
    )
    product.take("agreement", f"/odoo/key-account-agreements/{agreement}", form)
    product.take(
        "complaints", "/odoo/key-account-complaints", ".o_kanban_record:visible"
    )
    product.take("complaint", f"/odoo/key-account-complaints/{complaint}", form)
    product.take(
        "ledger", f"/odoo/action-{MODULE}.loyalty_history_action", ".o_data_row"
    )
    product.take(
        "analysis", f"/odoo/action-{MODULE}.key_account_report_action", ".o_pivot table"
    )
    product.take(
        "report",
        f"/report/html/{MODULE}.report_key_account_monthly/{report}",
        "table",
    )
    dashboard = product.ref(f"{MODULE}_dashboard.spreadsheet_dashboard_key_account")
    product.take(
        "dashboard",
        f"/odoo/dashboards?dashboard_id={dashboard}",
        ".o-spreadsheet, .o_spreadsheet_dashboard_action canvas",
        pause=4000,
    )
    product.take("portal", "/my/key-account", "#wrap", login=CUSTOMER)
    product.take("prices", "/my/prices", "#wrap table", login=CUSTOMER)


def main():
    """Serve a copy of the demo database and take the pictures."""
    TARGET.mkdir(exist_ok=True)
    database.copy(database.ensure_addon(), NAME)
    dashboards = [each for each in addons() if each.name == f"{MODULE}_dashboard"]
    log = STATE / "screenshots.log"
    with step("dashboard addon"):
        database.install(NAME, demo=False, folders=dashboards)
    port = server.free_port()
    process = server.launch(NAME, port, log, crons=False)
    try:
        server.wait_until_up(process, port, log)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium(), args=["--no-sandbox"]
            )
            take_all(Product(f"http://127.0.0.1:{port}", browser))
            browser.close()
    finally:
        server.end_process(process.pid)
        process.wait()
        database.drop(NAME)


def chromium():
    """Return the path of Chromium."""
    return next(filter(None, map(shutil.which, odoo_tests.BROWSERS)))


if __name__ == "__main__":
    sys.exit(main())
