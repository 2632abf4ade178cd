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

NAME = "kam_pytest_security_matrix"
TABLE = Path(__file__).with_name("security_matrix.csv")
SCOPES = ("own", "colleague", "company")
HEAD = ["model", "role", *SCOPES]
NOTHING = "----"

# The record stays the same, but its account changes: the user's own, a colleague's, or
# one of a company that the user doesn't work for.
SCRIPT = """
import json
from odoo import Command
ROLES = {
    "employee": "base.group_user",
    "clerk": "sales_team.group_sale_salesman",
    "complaints": "key_account_management.group_key_account_complaint",
    "accountant": "account.group_account_invoice",
    "manager": "key_account_management.group_key_account_user",
    "all accounts": "key_account_management.group_key_account_all",
    "director": "key_account_management.group_key_account_director",
    "portal": "base.group_portal",
    "public": "base.group_public",
}
OPERATIONS = ("create", "read", "write", "unlink")
portal = env["res.users"].search([("login", "=", "einkauf")])
account = env["key.account"].search(
    [("partner_id", "=", portal.partner_id.commercial_partner_id.id)])
ours = account.company_id
# In force, so that the customer reads it.
agreement = env["key.account.agreement"].create(dict(account_id=account.id,
    title="Rahmenvertrag", date_start="2026-01-01",
    commitment_ids=[Command.create(dict(kind="revenue", target=1000.0))]))
env.flush_all()
env.cr.execute("UPDATE key_account_agreement SET state = 'active' WHERE id = %s",
    [agreement.id])
env.invalidate_all()
theirs = env["res.company"].create(dict(name="Donauhandel GmbH"))
def user(role, company):
    login = "%s.%s" % (role, company.id)
    return env["res.users"].with_context(no_reset_password=True).create(dict(
        name=login, login=login, company_id=company.id,
        company_ids=[Command.set(company.ids)],
        group_ids=[Command.set(env.ref(ROLES[role]).ids)]))
MODULES = ("key_account_management",)
models = sorted(
    name for name, model in env.registry.items()
    if model._original_module in MODULES and not model._abstract)
AUDIT = env["key.account.price.audit"].search([], limit=1) or \\
    env["key.account.price.audit"].with_company(ours).create(dict(company_id=ours.id,
        date_from="2026-01-01", date_to="2026-12-31"))
line = env["account.move.line"].search([("move_id.key_account_id", "!=", False),
    ("display_type", "=", "product"), ("company_id", "=", ours.id)], limit=1)
complaint = env["key.account.complaint"].search([("account_id", "!=", False)], limit=1)
clock = env["key.account.complaint.clock"].search([], limit=1)
RECIPES = {
    "key.account.price.audit.line": lambda: dict(
        audit_id=AUDIT.id, move_line_id=line.id,
        account_id=line.move_id.key_account_id.id),
    "key.account.monthly.report": lambda: dict(
        account_id=account.id, month="2026-10-01"),
    "key.account.complaint.why": lambda: dict(complaint_id=complaint.id, question="?",
        answer="!"),
    "key.account.complaint.action": lambda: dict(
        complaint_id=complaint.id, name="Bench", kind="corrective"),
    "key.account.complaint.escalation": lambda: dict(clock_id=clock.id, level=1),
    "key.account.complaint.pause": lambda: dict(
        clock_id=clock.id, start="2026-10-01 10:00:00"),
    "key.account.team.member": lambda: dict(
        account_id=account.id, user_id=env.ref("base.user_admin").id),
    "key.account.referral": lambda: dict(
        account_id=account.id, reward_type="credit", amount=10.0),
    "key.account.obligation": lambda: dict(agreement_id=agreement.id, name="Muster",
        user_id=env.ref("base.user_admin").id, date_due="2026-12-31"),
    "key.account.reliability": lambda: dict(account_id=account.id),
    "key.account.target": lambda: dict(account_id=account.id, revenue_target=1.0,
        date_from="2031-01-01", date_to="2031-12-31"),
    "key.account.tier.change": lambda: dict(account_id=account.id, reason="Test",
        to_tier_id=False),
    "key.account.kpi.queue": lambda: dict(account_id=account.id),
}
found, problems = {}, {}
def pick(name):
    model = env[name]
    if model._transient:
        return model
    record = model.browse()
    if "account_id" in model._fields and model._fields["account_id"].store:
        record = model.search([("account_id", "=", account.id)], limit=1)
    if name == "key.account.agreement":
        record = agreement
    if not record and name in RECIPES:
        try:
            with env.cr.savepoint():
                record = model.create(RECIPES[name]())
        except Exception as error:
            problems[name] = str(error)[:150]
    if not record:
        record = model.search([("company_id", "in", (ours.id, False))]
            if "company_id" in model._fields and model._fields["company_id"].store
            else [], limit=1)
    return record
records = {name: pick(name) for name in models}
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
