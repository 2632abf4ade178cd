# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Access of each role to each model: own and others' accounts, other companies.

``security_matrix.csv`` holds the agreed access. ``KAM_WRITE_MATRIX=1`` writes it again;
review it line by line before you commit it.
"""

import csv
import json
import os
from pathlib import Path

import pytest
from kamtool import database
from trust import PREPARE

NAME = "kam_pytest_security_matrix"
TABLE = Path(__file__).with_name("security_matrix.csv")
SCOPES = ("own", "colleague", "company")
HEAD = ["model", "role", *SCOPES]
NOTHING = "----"

# The record stays the same, but its account changes: the user's own, a colleague's, or
# one of a company that the user doesn't work for.
SCRIPT = (
    PREPARE
    + """
OPERATIONS = ("create", "read", "write", "unlink")
found = {}
env.flush_all()
env.cr.execute("UPDATE key_account SET deputy_id = NULL")
def letters(record, who, company):
    env.invalidate_all()
    env.registry.clear_cache()
    record = record.with_user(who).with_context(allowed_company_ids=company.ids)
    said = ""
    for operation in OPERATIONS:
        subject = record.browse() if operation == "create" else record
        said += operation[0] if subject.has_access(operation) else "-"
    return said
for role in ROLES:
    own, foreign = user(role, ours), user(role, theirs)
    if role == "portal":
        own = portal
    for name, record in records.items():
        row = {}
        for scope, who, company, manager in (
            ("own", own, ours, own), ("colleague", own, ours, env.user),
            ("company", foreign, theirs, foreign),
        ):
            if role not in ("portal", "public"):
                env.cr.execute("UPDATE key_account SET manager_id = %s", [manager.id])
            row[scope] = letters(record, who, company)
        found.setdefault(name, {})[role] = row
print("MATRIX" + json.dumps(dict(found=found, problems=problems,
    without=[n for n, r in records.items() if not r and not r._transient])))
"""
)


@pytest.fixture(scope="module")
def matrix():
    """Return the access that the installed addon actually grants."""
    database.copy(database.ensure_addon(), NAME)
    try:
        said = database.run_odoo(
            ["shell", "-d", NAME, "--no-http"], "asking for rights", script=SCRIPT
        )
    finally:
        database.drop(NAME)
    lines = [line for line in said.splitlines() if line.startswith("MATRIX")]
    assert lines, said[-3000:]
    return json.loads(lines[-1].removeprefix("MATRIX"))


def rows(found):
    return [
        [model, role, *(found[model][role][scope] for scope in SCOPES)]
        for model in sorted(found)
        for role in found[model]
    ]


def test_every_model_has_a_record(matrix):
    """Every model has a record to test; otherwise it would always pass."""
    assert matrix["problems"] == {}
    assert matrix["without"] == []


def test_rights_are_as_agreed(matrix):
    """Access is exactly what the table says."""
    table = rows(matrix["found"])
    if os.environ.get("KAM_WRITE_MATRIX"):
        with TABLE.open("w", newline="") as target:
            writer = csv.writer(target, lineterminator="\n")
            writer.writerows([HEAD, *table])
    with TABLE.open(newline="") as source:
        agreed = list(csv.reader(source))
    assert agreed[0] == HEAD
    differences = [
        f"{'agreed' if row in agreed else 'is'}: {', '.join(row)}"
        for row in sorted(agreed[1:] + table)
        if (row in agreed) != (row in table)
    ]
    assert not differences, "\n" + "\n".join(differences)


def test_what_is_never_allowed(matrix):
    """Some rights must never be granted, whatever the table says."""
    shared = {
        model
        for model, roles in matrix["found"].items()
        if roles["director"]["company"][1:] == roles["director"]["own"][1:]
    }
    for model, roles in matrix["found"].items():
        for role in ("public", "portal"):
            for scope in SCOPES:
                allowed = roles[role][scope].replace("-", "")
                assert allowed in ("", "r"), (model, role, scope)
        assert roles["public"]["own"] == NOTHING, model
        readable = model in ("key.account.agreement", "key.account.commitment")
        assert roles["portal"]["own"] == ("-r--" if readable else NOTHING), model
        assert roles["portal"]["company"] == NOTHING, model
        if model == "key.account":
            for role in ("employee", "clerk", "accountant", "complaints"):
                assert roles[role]["own"] == NOTHING, role
        if model not in shared:
            for role, scopes in roles.items():
                assert scopes["company"][1:] == "---", (model, role)
