# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What browser tests do in the web client again and again."""


def open_record(page, server, action, record_id):
    """Open a record in the form of an action."""
    page.goto(f"{server.url}/odoo/action-{action}/{record_id}")
    page.wait_for_selector(".o_form_view .o_form_sheet")


def switch(page, login, user):
    """Log in another user in the same browser, without the previous session."""
    page.evaluate("window.localStorage.clear()")
    page.context.clear_cookies()
    login(page, user)
