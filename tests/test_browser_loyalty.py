# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""In Chromium: order, invoice, payment, points, reward, return, claw-back."""

import pytest

PRICE = 100.00
CUSTOMER = "Punktejäger Handels GmbH"


@pytest.fixture(scope="module")
def program_id(server):
    """A program with one point per euro paid, and a customer in it."""
    others = server.rpc(
        "loyalty.program", "search", [("key_account_ledger", "=", True)]
    )
    server.rpc("loyalty.program", "write", others, {"active": False})
    tier_id = server.rpc("key.account.tier", "search", [("name", "=", "Gold")])[0]
    server.rpc("key.account.tier", "write", [tier_id], {"point_multiplier": 1})
    server.rpc(
        "product.product",
        "create",
        {
            "name": "Punkteprodukt",
            "list_price": PRICE,
            "type": "consu",
            "invoice_policy": "order",
            "taxes_id": [(5, 0, 0)],
        },
    )
    partner_id = server.rpc(
        "res.partner", "create", {"name": CUSTOMER, "is_company": True}
    )
    account_id = server.rpc("key.account", "create", {"partner_id": partner_id})
    # In a separate call, because the tier comes from an approved change.
    server.rpc("key.account", "write", [account_id], {"tier_id": tier_id})
    return server.rpc(
        "loyalty.program",
        "create",
        {
            "name": "Punkte im Browser",
            "program_type": "loyalty",
            "applies_on": "both",
            "trigger": "auto",
            "portal_point_name": "Punkte",
            "accrual_moment": "invoice_paid",
            "key_account_ids": [(6, 0, [account_id])],
            "rule_ids": [
                (5, 0, 0),
                (0, 0, {"reward_point_mode": "money", "reward_point_amount": 1}),
            ],
            "reward_ids": [
                (5, 0, 0),
                (
                    0,
                    0,
                    {
                        "reward_type": "discount",
                        "discount_mode": "per_order",
                        "discount": 20,
                        "discount_applicability": "order",
                        "required_points": 200,
                    },
                ),
            ],
        },
    )


def status(page, text):
    """Wait until the status bar shows a state."""
    page.wait_for_selector(
        f".o_statusbar_status button.o_arrow_button_current:has-text('{text}')"
    )


def ledger(server, page, program_id):
    """Read the ledger on the screen as a list of (kind, points), the latest first."""
    page.goto(f"{server.url}/odoo/action-key_account_management.loyalty_history_action")
    page.wait_for_selector(".o_list_view, .o_view_nocontent")
    box = page.locator(".o_searchview_input")
    box.fill(CUSTOMER)
    page.wait_for_selector(".o_searchview_autocomplete .o-dropdown-item")
    box.press("Enter")
    page.wait_for_selector(".o_facet_value")
    page.wait_for_timeout(700)
    rows = page.locator(".o_data_row")
    shown = [
        (
            rows.nth(number).locator("td[name=key_account_kind]").inner_text().strip(),
            float(
                rows.nth(number)
                .locator("td[name=key_account_points]")
                .inner_text()
                .replace(",", "")
            ),
        )
        for number in range(rows.count())
    ]
    balance = server.rpc(
        "loyalty.card",
        "search_read",
        [("program_id", "=", program_id)],
        ["points", "key_account_ledger_points"],
    )
    if balance:
        assert balance[0]["points"] == balance[0]["key_account_ledger_points"]
        assert abs(balance[0]["points"] - sum(points for _kind, points in shown)) < 0.01
    return shown


def write_order(server, page, quantity):
    """Write a quotation in the web client and leave its form open."""
    page.goto(f"{server.url}/odoo/action-sale.action_quotations/new")
    page.wait_for_selector(".o_form_view .o_form_sheet")
    page.locator("div[name=partner_id] input").first.fill(CUSTOMER)
    page.locator(
        ".o-autocomplete--dropdown-item:not(.o_m2o_dropdown_option)", has_text=CUSTOMER
    ).first.click()
    page.get_by_text("Add a product").click()
    page.locator(
        ".o_data_row div[name=product_template_id] input, "
        ".o_data_row div[name=product_id] input"
    ).first.fill("Punkteprodukt")
    page.locator(
        ".o-autocomplete--dropdown-item", has_text="Punkteprodukt"
    ).first.click()
    page.wait_for_timeout(800)
    field = page.locator(".o_data_row td[name=product_uom_qty] input").first
    if not field.count():
        page.locator(".o_data_row td[name=product_uom_qty]").first.click()
    field.fill(str(quantity))
    page.locator(".o_form_button_save").click()
    page.wait_for_selector("button[name=action_confirm]:visible")


def confirm(page):
    page.locator("button[name=action_confirm]:visible").first.click()
    status(page, "Sales Order")


def test_from_order_to_claw_back(server, page, login, program_id):
    """The ledger on the screen is right after every step."""
    login(page, "admin", "admin")
    write_order(server, page, 3)
    confirm(page)
    order_url = page.url
    assert ledger(server, page, program_id) == []

    page.goto(order_url)
    page.wait_for_selector(".o_form_view .o_form_sheet")
    page.get_by_role("button", name="Create Invoice").first.click()
    page.locator(".modal button[name=create_invoices]").first.click()
    page.wait_for_selector("button[name=action_post]:visible")
    page.locator("button[name=action_post]:visible").first.click()
    status(page, "Posted")
    invoice_url = page.url
    assert ledger(server, page, program_id) == []

    page.goto(invoice_url)
    page.locator("button[name=action_register_payment]:visible").first.click()
    page.locator(".modal button[name=action_create_payments]").first.click()
    page.wait_for_selector(".modal", state="detached")
    assert ledger(server, page, program_id) == [("Earned", 300.0)]

    write_order(server, page, 1)
    page.locator("button[name=action_open_reward_wizard]:visible").first.click()
    page.wait_for_selector(".o_data_row:nth-child(2)")
    confirm(page)
    assert ledger(server, page, program_id) == [("Spent", -200.0), ("Earned", 300.0)]

    # The goods of the first order are returned: 300 earned, 100 left, so 200 owed.
    page.goto(invoice_url)
    page.wait_for_selector(".o_form_view .o_form_sheet")
    page.get_by_role("button", name="Credit Note").first.click()
    page.locator(".modal button[name=refund_moves]").first.click()
    page.wait_for_selector("button[name=action_post]:visible")
    page.locator("button[name=action_post]:visible").first.click()
    status(page, "Posted")
    assert ledger(server, page, program_id) == [
        ("Clawed Back", -300.0),
        ("Spent", -200.0),
        ("Earned", 300.0),
    ]
    page.goto(
        f"{server.url}/odoo/action-key_account_management.loyalty_card_action_ledger"
    )
    page.wait_for_selector(f".o_data_row.text-danger:has-text('{CUSTOMER}')")
    page.locator(f".o_data_row:has-text('{CUSTOMER}') td[name=partner_id]").click()
    page.wait_for_selector(".alert-danger:has-text('owes points'):visible")
