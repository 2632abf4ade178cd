# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Orders that spend the same points at the same time, on a real server."""

import xmlrpc.client
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

SALES = {"login": "katrin"}
ORDERS = 4


def _card(odoo_server):
    """Return the card of a demo customer with enough points for one reward."""
    program = odoo_server.rpc(
        "ir.model.data",
        "search_read",
        [("name", "=", "demo_loyalty_program")],
        ["res_id"],
    )[0]["res_id"]
    return odoo_server.rpc(
        "loyalty.card",
        "search_read",
        [("program_id", "=", program), ("points", ">", 1000)],
        ["partner_id", "points"],
        limit=1,
    )[0]


def _quotation_with_reward(odoo_server, partner_id):
    product = odoo_server.rpc(
        "product.product", "search", [("default_code", "=", "KT-1001")], **SALES
    )
    order = odoo_server.rpc(
        "sale.order",
        "create",
        {
            "partner_id": partner_id,
            "order_line": [(0, 0, {"product_id": product[0], "product_uom_qty": 20})],
        },
        **SALES,
    )
    odoo_server.rpc("sale.order", "action_open_reward_wizard", [order], **SALES)
    return order


def _rewards(odoo_server, orders):
    return odoo_server.rpc(
        "sale.order.line",
        "search_count",
        [("order_id", "in", orders), ("points_cost", ">", 0)],
        **SALES,
    )


def _confirm(odoo_server, order, barrier):
    barrier.wait()
    proxy = xmlrpc.client.ServerProxy(
        f"{odoo_server.url}/xmlrpc/2/object", allow_none=True
    )
    try:
        proxy.execute_kw(
            odoo_server.name,
            odoo_server._uids["katrin", "katrin"],
            "katrin",
            "sale.order",
            "action_confirm",
            [[order]],
        )
    except xmlrpc.client.Fault as fault:
        return fault.faultString
    return None


def test_points_are_spent_once(odoo_server):
    """Of several orders confirmed at once, one gets the points; others get errors."""
    card = _card(odoo_server)
    # Just enough points for one of them.
    odoo_server.rpc("loyalty.card", "write", [card["id"]], {"points": 1000})
    orders = [
        _quotation_with_reward(odoo_server, card["partner_id"][0])
        for _number in range(ORDERS)
    ]
    assert _rewards(odoo_server, orders) == ORDERS
    barrier = Barrier(ORDERS)
    with ThreadPoolExecutor(ORDERS) as pool:
        errors = list(
            pool.map(lambda order: _confirm(odoo_server, order, barrier), orders)
        )
    refused = [error for error in errors if error]
    assert len(refused) == ORDERS - 1, errors
    for error in refused:
        assert card["partner_id"][1].split(",")[0] in error
        assert "1000" in error
    points = odoo_server.sql(
        "SELECT points, (SELECT SUM(key_account_points) FROM loyalty_history"
        f" WHERE card_id = c.id) FROM loyalty_card c WHERE id = {card['id']}"
    )
    assert [float(value) for value in points[0]] == [0, 0]
