# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""In Chromium: from a customer to a Gold key account to a posted invoice."""

import re

import pytest

LIST_PRICE = 200.00
GOLD_PRICE = 175.00


@pytest.fixture(scope="module")
def shop(server):
    """A product, a Gold list with 12.5 % off, and two customers to compare."""
    company_id = server.rpc("res.users", "read", [2], ["company_id"])[0]["company_id"][
        0
    ]
    product_id = server.rpc(
        "product.product",
        "create",
        {
            "name": "Prüfstück",
            "list_price": LIST_PRICE,
            "type": "consu",
            "invoice_policy": "order",
            "taxes_id": [(5, 0, 0)],
        },
    )
    pricelist_id = server.rpc(
        "product.pricelist",
        "create",
        {
            "name": "Gold im Browser",
            "company_id": False,
            "item_ids": [
                (
                    0,
                    0,
                    {
                        "applied_on": "3_global",
                        "compute_price": "percentage",
                        "percent_price": 12.5,
                    },
                )
            ],
        },
    )
    tier_id = server.rpc("key.account.tier", "search", [("name", "=", "Gold")])[0]
    server.rpc("key.account.tier", "write", [tier_id], {"pricelist_id": pricelist_id})
    customers = server.rpc(
        "res.partner",
        "create",
        [
            {"name": "Feinkost Alsterblick GmbH", "is_company": True},
            {"name": "Laufkunde Petersen e. K.", "is_company": True},
        ],
    )
    return {
        "company_id": company_id,
        "product_id": product_id,
        "key_customer_id": customers[0],
        "ordinary_customer_id": customers[1],
    }


def choose(page, field, text, scope=""):
    """Pick a record in a many2one field as a user would: type and click."""
    page.locator(f"{scope} div[name={field}] input").first.fill(text)
    page.locator(
        ".o-autocomplete--dropdown-item:not(.o_m2o_dropdown_option)", has_text=text
    ).first.click()


def open_form(page, server, path):
    """Open a form view by its address and wait until it is loaded."""
    page.goto(f"{server.url}/odoo/{path}")
    page.wait_for_selector(".o_form_view .o_form_sheet")


def write_order(page, server, customer):
    """Write a quotation with one product in the web client; leave the form open."""
    open_form(page, server, "action-sale.action_quotations/new")
    choose(page, "partner_id", customer)
    page.get_by_text("Add a product").click()
    product = page.locator(
        ".o_data_row div[name=product_template_id] input, "
        ".o_data_row div[name=product_id] input"
    ).first
    product.fill("Prüfstück")
    page.locator(".o-autocomplete--dropdown-item", has_text="Prüfstück").first.click()
    page.wait_for_selector(".o_data_row td[name=price_unit]")


def price_on_line(page):
    """Read the unit price in the first order line, once the server has set it."""
    cell = page.locator(".o_data_row td[name=price_unit]").first
    field = cell.locator("input")
    for _attempt in range(40):
        text = field.input_value() if field.count() else cell.inner_text()
        price = float(re.sub(r"[^\d.]", "", text) or 0)
        if price:
            return price
        page.wait_for_timeout(250)
    raise AssertionError("no price came to the order line")


def test_gold_key_account_from_customer_to_invoice(server, page, login, shop):
    """The order has the Gold price; the account lists order and invoice."""
    login(page, "admin", "admin")
    open_form(
        page, server, f"action-base.action_partner_form/{shop['key_customer_id']}"
    )
    page.locator("button[name=action_make_key_account]").click()
    choose(page, "tier_id", "Gold", scope=".modal")
    page.locator(".modal button[name=action_create_accounts]").click()
    page.wait_for_selector("button[name=action_change_tier]")
    account_path = page.url.rsplit("/", 1)[-1]

    write_order(page, server, "Feinkost Alsterblick GmbH")
    assert price_on_line(page) == GOLD_PRICE
    banner = page.locator("div[name=key_account_banner]").inner_text()
    assert "Feinkost Alsterblick GmbH" in banner
    assert "Gold" in banner
    assert "Tier Gold: price list “Gold im Browser”" in banner

    page.locator("button[name=action_confirm]:visible").first.click()
    page.wait_for_selector(
        ".o_statusbar_status button.o_arrow_button_current:has-text('Sales Order')"
    )
    order_name = page.locator(".o_form_sheet h1").first.inner_text().strip()
    page.get_by_role("button", name="Create Invoice").first.click()
    page.locator(".modal button[name=create_invoices]").first.click()
    page.wait_for_selector("button[name=action_post]:visible")
    assert "Gold" in page.locator("div[name=key_account_banner]").inner_text()
    page.locator("button[name=action_post]:visible").first.click()
    page.wait_for_selector(
        ".o_statusbar_status button.o_arrow_button_current:has-text('Posted')"
    )
    invoice_name = page.locator(".o_form_sheet h1").first.inner_text().strip()

    open_form(
        page,
        server,
        f"action-key_account_management.key_account_action/{account_path}",
    )
    page.locator("button[name=action_view_sale_orders]").click()
    page.wait_for_selector(f".o_data_row:has-text('{order_name}')")
    page.go_back()
    page.wait_for_selector("button[name=action_change_tier]")
    page.locator("button[name=action_view_invoices]").click()
    page.wait_for_selector(f".o_data_row:has-text('{invoice_name}')")
    invoice = server.rpc(
        "account.move",
        "search_read",
        [("name", "=", invoice_name)],
        ["amount_untaxed", "state", "key_account_tier_id"],
    )[0]
    assert invoice["state"] == "posted"
    assert invoice["amount_untaxed"] == GOLD_PRICE
    assert invoice["key_account_tier_id"][1] == "Gold"


def test_ordinary_customer_pays_what_core_charges(server, page, login, shop):
    """An ordinary customer pays list price, without banner or special list."""
    login(page, "admin", "admin")
    write_order(page, server, "Laufkunde Petersen e. K.")
    assert price_on_line(page) == LIST_PRICE
    assert not page.locator("div[name=key_account_banner]").is_visible()
    page.locator("button[name=action_confirm]:visible").first.click()
    page.wait_for_selector(
        ".o_statusbar_status button.o_arrow_button_current:has-text('Sales Order')"
    )
    order = server.rpc(
        "sale.order",
        "search_read",
        [("partner_id", "=", shop["ordinary_customer_id"])],
        ["amount_untaxed", "key_account_id", "pricelist_id"],
    )[0]
    assert order["amount_untaxed"] == LIST_PRICE
    assert not order["key_account_id"]
    assert not order["pricelist_id"] or "Gold" not in order["pricelist_id"][1]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"duplicate": True}, "already a key account of the company"),
        ({"contact": True}, "is a contact of"),
        ({"deputy_is_manager": True}, "be the account manager as well"),
        ({"archived": True}, "is archived"),
    ],
    ids=["two accounts", "contact", "deputy is manager", "archived customer"],
)
def test_bad_input_is_refused_in_plain_words(server, shop, values, message):
    """Bad input is refused with a clear error, and the data stay unchanged."""
    before = server.sql("SELECT count(*) FROM key_account")
    partner = {"name": "Fehlversuch GmbH", "is_company": True}
    account = {}
    if values.get("contact"):
        partner = {"name": "Frau Fehl", "parent_id": shop["ordinary_customer_id"]}
    if values.get("archived"):
        partner["active"] = False
    partner_id = server.rpc("res.partner", "create", partner)
    if values.get("duplicate"):
        partner_id = server.rpc("key.account", "search_read", [], ["partner_id"])[0][
            "partner_id"
        ][0]
    if values.get("deputy_is_manager"):
        account = {"manager_id": 2, "deputy_id": 2}
    with pytest.raises(Exception, match=message):
        server.rpc("key.account", "create", {"partner_id": partner_id, **account})
    assert server.sql("SELECT count(*) FROM key_account") == before
