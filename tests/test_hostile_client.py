# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The hostile client: what each role gets through, by any door, over real HTTP.

Every field that only the server writes is attacked, and every public method of ours
is called on the records of a colleague's account and by a user of another company. New
ones join by themselves, and all doors have to be closed. ``hostile_fields.csv`` and
``hostile_methods.csv`` have the exceptions, each with its reason.

``KAM_WRITE_MATRIX=1`` writes both tables again and keeps the reasons; review them line
by line before you commit them.
"""

import csv
import json
import os
import re
from pathlib import Path

import pytest
import requests
from conftest import ROOT, Server
from kamtool import database, server
from trust import PREPARE

NAME = "kam_pytest_hostile_client"
FIELDS = Path(__file__).with_name("hostile_fields.csv")
METHODS = Path(__file__).with_name("hostile_methods.csv")
PASSWORD = "Ein langes Kennwort"
WHY = "why"
SUBMIT = "action_submit_approval"

#: Models whose records only the server makes, so that no client has a recipe.
NEVER_CREATED = [
    "key.account.complaint.clock",
    "key.account.complaint.escalation",
    "key.account.complaint.pause",
    "key.account.customer",
    # One of each kind is there.
    "key.account.data.rule",
    "key.account.day.skip",
    "key.account.failure",
    "key.account.health",
    # One of each kind is there.
    "key.account.health.component",
    "key.account.invitation",
    "key.account.kpi",
    "key.account.price.audit.line",
    "key.account.price.audit.warning",
    "key.account.rebate.accrual",
    "key.account.rebate.dispute",
    "key.account.rebate.settlement",
    "key.account.tier.figure",
    "key.account.white.space",
    # No role makes companies and users.
    "res.company",
    "res.users",
]

#: The doors, each with the letter that stands for it in the table.
DOORS = {
    "w": "write, as the form does",
    "k": "write, with keys that our code reads from the context: all, and one alone",
    "i": "import into the record",
    "c": "create with the value",
    "d": "create with the value as a default of the context",
    "p": "copy with the value",
}

#: What a method did on a record of others, when it wasn't refused.
DID = {"r": "returned something", "W": "wrote something"}
OPEN = {*DOORS, *DID}

SETUP = f"""
{PREPARE}
{Path(__file__).with_name("hostile_world.py").read_text()}
make_world(env, globals(), {PASSWORD!r})
"""


class Hostile:
    """A user whose calls are rolled back, by the session of the web client."""

    def __init__(self, url, name, login):
        self.url, self.session = url, requests.Session()
        self._post(
            "/web/session/authenticate",
            {"db": name, "login": login, "password": PASSWORD},
        )

    def _post(self, path, params):
        body = {"jsonrpc": "2.0", "method": "call", "params": params}
        answer = self.session.post(self.url + path, json=body, timeout=120).json()
        assert "error" not in answer, json.dumps(answer["error"])[:2000]
        return answer["result"]

    def attempt(self, attempts):
        """Make attempts, each a dict of calls and what to look at afterwards."""
        return self._post("/kam_test_hostile/call", {"attempts": attempts})


def context_keys():
    """Return the context keys that our code reads, from the code itself."""
    found = set()
    for path in ROOT.glob("key_account_management*/**/*.py"):
        if "tests" not in path.parts:
            found |= set(re.findall(r"context\.get\(\s*\"(\w+)\"", path.read_text()))
    return sorted(found)


@pytest.fixture(scope="module")
def world(server_log):
    """Serve a database with users of each role and a record of each model."""
    database.copy(database.ensure_addon(), NAME)
    process = None
    try:
        said = database.run_odoo(
            ["shell", "-d", NAME, "--no-http"], "preparing the roles", script=SETUP
        )
        lines = [line for line in said.splitlines() if line.startswith("HOSTILE")]
        assert lines, said[-3000:]
        facts = json.loads(lines[-1].removeprefix("HOSTILE"))
        port = server.free_port()
        extra = ["--load=base,web,kam_test_hostile"]
        process = server.launch(NAME, port, server_log, extra=extra, crons=False)
        server.wait_until_up(process, port, server_log)
        yield Server(NAME, port), facts
    finally:
        if process:
            server.end_process(process.pid)
            process.wait()
        database.drop(NAME)


def is_in(stored, value, kind):
    """Tell whether the stored value is the one that the attacker sent."""
    stored = json.loads(stored) if stored else None
    if stored is None or value is None:
        return False
    if kind in ("float", "monetary"):
        return isinstance(stored, int | float | str) and float(stored) == value
    if kind in ("date", "datetime", "char", "text", "html"):
        return str(value)[:10] in str(stored)
    if kind == "many2many":
        return stored == value[0][2]
    if kind == "binary":
        return stored is not None
    return stored == value


def list_tries(model, target, field, facts, turn):
    """Return (letter, sort of value, attempt) for each door of a field.

    :param int turn: which context key comes alone, for a key that fails could hide
        one that opens; it differs by role and field
    """
    res_id, recipe = target["id"], target["recipe"]
    written, made = facts["write"], facts["create"]
    keys = context_keys()
    alone = {"context": {keys[turn % len(keys)]: True}}
    keys = {"context": dict.fromkeys(keys, True)}
    text = json.dumps(written) if facts["type"] == "json" else str(written)
    read = {"specification": {}}
    default = {"context": {f"default_{field}": made}}
    calls = [
        ("w", "write", "web_save", [[res_id], {field: written}], read),
        ("k", "write", "write", [[res_id], {field: written}], keys),
        ("k", "write", "write", [[res_id], {field: written}], alone),
        ("i", "write", "load", [[".id", field], [[str(res_id), text]]], {}),
        ("c", "create", "create", [{**recipe, field: made}], {}),
        ("d", "create", "web_save", [[], recipe], {**read, **default}),
        ("p", "create", "copy", [[res_id], {field: made}], {}),
    ]
    for letter, sort, method, args, kwargs in calls:
        if facts[sort] is not None:
            look = (model, [field], res_id if sort == "write" else None)
            attempt = {"calls": [(model, method, args, kwargs)], "look": look}
            yield letter, sort, attempt


def attack(client, model, target, turn):
    """Try the doors of every field of a model.

    A user who can't create anything of the model can't get in by creating; one who
    can't write the record tries the door with all context keys alone.

    :param int turn: a number that differs by role
    :return: dict of field -> letters of the doors that let the value in, and why the
        user can't create records, "" for one who can
    """
    fields = target["fields"]
    plain, access = client.attempt(
        [
            {
                "calls": [(model, "create", [target["recipe"]], {})],
                "look": (model, list(fields), None),
            },
            {
                "calls": [(model, "has_access", [[target["id"]], "write"], {})],
                "result": True,
            },
        ]
    )
    assert not access["error"], access["text"]
    doors = "wi" if access["result"] else ""
    doors += "k" if plain["error"] else "kcdp"
    tries = [
        (field, letter, facts[sort], facts["type"], attempt)
        for number, (field, facts) in enumerate(fields.items(), turn)
        for letter, sort, attempt in list_tries(model, target, field, facts, number)
        if letter in doors
    ]
    done = client.attempt([attempt for *_others, attempt in tries])
    found = dict.fromkeys(fields, "")
    for (field, letter, value, kind, _attempt), outcome in zip(
        tries, done, strict=True
    ):
        stored = outcome["values"].get(field)
        # What the server gives by itself isn't the attacker's.
        given = letter in "cd" and stored == plain["values"].get(field)
        got_in = not outcome["error"] and not given and is_in(stored, value, kind)
        if got_in and letter not in found[field]:
            found[field] += letter
    return found, plain["error"] and plain["text"]


def read_table(path):
    with path.open(newline="") as source:
        return list(csv.DictReader(source))


def compare(path, keys, found):
    """Compare the exceptions found with the table, or write the table again.

    :param keys: names of the columns that name a row
    :param found: list of rows, each a dict
    """
    print(f"{len(found)} of {path.stem} attacked by {len(found[0]) - len(keys)} roles")
    found = [
        row
        for row in found
        if any(OPEN.intersection(cell) for key, cell in row.items() if key not in keys)
    ]
    known = read_table(path) if path.exists() else []
    reasons = {tuple(row[key] for key in keys): row[WHY] for row in known}
    for row in found:
        row[WHY] = reasons.get(tuple(row[key] for key in keys), "")
    if os.environ.get("KAM_WRITE_MATRIX"):
        with path.open("w", newline="") as target:
            writer = csv.DictWriter(target, list(found[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(found)
        known = read_table(path)
    differences = [
        f"{'agreed' if row in known else 'is'}: {', '.join(row.values())}"
        for row in known + found
        if (row in known) != (row in found)
    ]
    assert not differences, "\n" + "\n".join(differences)
    unexplained = [row for row in known if not row[WHY]]
    assert not unexplained, "exceptions without a reason"


def hand_over(web, login):
    """Make a user responsible for all accounts, orders and invoices."""
    web.sql(
        "UPDATE key_account SET manager_id = u.id FROM res_users u "
        f"WHERE u.login = '{login}'; "
        f"UPDATE sale_order SET user_id = u.id FROM res_users u "
        f"WHERE u.login = '{login}'; "
        f"UPDATE account_move SET invoice_user_id = u.id FROM res_users u "
        f"WHERE u.login = '{login}'"
    )


def test_every_model_has_a_record(world):
    """Every guarded model has a record to attack; otherwise it would always pass."""
    assert world[1]["problems"] == {}


def test_fields_that_only_the_server_writes(world):
    """Values get into these fields by the doors that the table names, no others."""
    web, facts = world
    found = {
        (model, field): {"model": model, "field": field}
        for model, target in facts["targets"].items()
        for field in target["fields"]
    }
    refused = {}
    for turn, (role, (login, _foreign)) in enumerate(facts["logins"].items()):
        if role != "portal":
            hand_over(web, login)
        client = Hostile(web.url, NAME, login)
        for model, target in facts["targets"].items():
            letters, why = attack(client, model, target, turn)
            refused.setdefault(model, []).append(why)
            for field in target["fields"]:
                found[model, field][role] = letters[field]
    hand_over(web, "admin")
    compare(FIELDS, ("model", "field"), list(found.values()))
    # A door that no role ever gets through isn't closed but never tried.
    used = {
        letter for row in found.values() for cell in row.values() for letter in cell
    }
    assert used.issuperset(DOORS)
    # Where no recipe worked, the doors of creation were never tried.
    never = [model for model, reasons in refused.items() if all(reasons)]
    unknown = {model: refused[model] for model in never if model not in NEVER_CREATED}
    assert not unknown, json.dumps(unknown, indent=1)
    assert never == NEVER_CREATED


def method_attempt(model, target, method, facts):
    """Return the attempt that calls a method on a record of others."""
    about = target["methods"][method]
    args, calls = [], []
    if target["transient"] and not about["model"]:
        context = {"context": facts["wizard_context"]}
        calls.append((model, "create", [[{}]], context))
        args = ["$"]
    elif not about["model"]:
        args = [[target["id"]]]
    return {"calls": [*calls, (model, method, args, about["kwargs"])]}


def method_letter(done):
    """Return the letter for what a call came to."""
    if done["error"]:
        return "-" if done["error"] == "refused" else "e"
    return "W" if done["wrote"] else "r"


def set_approval(web, facts, state):
    """Put the terms that are attacked into a state of their approval."""
    for model, target in facts["methods"].items():
        if SUBMIT in target["methods"] and target["id"]:
            web.sql(
                f"UPDATE {model.replace('.', '_')} "
                f"SET key_account_approval_state = '{state}' "
                f"WHERE id = {target['id']}"
            )


def test_public_methods_on_records_of_others(world):
    """What a public method does with a colleague's and another company's records."""
    web, facts = world
    hand_over(web, "admin")
    found = {
        (model, method): {"model": model, "method": method}
        for model, target in facts["methods"].items()
        for method in target["methods"]
    }
    # Submitted is what is a draft; all else is tried on what waits for approval.
    for state, is_turn in (("draft", SUBMIT.__eq__), ("pending", SUBMIT.__ne__)):
        set_approval(web, facts, state)
        rows = [row for (_model, method), row in found.items() if is_turn(method)]
        attempts = [
            method_attempt(
                row["model"], facts["methods"][row["model"]], row["method"], facts
            )
            for row in rows
        ]
        for role, logins in facts["logins"].items():
            both = [Hostile(web.url, NAME, login).attempt(attempts) for login in logins]
            for row, ours, theirs in zip(rows, *both, strict=True):
                row[role] = method_letter(ours) + method_letter(theirs)
    compare(METHODS, ("model", "method"), list(found.values()))
