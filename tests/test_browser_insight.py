# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""In Chromium: an account through a year, from candidate to next year's plan."""

from datetime import date, timedelta

import pytest
from web_client import open_record

ADDON = "key_account_management_plan"
ACCOUNT = "Heidekrug Systemgastronomie SE"


@pytest.fixture(scope="module")
def world(server):
    """Katrin reads English; a lead of a company that we don't know yet."""
    company = server.rpc("res.company", "search", [("name", "like", "Hansa")])[0]
    katrin = server.rpc("res.users", "search", [("login", "=", "katrin")])[0]
    server.rpc("res.users", "write", [katrin], {"lang": "en_US"})
    lead = server.rpc(
        "crm.lead",
        "create",
        {
            "name": "Anfrage Kantinen",
            "type": "opportunity",
            "partner_name": "Seefeld Kantinen GmbH",
            "contact_name": "Ina Roth",
            "user_id": katrin,
            "company_id": company,
        },
    )
    account = server.rpc(
        "key.account", "search", [("partner_id.name", "=", ACCOUNT)], limit=1
    )[0]
    return {"company": company, "lead": lead, "account": account}


@pytest.fixture
def katrin(page, login):
    """Katrin's web client."""
    login(page, "katrin")
    return page


def open_insight(page, server, account):
    """Open the account at its tab of customer insight."""
    open_record(page, server, "key_account_management.key_account_action", account)
    page.click(".o_notebook .nav-link[name=insight]")
    page.wait_for_selector(".o_key_account_cycle")


def test_a_lead_becomes_a_candidate_and_its_first_order_an_account(
    server, katrin, world
):
    page = katrin
    open_record(page, server, "crm.crm_lead_opportunities", world["lead"])
    page.click("button[name=action_make_candidate]")
    page.wait_for_selector(".o_field_widget[name=partner_id] >> text=Seefeld Kantinen")
    account = server.rpc(
        "key.account",
        "search_read",
        [("partner_id.name", "=", "Seefeld Kantinen GmbH")],
        ["state", "partner_id"],
    )[0]
    assert account["state"] == "candidate"
    open_insight(page, server, account["id"])
    page.click("button[name=action_add_stakeholders]")
    page.wait_for_selector(".o_field_widget[name=stakeholder_ids] >> text=Ina Roth")
    # The map by keyboard: taken up, one to the right, put down.
    page.click("button[name=action_view_stakeholders]")
    card = page.locator(".o_key_account_map [data-stakeholder]")
    card.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("td[data-attitude=supporter] [data-stakeholder]")
    page.keyboard.press("Space")
    product = server.rpc(
        "product.product",
        "search",
        [("sale_ok", "=", True), ("company_id", "in", (False, world["company"]))],
        limit=1,
    )[0]
    order = server.rpc(
        "sale.order",
        "create",
        {
            "partner_id": account["partner_id"][0],
            "company_id": world["company"],
            "order_line": [(0, 0, {"product_id": product, "product_uom_qty": 3})],
        },
    )
    server.rpc("sale.order", "action_confirm", [order])
    state = server.rpc("key.account", "read", [account["id"]], ["state"])[0]["state"]
    assert state == "active"


def test_a_review_from_the_invitation_to_its_promises(server, katrin, world):
    page = katrin
    open_record(
        page, server, "key_account_management.key_account_action", world["account"]
    )
    page.click("button[name=action_plan_review]")
    page.locator(".modal button[name=action_choose]").first.click()
    # What was promised last time comes first.
    page.wait_for_selector(".o_field_widget[name=agenda] >> text=Kaffeemuster")
    page.click(".o_notebook .nav-link[name=minutes]")
    page.locator("[name=minutes] .odoo-editor-editable").fill("Neue Filialen im Mai")
    page.click(".o_notebook .nav-link[name=promises]")
    page.click("[name=promise_ids] .o_field_x2many_list_row_add a")
    page.fill("[name=promise_ids] [name=name] input", "Neue Preisliste")
    page.fill(
        "[name=promise_ids] [name=date] input",
        (date.today() + timedelta(days=10)).strftime("%m/%d/%Y"),
    )
    page.click("button[name=action_hold]")
    page.wait_for_selector(".o_statusbar_status .o_arrow_button_current >> text=Held")
    page.goto(
        f"{server.url}/report/html/{ADDON}.report_key_account_briefing/"
        f"{world['account']}"
    )
    briefing = page.inner_text("body")
    assert "Neue Preisliste" in briefing
    assert "Nordkaffee" in briefing
    assert "Hotelwäsche" in briefing


def test_white_space_becomes_an_opportunity_that_beats_a_competitor(
    server, katrin, world
):
    page = katrin
    page.goto(f"{server.url}/odoo/action-{ADDON}.key_account_white_space_action_matrix")
    page.click("td[data-step='4'] .o_key_account_cell")
    page.click(".o_key_account_new_opportunity")
    page.click(".modal .o_form_button_save")
    page.wait_for_selector(".modal", state="detached")
    # The cell says that somebody works on it.
    page.wait_for_selector("td[data-step='4'] .fa-star")
    lead = server.rpc(
        "crm.lead",
        "search_read",
        [("name", "like", f"{ACCOUNT}:%")],
        ["expected_revenue", "key_account_category_id"],
    )[0]
    assert lead["key_account_category_id"][1] == "Hotelwäsche"
    assert lead["expected_revenue"] > 1000
    rival = server.rpc(
        "key.account.competitor", "search", [("name", "like", "Leinenhaus")]
    )[0]
    server.rpc("crm.lead", "write", [lead["id"]], {"key_account_competitor_id": rival})
    server.rpc("crm.lead", "action_set_won", [lead["id"]])
    open_record(page, server, f"{ADDON}.key_account_competitor_action", rival)
    button = page.inner_text("button[name=action_view_opportunities]")
    assert "1 : 0" in " ".join(button.split())


def test_the_plan_of_this_year_and_of_the_next(server, katrin, world):
    page = katrin
    open_insight(page, server, world["account"])
    page.click("button[name=action_view_plans]")
    page.click(".o_list_view .o_data_row >> nth=0 >> td[name=account_id]")
    page.wait_for_selector("[name=objective_ids] .o_data_row >> text=Revenue")
    page.click("button[name=action_start]")
    page.wait_for_selector("button[name=action_copy_to_next]")
    page.click("button[name=action_copy_to_next]")
    following = str(date.today().year + 1)
    page.wait_for_selector(f".o_breadcrumb >> text=plan {following}")
    assert page.locator("[name=objective_ids] .o_data_row").count() >= 3
