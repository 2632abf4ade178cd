# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Complaints that credit the same invoice at the same time, on a real server."""

import xmlrpc.client
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

SERVICE = {"login": "jens"}
COMPLAINTS = 4


def _invoice(odoo_server):
    """Return a posted invoice of a demo key account without any credit note."""
    found = odoo_server.sql(
        """SELECT move.id, move.partner_id, move.amount_untaxed FROM account_move move
            WHERE move.move_type = 'out_invoice' AND move.state = 'posted'
              AND move.key_account_id IS NOT NULL
              AND NOT EXISTS (SELECT 1 FROM account_move refund
                               WHERE refund.reversed_entry_id = move.id)
         ORDER BY move.id DESC LIMIT 1"""
    )
    return int(found[0][0]), int(found[0][1]), float(found[0][2])


def _dialog(odoo_server, move_id, partner_id):
    """Open a complaint and the dialog that credits the whole invoice."""
    complaint = odoo_server.rpc(
        "key.account.complaint",
        "create",
        {"subject": "Alles beschädigt", "partner_id": partner_id, "move_id": move_id},
    )
    wizard = odoo_server.rpc(
        "key.account.complaint.resolve",
        "create",
        {
            "complaint_id": complaint,
            "resolution_type": "credit",
            "move_id": move_id,
            "close": False,
        },
    )
    lines = odoo_server.rpc(
        "key.account.complaint.resolve.line",
        "search_read",
        [("wizard_id", "=", wizard)],
        ["left"],
    )
    assert lines
    for line in lines:
        odoo_server.rpc(
            "key.account.complaint.resolve.line",
            "write",
            [line["id"]],
            {"quantity": line["left"]},
        )
    return wizard


def _resolve(odoo_server, wizard, barrier):
    barrier.wait()
    proxy = xmlrpc.client.ServerProxy(
        f"{odoo_server.url}/xmlrpc/2/object", allow_none=True
    )
    try:
        proxy.execute_kw(
            odoo_server.name,
            odoo_server._uids["admin", "admin"],
            "admin",
            "key.account.complaint.resolve",
            "action_resolve",
            [[wizard]],
        )
    except xmlrpc.client.Fault as fault:
        return fault.faultString
    return None


def test_an_invoice_is_credited_once(odoo_server):
    """Of several users who credit it all, one succeeds; the others get errors."""
    move_id, partner_id, amount = _invoice(odoo_server)
    wizards = [
        _dialog(odoo_server, move_id, partner_id) for _number in range(COMPLAINTS)
    ]
    barrier = Barrier(COMPLAINTS)
    with ThreadPoolExecutor(COMPLAINTS) as pool:
        errors = list(
            pool.map(lambda wizard: _resolve(odoo_server, wizard, barrier), wizards)
        )
    refused = [error for error in errors if error]
    assert len(refused) == COMPLAINTS - 1, errors
    for error in refused:
        assert "can still be credited" in error, error
    credited = odoo_server.sql(
        f"""SELECT COUNT(*), SUM(amount_untaxed) FROM account_move
             WHERE reversed_entry_id = {move_id} AND state != 'cancel'"""
    )
    assert int(credited[0][0]) == 1
    assert abs(float(credited[0][1]) - amount) < 0.005
