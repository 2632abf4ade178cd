# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Bad and hostile input to all routes of the web server and all methods over RPC."""

import ast
import random
import re
import xmlrpc.client
from pathlib import Path

import pytest
import requests

ADDON = Path(__file__).resolve().parents[1] / "key_account_management"
SCRIPT = "<script>alert(1)</script>"
HOSTILE = (
    "",
    "0",
    "-1",
    "999999999999999999999",
    "1e309",
    "nan",
    "None",
    "x" * 5000,
    "'; DROP TABLE key_account; --",
    "1 OR 1=1",
    SCRIPT,
    f'">{SCRIPT}',
    "../../etc/passwd",
    "{{7*7}}",
    "%s%s%n",
    "ÄÖÜ€😀",
    "\u202e\u0000",
    "2026-02-30",
    "[]",
    "{}",
)
IDS = (0, 1, 2, 7, 999_999, 2**31 - 1)
PARAMETERS = (
    "page",
    "search",
    "account_id",
    "access_token",
    "report_type",
    "download",
    "date_from",
    "date_to",
    "with_group",
    "subject",
    "description",
    "order_id",
    "product_id",
    "category_id",
    "quantity",
    "reference",
    "sortby",
    "message",
)
#: Errors that a caller may see; any other is a bug of ours.
EXPECTED = (
    "AccessError",
    "UserError",
    "ValidationError",
    "MissingError",
    "RedirectWarning",
    "TypeError",
    # What Odoo answers if a button is called for no record or for several.
    "ValueError: Expected singleton",
    "KeyError: 'active_model'",
)
#: Overridden for Odoo's mail gateway, which passes a parsed mail.
OF_CORE = ("create", "write", "unlink", "init", "message_new", "message_update")


def routes():
    """Return every route of the addon's controllers as (path, kind)."""
    found = set()
    for file in (ADDON / "controllers").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if not isinstance(node, ast.Call) or "route" not in ast.unparse(node.func):
                continue
            kind = "jsonrpc" if "type='jsonrpc'" in ast.unparse(node) else "http"
            for text in ast.walk(node):
                if isinstance(text, ast.Constant) and str(text.value).startswith("/"):
                    found.add((text.value, kind))
    return sorted(found)


def public_methods():
    """Return (model, method) for all methods that can be called from outside."""
    found = set()
    for folder in ("models", "wizards", "report"):
        for file in (ADDON / folder).glob("*.py"):
            for node in ast.parse(file.read_text()).body:
                if isinstance(node, ast.ClassDef):
                    found |= {
                        (model, m) for model in named(node) for m in methods(node)
                    }
    return sorted(found)


def named(node):
    """Return the key account models that a class defines or extends."""
    names = {
        value.value
        for statement in node.body
        if isinstance(statement, ast.Assign)
        and statement.targets[0].id in ("_name", "_inherit")
        for value in ast.walk(statement.value)
        if isinstance(value, ast.Constant)
    }
    return {n for n in names if n.startswith("key.account") and "mixin" not in n}


def methods(node):
    return {
        method.name
        for method in node.body
        if isinstance(method, ast.FunctionDef)
        and not method.name.startswith("_")
        and method.name not in OF_CORE
    }


class Visitor:
    """A user with a browser and bad intentions."""

    def __init__(self, server, login=None):
        self.server = server
        self.session = requests.Session()
        if login:
            page = self.session.get(f"{server.url}/web/login").text
            self.session.post(
                f"{server.url}/web/login",
                {"login": login, "password": login, "csrf_token": self.token(page)},
            )
            assert "session_id" in self.session.cookies

    @staticmethod
    def token(page):
        found = re.search(r'csrf_token: "(\w+)"', page)
        return found.group(1) if found else ""

    def csrf(self):
        return self.token(self.session.get(f"{self.server.url}/my").text)

    def check(self, answer, what):
        """Check for server errors, leaks and scripts in the answer."""
        assert answer.status_code < 500, (what, answer.status_code)
        if "spreadsheet" in answer.headers.get("Content-Type", ""):
            return
        assert "Traceback (most recent call last)" not in answer.text, what
        assert SCRIPT not in answer.text, what


@pytest.fixture(scope="module")
def visitors(odoo_server):
    return {
        "public": Visitor(odoo_server),
        "portal": Visitor(odoo_server, "einkauf"),
        "manager": Visitor(odoo_server, "katrin"),
    }


@pytest.mark.parametrize("who", ["public", "portal", "manager"])
def test_routes(visitors, who):
    """No route breaks with meaningless ids and harmful parameters."""
    visitor, source = visitors[who], random.Random(who)
    csrf = visitor.csrf()
    for path, kind in routes():
        for number in IDS:
            url = visitor.server.url + re.sub(r"<int:\w+>", str(number), path)
            names = source.sample(PARAMETERS, 6)
            values = {name: source.choice(HOSTILE) for name in names}
            what = (who, url, values)
            if kind == "jsonrpc":
                body = {"jsonrpc": "2.0", "method": "call", "params": values}
                answer = visitor.session.post(url, json=body)
                assert answer.status_code < 500, what
                error = answer.json().get("error", {}).get("data", {})
                assert error.get("name", "").rpartition(".")[2] in (
                    *EXPECTED,
                    "",
                    "SessionExpiredException",
                    "NotFound",
                ), (what, error)
                continue
            visitor.check(visitor.session.get(url, params=values), what)
            data = {**values, "csrf_token": csrf}
            visitor.check(visitor.session.post(url, data=data), what)


@pytest.mark.parametrize("path", ["/my/prices", "/my/prices.xlsx"])
@pytest.mark.parametrize("name", ["search", "account_id"])
def test_every_value_in_a_search(visitors, path, name):
    """No search field breaks with any of the hostile values."""
    visitor = visitors["portal"]
    for value in HOSTILE:
        url = f"{visitor.server.url}{path}"
        visitor.check(visitor.session.get(url, params={name: value}), (path, value))


@pytest.mark.parametrize("name", ["subject", "description", "reference", "quantity"])
def test_every_value_in_a_complaint(visitors, name):
    """No text field of the complaint form breaks with any of them."""
    visitor = visitors["portal"]
    data = {"csrf_token": visitor.csrf(), "subject": "Fuzz", "description": "Fuzz"}
    for value in HOSTILE:
        answer = visitor.session.post(
            f"{visitor.server.url}/my/complaints/new", data={**data, name: value}
        )
        visitor.check(answer, (name, value))


def test_uploads(visitors):
    """Unsafe or oversized uploads are refused, judging by their contents."""
    visitor = visitors["portal"]
    url = f"{visitor.server.url}/my/complaints/new"
    before = visitor.server.sql("SELECT COUNT(*) FROM key_account_complaint")
    for name, content in (
        ("photo.png", b"MZ\x90\x00 not a picture" * 100),
        ("page.html", f"<html>{SCRIPT}</html>".encode()),
        (
            "drawing.svg",
            f"<svg xmlns='http://www.w3.org/2000/svg'>{SCRIPT}</svg>".encode(),
        ),
        ("large.txt", b"a" * (11 * 1024 * 1024)),
    ):
        answer = visitor.session.post(
            url,
            data={
                "csrf_token": visitor.csrf(),
                "subject": "Fuzz",
                "description": "Fuzz",
            },
            files={"files": (name, content)},
        )
        visitor.check(answer, name)
    after = visitor.server.sql("SELECT COUNT(*) FROM key_account_complaint")
    assert before == after


def call(odoo_server, login, model, method, *args, **kwargs):
    """Call a method by XML-RPC; return the kind of error, or None."""
    odoo_server.rpc("res.users", "context_get", login=login)
    proxy = xmlrpc.client.ServerProxy(
        f"{odoo_server.url}/xmlrpc/2/object", allow_none=True
    )
    uid = odoo_server._uids[login, login]
    try:
        proxy.execute_kw(odoo_server.name, uid, login, model, method, args, kwargs)
    except xmlrpc.client.Fault as fault:
        # Odoo's own kinds of error have their own codes; 1 is for all others.
        return None if fault.faultCode != 1 else fault.faultString.strip()
    except (xmlrpc.client.ProtocolError, OverflowError, TypeError) as error:
        return str(error)
    return None


@pytest.mark.parametrize("login", ["einkauf", "petra"])
def test_methods(odoo_server, login):
    """No public method breaks with no, foreign, missing or wrong records."""
    wrong = []
    for model, method in public_methods():
        for args in ([[]], [[1]], [[999_999]], [[1], "x", {"y": 2}]):
            said = call(odoo_server, login, model, method, *args)
            last = (said or "").splitlines()[-1:]
            if said and not any(kind in last[0] for kind in EXPECTED):
                wrong.append(f"{model}.{method}{args}: {last[0]}")
    assert not wrong, "\n".join(wrong)


def test_portal_reads_no_account(odoo_server):
    """No method of Odoo lets a customer read a key account."""
    for method, args in (
        ("search_read", [[]]),
        ("read", [[1]]),
        ("search", [[]]),
        ("web_search_read", [[], {"display_name": {}}]),
        ("formatted_read_group", [[], ["manager_id"], ["__count"]]),
        ("export_data", [[1], ["display_name"]]),
        ("name_search", ["a"]),
    ):
        with pytest.raises(xmlrpc.client.Fault) as caught:
            odoo_server.rpc("key.account", method, *args, login="einkauf")
        # Export needs a permission that customers don't have either.
        assert caught.value.faultCode == (2 if method == "export_data" else 4), method
