# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""In Chromium: an agreement from draft to its prices, an order below the floor."""

from datetime import date, timedelta

import pytest
from web_client import open_record, switch

LIST_PRICE, COST = 100.0, 60.0
PRICES = {1: 80.0, 2: 75.0}


def days(number):
    return str(date.today() + timedelta(days=number))


@pytest.fixture(scope="module")
def deal(server):
    """A demo account of Katrin's, a product and two special price lists."""
    company = server.rpc("res.company", "search", [("name", "like", "Hansa")])[0]
    people = server.rpc(
        "res.users", "search", [("login", "in", ("katrin", "jens", "sabine"))]
    )
    # The demo company speaks German, but the texts below are English.
    server.rpc("res.users", "write", people, {"lang": "en_US"})
    account = server.rpc(
        "key.account",
        "search_read",
        [("manager_id.login", "=", "katrin"), ("agreement_ids", "=", False)],
        ["partner_id"],
        limit=1,
    )[0]
    product = server.rpc(
        "product.product",
        "create",
        {
            "name": "Vertragsartikel",
            "list_price": LIST_PRICE,
            "standard_price": COST,
            "company_id": company,
            "taxes_id": [(5, 0, 0)],
        },
        context={"allowed_company_ids": [company]},
    )
    lists = [
        server.rpc(
            "product.pricelist",
            "create",
            {
                "name": f"Vertragspreise {version}",
                "company_id": company,
                "key_account_only": True,
                "item_ids": [
                    (
                        0,
                        0,
                        {
                            "applied_on": "0_product_variant",
                            "product_id": product,
                            "compute_price": "fixed",
                            "fixed_price": price,
                        },
                    )
                ],
            },
            login="jens",
        )
        for version, price in PRICES.items()
    ]
    server.rpc(
        "res.company",
        "write",
        [company],
        {"key_account_margin_floor": 10.0, "key_account_floor_tolerance": 2.0},
    )
    return {
        "company": company,
        "account": account["id"],
        "partner": account["partner_id"][0],
        "customer": account["partner_id"][1],
        "product": product,
        "lists": lists,
    }


def price_at(server, deal, day):
    """Write an order as the clerk and return its unit price."""
    order = server.rpc(
        "sale.order",
        "create",
        {
            "partner_id": deal["partner"],
            "company_id": deal["company"],
            "date_order": f"{day} 10:00:00",
            "order_line": [(0, 0, {"product_id": deal["product"]})],
        },
        login="sabine",
    )
    return server.rpc(
        "sale.order", "read", [order], ["amount_untaxed"], login="sabine"
    )[0]["amount_untaxed"]


def test_agreement_from_draft_to_active_and_amended(server, page, login, deal):
    """An agreement is submitted, approved and amended, with the right prices."""
    agreement = server.rpc(
        "key.account.agreement",
        "create",
        {
            "title": "Browservertrag",
            "account_id": deal["account"],
            "date_start": days(-100),
            "date_end": days(200),
            "pricelist_id": deal["lists"][0],
        },
        login="katrin",
    )
    action = "key_account_management.key_account_agreement_action"
    login(page, "katrin")
    open_record(page, server, action, agreement)
    page.locator("button[name=action_submit_approval]").click()
    page.wait_for_selector(".o_arrow_button_current:has-text('To Approve')")
    assert not page.locator("button[name=action_approve_terms]").is_visible()
    assert price_at(server, deal, days(0)) != PRICES[1]

    switch(page, login, "jens")
    open_record(page, server, action, agreement)
    page.locator("button[name=action_approve_terms]").click()
    page.wait_for_selector(".o_arrow_button_current:has-text('Active')")
    assert price_at(server, deal, days(0)) == PRICES[1]

    page.locator("button[name=action_amend]").click()
    page.wait_for_selector(".o_form_sheet h2:has-text('version')")
    amendment = int(page.url.rsplit("/", 1)[-1])
    server.rpc(
        "key.account.agreement",
        "write",
        [amendment],
        {"date_start": days(-20), "pricelist_id": deal["lists"][1]},
        login="jens",
    )
    page.reload()
    page.wait_for_selector(".o_form_sheet h2:has-text('version')")
    page.locator("button[name=action_submit_approval]").click()
    page.wait_for_selector(".o_arrow_button_current:has-text('Active')")
    assert price_at(server, deal, days(0)) == PRICES[2]
    assert price_at(server, deal, days(-21)) == PRICES[1]


def test_line_below_the_floor_is_stopped_and_released(server, page, login, deal):
    """The clerk is stopped; the director releases the order in a separate login."""
    order = server.rpc(
        "sale.order",
        "create",
        {
            "partner_id": deal["partner"],
            "company_id": deal["company"],
            "order_line": [
                (0, 0, {"product_id": deal["product"], "price_unit": COST * 1.02})
            ],
        },
        login="sabine",
    )
    action = "sale.action_quotations"
    login(page, "sabine")
    open_record(page, server, action, order)
    assert (
        "below the floor" in page.locator("div[name=key_account_credit]").inner_text()
    )
    page.locator("button[name=action_confirm]:visible").first.click()
    page.wait_for_selector(".modal:has-text('can\\'t be confirmed')")
    with pytest.raises(Exception, match="can't be confirmed"):
        server.rpc("sale.order", "write", [order], {"state": "sale"}, login="sabine")

    switch(page, login, "jens")
    open_record(page, server, action, order)
    page.locator("div[name=key_account_credit] button:has-text('Release')").click()
    page.locator(".modal div[name=reason] input").fill("Musterlieferung")
    page.locator(".modal button[name=action_release]").click()
    page.wait_for_selector("div[name=key_account_credit]:has-text('Released by')")

    switch(page, login, "sabine")
    open_record(page, server, action, order)
    page.locator("button[name=action_confirm]:visible").first.click()
    page.wait_for_selector(".o_arrow_button_current:has-text('Sales Order')")
