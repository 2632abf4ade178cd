# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""In Chromium: a year of a bonus, from what-if to the customer's portal page."""

from datetime import date, timedelta

import pytest
from web_client import open_record, switch

PRICE, COST = 100.0, 60.0
CUSTOMER = {"login": "bonuskundin", "password": "bonuskundin"}


@pytest.fixture(scope="module")
def world(server):
    """A demo account of Katrin's, a product, accounts for bonuses, a portal user."""
    company = server.rpc("res.company", "search", [("name", "like", "Hansa")])[0]
    people = server.rpc(
        "res.users",
        "search",
        [("login", "in", ("katrin", "jens", "sabine", "petra"))],
    )
    server.rpc("res.users", "write", people, {"lang": "en_US"})
    context = {"allowed_company_ids": [company]}
    account = server.rpc(
        "key.account",
        "search_read",
        [("manager_id.login", "=", "katrin"), ("agreement_ids", "=", False)],
        ["partner_id"],
        limit=1,
    )[0]
    bonus_account, owed_account = (
        server.rpc(
            "account.account",
            "create",
            {"name": name, "code": code, "account_type": kind},
            context=context,
        )
        for name, code, kind in (
            ("Gewährte Boni", "T8769", "income"),
            ("Bonusrückstellung", "T0970", "liability_current"),
        )
    )
    server.rpc(
        "res.company",
        "write",
        [company],
        {
            "key_account_rebate_account_id": bonus_account,
            "key_account_rebate_accrual_account_id": owed_account,
        },
        context=context,
    )
    product = server.rpc(
        "product.product",
        "create",
        {
            "name": "Bonusartikel",
            "list_price": PRICE,
            "standard_price": COST,
            "company_id": company,
            "invoice_policy": "order",
            "taxes_id": [(5, 0, 0)],
        },
        context=context,
    )
    contact = server.rpc(
        "res.partner",
        "create",
        {"name": "Bonuskundin", "parent_id": account["partner_id"][0]},
    )
    server.rpc(
        "res.users",
        "create",
        {
            "name": "Bonuskundin",
            "partner_id": contact,
            "group_ids": [
                (
                    6,
                    0,
                    server.rpc(
                        "res.groups",
                        "search",
                        [("full_name", "=", "User types / Portal")],
                    )
                    or [
                        server.rpc(
                            "ir.model.data",
                            "search_read",
                            [("module", "=", "base"), ("name", "=", "group_portal")],
                            ["res_id"],
                        )[0]["res_id"]
                    ],
                )
            ],
            **CUSTOMER,
        },
    )
    return {
        "company": company,
        "context": context,
        "account": account["id"],
        "partner": account["partner_id"][0],
        "product": product,
        "owed": owed_account,
    }


def sell(server, world, quantity, day):
    """Order, confirm, invoice and post the ordinary way; return the invoice."""
    order = server.rpc(
        "sale.order",
        "create",
        {
            "partner_id": world["partner"],
            "company_id": world["company"],
            "order_line": [
                (
                    0,
                    0,
                    {
                        "product_id": world["product"],
                        "product_uom_qty": quantity,
                        "price_unit": PRICE,
                    },
                )
            ],
        },
    )
    server.rpc("sale.order", "action_confirm", [order])
    wizard = server.rpc(
        "sale.advance.payment.inv",
        "create",
        {"advance_payment_method": "delivered", "sale_order_ids": [(6, 0, [order])]},
    )
    server.rpc("sale.advance.payment.inv", "create_invoices", [wizard])
    invoice = server.rpc("sale.order", "read", [order], ["invoice_ids"])[0]
    invoice = invoice["invoice_ids"][0]
    server.rpc("account.move", "write", [invoice], {"invoice_date": str(day)})
    server.rpc("account.move", "action_post", [invoice])
    return invoice


def test_a_year_of_a_bonus(server, page, login, world):
    """What-if, approval, nudge, accrual, settlement, reconciliation, portal."""
    today = date.today()
    addon = "key_account_management_bonus"
    first = date(today.year, 1, 1)
    earlier = max(first, today.replace(day=1) - timedelta(days=1))
    invoice = sell(server, world, 90, earlier)
    bonus = server.rpc(
        "key.account.rebate",
        "create",
        {
            "name": "Browserbonus",
            "account_id": world["account"],
            "date_start": str(first),
            "product_ids": [(6, 0, [world["product"]])],
            "step_ids": [
                (0, 0, {"bound": 5000, "value": 2}),
                (0, 0, {"bound": 10000, "value": 30}),
            ],
        },
        login="katrin",
    )
    action = f"{addon}.key_account_rebate_action"
    login(page, "katrin")
    open_record(page, server, action, bonus)
    # What if.
    page.locator("button[name=action_simulate]").click()
    page.wait_for_selector(".modal svg polyline")
    page.locator(".modal button:has-text('Close')").click()
    # 30 % are more than an account manager decides on.
    page.locator("button[name=action_submit_approval]").click()
    page.wait_for_selector(".o_arrow_button_current:has-text('To Approve')")
    assert not page.locator("button[name=action_approve_terms]").is_visible()
    switch(page, login, "jens")
    open_record(page, server, action, bonus)
    page.locator("button[name=action_approve_terms]").click()
    page.wait_for_selector(".o_arrow_button_current:has-text('Active')")
    page.locator("button[name=action_refresh]").click()
    page.wait_for_selector("div[name=earned_amount]:has-text('180.00')")

    # The quotation tells of the next step.
    order = server.rpc(
        "sale.order",
        "create",
        {
            "partner_id": world["partner"],
            "company_id": world["company"],
            "order_line": [
                (0, 0, {"product_id": world["product"], "price_unit": PRICE})
            ],
        },
        login="sabine",
    )
    switch(page, login, "sabine")
    page.goto(f"{server.url}/odoo/action-sale.action_quotations/{order}")
    page.wait_for_selector(".o_form_view:has-text('reach 30 % in “Browserbonus”')")

    # What is earned is booked at the month's end.
    month = today.replace(day=1) - timedelta(days=1)
    cron = server.rpc(
        "ir.model.data",
        "search_read",
        [("module", "=", addon), ("name", "=", "ir_cron_rebate_accruals")],
        ["res_id"],
    )[0]["res_id"]
    server.rpc("ir.cron", "method_direct_trigger", [cron])
    booked = server.rpc(
        "key.account.rebate.accrual",
        "search_read",
        [("rebate_id", "=", bonus)],
        ["amount", "month", "state"],
    )
    if earlier.month != today.month:
        assert booked == [
            {
                "id": booked[0]["id"],
                "amount": 180.0,
                "month": str(month),
                "state": "posted",
            }
        ]

    # The last order reaches the second step; it is settled.
    sell(server, world, 10, today)
    switch(page, login, "katrin")
    open_record(page, server, action, bonus)
    page.locator("button[name=action_settle_early]").click()
    page.locator(".modal .btn-primary").click()
    page.wait_for_selector("div[name=settled_before]")
    settlement = server.rpc(
        "key.account.rebate.settlement",
        "search_read",
        [("rebate_id", "=", bonus)],
        ["amount", "state"],
    )[0]
    assert (settlement["amount"], settlement["state"]) == (3000.0, "to_approve")
    switch(page, login, "jens")
    open_record(
        page, server, f"{addon}.key_account_rebate_settlement_action", settlement["id"]
    )
    page.locator("button[name=action_approve]").click()
    page.wait_for_selector(".o_arrow_button_current:has-text('Credit Note to Post')")

    # The accountant posts the credit note and matches it with the open invoice.
    note = server.rpc(
        "account.move",
        "search",
        [("line_ids.key_account_rebate_settlement_id", "=", settlement["id"])],
    )[0]
    switch(page, login, "petra")
    page.goto(f"{server.url}/odoo/action-account.action_move_out_refund_type/{note}")
    page.wait_for_selector(".o_form_view .o_form_sheet")
    page.locator("button[name=action_post]").first.click()
    page.wait_for_selector(".o_arrow_button_current:has-text('Posted')")
    # The widget shows references; the amount is only ours.
    page.locator("tr", has_text="9,000.00").get_by_text("Add", exact=True).click()
    page.wait_for_selector(".o_form_view:has-text('Paid')")
    left = server.rpc("account.move", "read", [invoice], ["amount_residual"])[0]
    assert left["amount_residual"] == 6000.0

    # The customer reads the statement and objects to a line.
    page.context.clear_cookies()
    page.goto(f"{server.url}/web/login")
    page.fill("input[name=login]", CUSTOMER["login"])
    page.fill("input[name=password]", CUSTOMER["password"])
    page.click("button[type=submit]")
    page.wait_for_url("**/my**")
    page.goto(f"{server.url}/my/bonuses")
    page.click("a:has-text('Browserbonus')")
    page.wait_for_selector(".o_rebate_lines tbody tr >> nth=1")
    assert "3,000.00" in page.inner_text("#wrap")
    page.fill("textarea[name=text]", "Die letzte Lieferung fehlt.")
    page.click("form[action*='/object'] button[type=submit]")
    page.wait_for_selector("text=Thank you. Your account manager will answer.")
    assert "Die letzte Lieferung fehlt." in page.inner_text("#wrap")
    # Not that of another customer.
    assert page.goto(f"{server.url}/my/bonuses/999999").status == 404
