# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Sessions that settle the same period at once, and one that is killed, for real."""

import os
import signal
import subprocess
import xmlrpc.client
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from kamtool import database

SESSIONS = 4


@pytest.fixture(scope="module")
def bonus(odoo_server):
    """A bonus in force on a demo account with invoices, to be settled."""
    account = odoo_server.rpc(
        "key.account", "search", [("revenue_12m", ">", 10000)], limit=1
    )[0]
    rebate = odoo_server.rpc(
        "key.account.rebate",
        "create",
        {
            "name": "Gleichzeitig",
            "account_id": account,
            "date_start": "2020-01-01",
            "period": "free",
            "date_end": "2099-12-31",
            "step_ids": [(0, 0, {"bound": 0, "value": 1})],
        },
    )
    odoo_server.rpc("key.account.rebate", "action_submit_approval", [rebate])
    return rebate


def settlements(odoo_server, bonus):
    return odoo_server.rpc(
        "key.account.rebate.settlement",
        "search_read",
        [("rebate_id", "=", bonus)],
        ["state", "amount"],
    )


def notes(odoo_server, bonus):
    return odoo_server.rpc(
        "account.move",
        "search_count",
        [("line_ids.key_account_rebate_settlement_id.rebate_id", "=", bonus)],
    )


def test_a_killed_settlement_leaves_nothing(odoo_server, bonus):
    """Killed after the credit note was written: nothing of it is there."""
    script = (
        f"env['key.account.rebate'].browse({bonus}).action_settle_early()\n"
        "env.flush_all()\n"
        f"print('WRITTEN', env['key.account.rebate.settlement'].search_count("
        f"[('rebate_id', '=', {bonus})]), flush=True)\n"
        "import time; time.sleep(60)\n"
    )
    command, env = database.odoo_command("shell", "-d", odoo_server.name, "--no-http")
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=env,
        start_new_session=True,
    )
    process.stdin.write(script)
    process.stdin.close()
    for line in process.stdout:
        if "WRITTEN" in line:
            break
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert "WRITTEN 1" in line
    assert settlements(odoo_server, bonus) == []
    assert notes(odoo_server, bonus) == 0


def test_one_period_is_settled_once(odoo_server, bonus):
    """Of several sessions one makes the credit note; the others read why not."""
    odoo_server.rpc("res.users", "read", [2], ["name"])
    barrier = Barrier(SESSIONS)

    def settle(_number):
        proxy = xmlrpc.client.ServerProxy(
            f"{odoo_server.url}/xmlrpc/2/object", allow_none=True
        )
        barrier.wait()
        try:
            proxy.execute_kw(
                odoo_server.name,
                odoo_server._uids["admin", "admin"],
                "admin",
                "key.account.rebate",
                "action_settle_early",
                [[bonus]],
            )
        except xmlrpc.client.Fault as fault:
            return fault.faultString
        return None

    with ThreadPoolExecutor(SESSIONS) as pool:
        errors = list(pool.map(settle, range(SESSIONS)))
    refused = [error for error in errors if error]
    assert len(refused) == SESSIONS - 1
    assert all(
        "under way" in error or "being settled" in error or "nothing to settle" in error
        for error in refused
    ), refused
    made = settlements(odoo_server, bonus)
    assert len(made) == 1 and made[0]["state"] == "draft"
    assert notes(odoo_server, bonus) == 1
