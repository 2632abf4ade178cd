# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The menus and buttons that README and guides name exist under that name."""

import json
import re
import subprocess

import pytest
from kamtool import base, database

GUIDES = (
    ("README.rst", "en_US", "Key Accounts", "Actions"),
    ("key_account_management/README.rst", "en_US", "Key Accounts", "Actions"),
    ("doc/user_guide.rst", "en_US", "Key Accounts", "Actions"),
    ("doc/user_guide_de.rst", "de_DE", "Schlüsselkunden", "Aktionen"),
)
PATH = re.compile(r"(?<!\*)\*([^*`]+ → [^*`]+)\*(?!\*)")
ASK = """
import json
known = {}
for lang in ("en_US", "de_DE"):
    # The whole name of a menu is kept without regard to the language.
    env.invalidate_all()
    here = env(context={"lang": lang, "ir.ui.menu.full_list": True})
    fields = here["res.partner"].fields_get([], ["string"])
    actions = here["ir.actions.act_window"].search([("binding_model_id", "!=", False)])
    servers = here["ir.actions.server"].search([("binding_model_id", "!=", False)])
    known[lang] = {
        "menus": here["ir.ui.menu"].search([]).mapped("complete_name"),
        "actions": actions.mapped("name") + servers.mapped("name"),
        "fields": [field["string"] for field in fields.values()],
    }
print("KNOWN" + json.dumps(known))
"""


@pytest.fixture(scope="module", name="known")
def fixture_known():
    """Return the names of menus, actions and fields with all our addons installed."""
    command, env = database.odoo_command(
        "shell", "-d", database.ensure_glue(), "--no-http"
    )
    said = subprocess.run(
        command, input=ASK.encode(), env=env, check=True, capture_output=True
    ).stdout.decode()
    return json.loads(said.rpartition("KNOWN")[2])


@pytest.mark.parametrize(("file", "lang", "app", "actions"), GUIDES)
def test_paths_in_the_guides_exist(known, file, lang, app, actions):
    """Each path leads through our app's menus, another app's, or to an action."""
    text = re.sub(r"\s+", " ", (base.ROOT / file).read_text())
    paths = PATH.findall(text)
    assert len(paths) >= 15
    names = known[lang]
    missing = []
    for path in paths:
        steps = path.split(" → ")
        if steps[0] == actions:
            found = steps[-1] in names["actions"]
        else:
            menu = "/".join(steps)
            found = (
                f"{app}/{menu}" in names["menus"]
                or menu in names["menus"]
                or steps[-1] in names["fields"]
            )
        if not found:
            missing.append(path)
    assert not missing
