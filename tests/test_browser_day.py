# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""In Chromium: a morning on My Day, the deputy's and the director's view."""

from datetime import date, datetime, timedelta

import pytest
from web_client import switch

CUSTOMER = "Morgenrot Feinkost GmbH"


@pytest.fixture(scope="module")
def morning(server):
    """A new account of Katrin's with five matters that wait for her."""
    company = server.rpc("res.company", "search", [("name", "like", "Hansa")])[0]
    here = {"allowed_company_ids": [company]}
    users = {
        login: server.rpc("res.users", "search", [("login", "=", login)])[0]
        for login in ("katrin", "jens")
    }
    # The demo company speaks German, but the texts below are English.
    server.rpc("res.users", "write", list(users.values()), {"lang": "en_US"})
    partner = server.rpc(
        "res.partner",
        "create",
        {
            "name": CUSTOMER,
            "is_company": True,
            "email": "info@morgenrot.example",
            "lang": "en_US",
        },
    )
    account = server.rpc(
        "key.account",
        "create",
        {
            "partner_id": partner,
            "company_id": company,
            "manager_id": users["katrin"],
            "next_review_date": str(date.today()),
        },
        context=here,
    )
    server.sql(
        "UPDATE key_account SET create_date = create_date - interval '200 days' "
        f"WHERE id = {account}"
    )
    server.rpc(
        "key.account.complaint",
        "create",
        {"subject": "Ware verdorben", "partner_id": partner, "company_id": company},
        context=here,
    )
    agreement = server.rpc(
        "key.account.agreement",
        "create",
        {
            "title": "Rahmenvertrag",
            "account_id": account,
            "obligation_ids": [
                (
                    0,
                    0,
                    {
                        "name": "Muster liefern",
                        "user_id": users["katrin"],
                        "date_due": str(date.today()),
                    },
                )
            ],
        },
        login="jens",
    )
    server.rpc(
        "key.account.agreement", "action_submit_approval", [agreement], login="jens"
    )
    order = server.rpc(
        "sale.order",
        "create",
        {
            "partner_id": partner,
            "company_id": company,
            "date_order": str(datetime.now() - timedelta(days=10))[:19],
        },
        context=here,
    )
    server.rpc("sale.order", "write", [order], {"state": "sent"})
    return {"account": account, "order": order}


def open_day(page, server):
    page.goto(f"{server.url}/odoo/key-account-day")
    page.wait_for_selector(".o_key_account_day")


def rows(page, kind):
    """Return the customer's rows of a kind."""
    return page.locator(f".o_key_account_matter[data-kind={kind}]").filter(
        has_text=CUSTOMER
    )


def take(page, kind):
    rows(page, kind).locator(".o_key_account_step").click()


def test_a_morning(server, page, login, morning):
    """The account manager takes five matters to their end, without leaving the page."""
    login(page, "katrin")
    page.goto(f"{server.url}/odoo")
    page.click(".o_navbar_apps_menu button")
    page.click('.o_app[data-menu-xmlid="key_account_management.key_account_menu_root"]')
    # It is the first page of the app.
    page.wait_for_selector(".o_key_account_day")
    kinds = ("complaint", "obligation", "review", "quotation", "contact")
    for kind in kinds:
        assert rows(page, kind).count() == 1, kind
    # Rows that Katrin has in place of an absent colleague say so.
    assert page.locator(".o_key_account_matter", has_text="Tobias Lang").count()

    take(page, "review")
    rows(page, "review").wait_for(state="detached")
    take(page, "obligation")
    rows(page, "obligation").wait_for(state="detached")

    take(page, "contact")
    page.wait_for_selector(".modal .o_form_view")
    page.locator(".modal button[name=action_done]").first.click()
    rows(page, "contact").wait_for(state="detached")

    take(page, "quotation")
    page.locator(".modal button[name=action_send_mail]").first.click()
    rows(page, "quotation").wait_for(state="detached")

    take(page, "complaint")
    page.locator(".modal .note-editable, .modal .odoo-editor-editable").first.fill(
        "Wir tauschen die Ware."
    )
    page.locator(".modal button[name=action_send_mail]").first.click()
    rows(page, "complaint").filter(has_text="Resolve").first.wait_for()


def test_put_off_and_seen_by_the_director(server, page, login, morning):
    """What is put off needs a reason, and the director reads it."""
    login(page, "katrin")
    open_day(page, server)
    rows(page, "complaint").locator(".o_key_account_skip").click()
    confirm = page.locator(".modal footer .btn-primary")
    assert confirm.is_disabled()
    page.fill("#o_key_account_reason", "Ersatz ist unterwegs")
    confirm.click()
    rows(page, "complaint").wait_for(state="detached")

    switch(page, login, "jens")
    open_day(page, server)
    assert rows(page, "complaint").count() == 0
    page.click(".o_key_account_day_manager")
    page.click(".o-dropdown-item:has-text('All Accounts')")
    page.wait_for_selector(".o_key_account_day_manager:has-text('All Accounts')")
    page.wait_for_selector(".o_key_account_matter")
    page.goto(
        f"{server.url}/odoo/action-key_account_management.key_account_day_skip_action"
    )
    row = page.locator(".o_data_row", has_text="Ersatz ist unterwegs")
    assert "Katrin" in row.inner_text()
    row.locator("button[name=action_undo]").click()
    row.wait_for(state="detached")


def test_keyboard_and_narrow_screen(server, page, login, morning):
    """Arrow keys move between the rows; on a telephone nothing sticks out."""
    login(page, "katrin")
    page.set_viewport_size({"width": 390, "height": 844})
    open_day(page, server)
    first = page.locator(".o_key_account_matter").first
    first.focus()
    page.keyboard.press("ArrowDown")
    assert (
        page.evaluate(
            "[...document.querySelectorAll('.o_key_account_matter')]"
            ".indexOf(document.activeElement)"
        )
        == 1
    )
    assert page.evaluate(
        "document.querySelector('.o_key_account_day').scrollWidth"
        " <= document.documentElement.clientWidth"
    )


def test_account_opens_on_the_customer(server, page, login, morning):
    """Figures, people and plans are in sight; a person is added on the spot."""
    login(page, "katrin")
    page.goto(f"{server.url}/odoo/key-accounts/{morning['account']}")
    page.wait_for_selector(".o_key_account_overview")
    page.click(".o_key_account_add_person")
    page.fill(".modal .o_field_widget[name=name] input", "Ina Paulsen")
    page.fill(".modal .o_field_widget[name=phone] input", "+49 40 987654")
    page.click(".modal .o_form_button_save")
    person = page.locator(".o_key_account_person", has_text="Ina Paulsen")
    person.wait_for()
    assert person.locator("a[href^='tel:']").count() == 1
    page.click(".o_key_account_refresh")
    page.wait_for_selector(".o_notification:has-text('up to date')")
    assert page.locator(".o_notebook_headers .nav-item:visible").count() <= 7
