# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""In Chromium: a complaint with a photo, from the portal to the rating."""

from datetime import date, timedelta

import pytest
from conftest import ROOT

PHOTO = ROOT / "key_account_management" / "static" / "description" / "icon.png"
SUBJECT = "3 von 10 Gebinden eingedrückt"
EXTRA_COST = 25.0


def demo_id(server, name):
    """Return the id of a demo record."""
    return server.rpc(
        "ir.model.data",
        "search_read",
        [("module", "=", "key_account_management"), ("name", "=", f"demo_{name}")],
        ["res_id"],
    )[0]["res_id"]


@pytest.fixture(scope="module")
def case(server):
    """An invoiced order of ten pieces, and the customer's portal login."""
    partner_id = demo_id(server, "customer_nordlicht")
    company_id = demo_id(server, "company")
    contact_id = demo_id(server, "contact_malte_thomsen")
    portal = server.rpc(
        "ir.model.data",
        "search_read",
        [("module", "=", "base"), ("name", "=", "group_portal")],
        ["res_id"],
    )[0]["res_id"]
    server.rpc(
        "res.users",
        "create",
        {
            "login": "malte",
            "password": "malte",
            "partner_id": contact_id,
            "group_ids": [(6, 0, [portal])],
            "company_id": company_id,
            "company_ids": [(6, 0, [company_id])],
        },
    )
    context = {"allowed_company_ids": [company_id]}
    product_id = server.rpc(
        "product.product", "search", [("default_code", "=", "KT-1001")]
    )[0]
    order_id = server.rpc(
        "sale.order",
        "create",
        {
            "partner_id": partner_id,
            "company_id": company_id,
            "order_line": [(0, 0, {"product_id": product_id, "product_uom_qty": 10})],
        },
        context=context,
    )
    server.rpc("sale.order", "action_confirm", [order_id], context=context)
    wizard = server.rpc(
        "sale.advance.payment.inv",
        "create",
        {"advance_payment_method": "delivered", "sale_order_ids": [(6, 0, [order_id])]},
        context=context,
    )
    server.rpc("sale.advance.payment.inv", "create_invoices", [wizard], context=context)
    order = server.rpc(
        "sale.order", "read", [order_id], ["name", "invoice_ids"], context=context
    )[0]
    server.rpc("account.move", "action_post", order["invoice_ids"], context=context)
    account_id = demo_id(server, "account_nordlicht")
    server.rpc("key.account", "action_refresh_figures", [account_id])
    return {
        "order": order,
        "account_id": account_id,
        "product_id": product_id,
        "company_id": company_id,
    }


def waterfall(server, case):
    """Return the steps of the account's waterfall of this month by key."""
    today = date.today()
    wizard = server.rpc(
        "key.account.waterfall",
        "create",
        {
            "account_id": case["account_id"],
            "date_from": str(today - timedelta(days=5)),
            "date_to": str(today + timedelta(days=1)),
        },
    )
    read = server.rpc("key.account.waterfall", "read", [wizard], ["waterfall"])[0]
    return {step["key"]: step["amount"] for step in read["waterfall"]["steps"]}


def health(server, case):
    return server.rpc(
        "key.account",
        "read",
        [case["account_id"]],
        ["health_score", "complaint_points_12m", "complaint_cost_12m"],
    )[0]


def complaint_of(server):
    return server.rpc(
        "key.account.complaint",
        "search_read",
        [("subject", "=", SUBJECT)],
        [
            "name",
            "stage_kind",
            "responded_on",
            "credit_cost",
            "cost",
            "refund_move_id",
            "message_attachment_count",
            "access_url",
        ],
    )[0]


def file_on_the_portal(server, page, case):
    page.goto(f"{server.url}/web/login")
    page.fill("input[name=login]", "malte")
    page.fill("input[name=password]", "malte")
    page.click("button[type=submit]")
    page.wait_for_url("**/my**")
    page.goto(f"{server.url}/my/complaints")
    page.get_by_role("link", name="File a Complaint").first.click()
    page.fill("#complaint_subject", SUBJECT)
    order = page.locator("#complaint_order option", has_text=case["order"]["name"])
    page.select_option("#complaint_order", order.first.get_attribute("value"))
    page.select_option("#complaint_product", str(case["product_id"]))
    page.fill("#complaint_quantity", "3")
    page.fill("#complaint_description", "Drei Gebinde sind ausgelaufen, siehe Foto.")
    page.set_input_files("#complaint_files", PHOTO)
    page.get_by_role("button", name="Send").click()
    page.wait_for_selector(".alert-success:has-text('Thank you')")


def open_complaint(server, page):
    page.goto(
        f"{server.url}/odoo/action-key_account_management.key_account_complaint_action"
    )
    page.wait_for_selector(".o_kanban_record, .o_data_row")
    page.locator(".o_kanban_record, .o_data_row", has_text=SUBJECT).first.click()
    page.wait_for_selector(".o_form_view .o_form_sheet")


def answer_and_contain(page):
    page.locator(".o-mail-Chatter-sendMessage").click()
    page.locator(".o-mail-Composer-input").first.fill("Wir kümmern uns sofort darum.")
    page.locator(".o-mail-Composer-send").first.click()
    page.wait_for_selector(".o-mail-Message:has-text('sofort darum')")
    page.locator(".o_notebook .nav-link[name=cause]").click()
    editor = page.locator("div[name=containment] .odoo-editor-editable")
    editor.click()
    editor.press_sequentially("Restliche Palette gesperrt.")
    page.locator(".o_form_button_save").click()
    page.wait_for_selector(".o_form_saved, .o_form_button_save", state="hidden")


def credit_three(page):
    page.locator("button[name=action_resolve]").first.click()
    modal = page.locator(".modal")
    # Without decimals, because decimal separators differ between users.
    modal.locator("div[name=extra_cost] input").fill(f"{EXTRA_COST:.0f}")
    modal.locator("div[name=note] textarea").fill("Wir schreiben drei Gebinde gut.")
    modal.locator("td[name=quantity]").first.click()
    modal.locator("td[name=quantity] input").fill("3")
    modal.locator("footer button[name=action_resolve]").click()
    page.wait_for_selector(".modal", state="detached")


def test_from_photo_to_rating(server, page, browser, login, case):
    """File, answer, contain, credit, close and rate; the account shows it all."""
    before, steps_before = health(server, case), waterfall(server, case)
    file_on_the_portal(server, page, case)
    assert page.locator("text=icon.png").count() or page.locator(
        ".o-mail-AttachmentCard, .o-mail-AttachmentImage, .o_portal_chatter img"
    )
    filed = complaint_of(server)
    assert filed["message_attachment_count"] == 1

    clerk = browser.new_context(viewport={"width": 1400, "height": 950})
    desk = clerk.new_page()
    desk.set_default_timeout(30_000)
    login(desk, "katrin")
    open_complaint(server, desk)
    answer_and_contain(desk)
    answered = complaint_of(server)
    assert answered["responded_on"] and answered["stage_kind"] == "open"
    credit_three(desk)
    desk.wait_for_selector("button[name=action_reopen]:visible")
    clerk.close()
    closed = complaint_of(server)
    assert closed["stage_kind"] == "done"
    refund = server.rpc(
        "account.move",
        "read",
        [closed["refund_move_id"][0]],
        ["state", "amount_untaxed", "invoice_line_ids"],
    )[0]
    line = server.rpc(
        "account.move.line", "read", refund["invoice_line_ids"], ["quantity"]
    )
    assert refund["state"] == "draft" and [each["quantity"] for each in line] == [3.0]
    server.rpc("account.move", "action_post", [closed["refund_move_id"][0]])

    token = server.sql(
        "SELECT access_token FROM rating_rating "
        "WHERE res_model = 'key.account.complaint' ORDER BY id DESC LIMIT 1"
    )[0][0]
    page.goto(f"{server.url}/rate/{token}/1")
    page.fill("textarea[name=feedback]", "Es hat zu lange gedauert.")
    page.locator("button[type=submit]").first.click()
    page.wait_for_selector("text=Thank")
    page.goto(f"{server.url}{closed['access_url']}")
    page.wait_for_selector("text=Credit Note")

    server.rpc("key.account", "action_refresh_figures", [case["account_id"]])
    after, steps_after = health(server, case), waterfall(server, case)
    assert after["health_score"] < before["health_score"]
    assert after["complaint_points_12m"] == before["complaint_points_12m"] + 1
    gone = before["complaint_cost_12m"] + refund["amount_untaxed"] + EXTRA_COST
    assert after["complaint_cost_12m"] == pytest.approx(gone)
    assert steps_after["complaint"] == pytest.approx(
        steps_before.get("complaint", 0.0) - EXTRA_COST
    )
    login(page, "admin")
    page.goto(
        f"{server.url}/odoo/action-key_account_management.key_account_action"
        f"/{case['account_id']}"
    )
    page.wait_for_selector(".o_form_view .o_form_sheet")
    # What isn't needed daily stands under "More".
    page.locator(".o_button_more").first.click()
    page.locator("button[name=action_view_waterfall]").first.click()
    page.wait_for_selector(".modal .o_key_account_waterfall:has-text('Complaint')")
