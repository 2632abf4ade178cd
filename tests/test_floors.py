# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The rooms of the main addon use only what is below them, and keep to the rules.

An upper room extends a lower one through hooks of the lower room.
"""

import ast

import pytest
from kamtool import base, floors, house, odoo_source

FLOORS = {
    "tools": 0,
    "account": 1,
    "terms": 2,
    "figures": 3,
    "delivery": 4,
    "freshness": 4,
    "tier": 4,
    "agreement": 4,
    "hold": 4,
    "audit": 5,
    "loyalty": 6,
    "complaint": 6,
    "day": 7,
    "report": 7,
    "portal": 7,
}
ADDON = base.addons()[0]


def test_rooms_name_only_what_stands_below_them():
    """No room imports or uses anything from a room above or beside it."""
    depends = ast.literal_eval((ADDON / "__manifest__.py").read_text())["depends"]
    core = house.Core(odoo_source.ensure().addons, depends)
    found = floors.check(house.House(ADDON, FLOORS, core))
    assert not found, "\n" + "\n".join(map(str, found))


def test_rooms_follow_the_rules():
    """Rooms begin with a sentence, and their files and methods stay short."""
    found = floors.habits(ADDON, FLOORS)
    assert not found, "\n" + "\n".join(found)


# An example house, in which the upper room extends the lower one through a hook.
HOUSE = {
    "models/account/__init__.py": '"""Accounts."""',
    "models/account/key_account.py": """
class KeyAccount(models.Model):
    _name = "key.account"

    state = fields.Char()

    def _get_obstacles(self):
        return []
""",
    "models/complaint/__init__.py": '"""Complaints."""',
    "models/complaint/key_account.py": """
from ..account.key_account import KeyAccount

class KeyAccount(models.Model):
    _inherit = "key.account"

    growth = fields.Float()
    complaint_ids = fields.One2many("key.account.complaint", "account_id")

    def _get_obstacles(self):
        return super()._get_obstacles() + self.complaint_ids._open_ones()
""",
    "models/complaint/key_account_complaint.py": """
class KeyAccountComplaint(models.Model):
    _name = "key.account.complaint"

    account_id = fields.Many2one("key.account")
    severity = fields.Char()
    stage_kind = fields.Char()

    def _open_ones(self):
        return self.filtered(lambda each: each.account_id.state)
""",
    "models/loyalty/__init__.py": '"""Points."""',
    "models/loyalty/loyalty_card.py": """
class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    card_worth = fields.Float()
""",
    "data/complaint.xml": """
<odoo><record id="stage_new" model="key.account.complaint"/></odoo>""",
}
PYTHON = """
class KeyAccount(models.Model):
    _inherit = "key.account"

    def _method(self):
        {}
"""
VIEW = """<odoo><record id="view" model="ir.ui.view">
    <field name="model">key.account</field>
    <field name="arch" type="xml">{}</field>
</record></odoo>"""
WRONG = {
    "import": (
        "account/segment.py",
        "from ..complaint.key_account import KeyAccount",
        "import key_account_management.models.complaint.key_account.KeyAccount",
    ),
    "absolute import": (
        "account/segment.py",
        "from odoo.addons.key_account_management.models.complaint import key_account",
        "import odoo.addons.key_account_management.models.complaint.key_account",
    ),
    "model": (
        "account/segment.py",
        PYTHON.format('self.env["key.account.complaint"].search([])'),
        "key.account.complaint",
    ),
    "comodel": (
        "account/segment.py",
        'field = fields.Many2one("key.account.complaint")',
        "key.account.complaint",
    ),
    "inherited model": (
        "account/key_account_complaint.py",
        'class Complaint(models.Model):\n    _inherit = "key.account.complaint"',
        "key.account.complaint",
    ),
    "method": (
        "account/segment.py",
        PYTHON.format("records._open_ones()"),
        "_open_ones",
    ),
    "field of a known model": (
        "account/segment.py",
        PYTHON.format("return [account.growth for account in self if self.growth]"),
        "growth",
    ),
    "depends": (
        "account/segment.py",
        PYTHON.format("pass").replace(
            "def", '@api.depends("complaint_ids.severity")\n    def'
        ),
        "severity",
    ),
    "related": (
        "account/segment.py",
        PYTHON.format("pass") + '    kind = f(related="complaint_ids.stage_kind")',
        "stage_kind",
    ),
    "domain": (
        "account/segment.py",
        'DOMAIN = [("complaint_ids", "!=", False)]',
        "complaint_ids",
    ),
    "values": ("account/segment.py", 'VALS = {"stage_kind": "new"}', "stage_kind"),
    "aggregate": ("account/segment.py", 'SUM = "card_worth:sum"', "card_worth"),
    "table": (
        "account/segment.py",
        'SQL("SELECT count(*) FROM key_account_complaint")',
        "key.account.complaint",
    ),
    "column": (
        "account/segment.py",
        'f"SELECT c.stage_kind FROM {table} c"',
        "stage_kind",
    ),
    "word": ("account/segment.py", 'STEPS = ("complaint",)', '"complaint"'),
    "sibling": ("complaint/segment.py", "worth = card.card_worth", "card_worth"),
    "XML id in Python": (
        "account/segment.py",
        'env.ref("key_account_management.stage_new")',
        "stage_new",
    ),
    "XML id": (
        "views/account/views.xml",
        VIEW.format('<button type="action" name="%(stage_new)d"/>'),
        "stage_new",
    ),
    "model of a view": (
        "views/account/views.xml",
        VIEW.replace(">key.account<", ">key.account.complaint<"),
        "key.account.complaint",
    ),
    "rule": (
        "security/account.xml",
        '<odoo><record id="rule" model="ir.rule">'
        '<field name="model_id" ref="model_key_account_complaint"/></record></odoo>',
        "model_key_account_complaint",
    ),
    "field in a view": (
        "views/account/views.xml",
        VIEW.format('<form><field name="growth"/></form>'),
        "growth",
    ),
    "condition in a view": (
        "views/account/views.xml",
        VIEW.format('<form><field name="state" invisible="not growth"/></form>'),
        "growth",
    ),
    "button": (
        "data/account.xml",
        VIEW.format('<form><button type="object" name="_open_ones"/></form>'),
        "_open_ones",
    ),
    "template": (
        "views/account/views.xml",
        '<odoo><template id="t"><i t-out="doc.complaint_ids"/></template></odoo>',
        "complaint_ids",
    ),
}


@pytest.fixture(name="build")
def fixture_build(tmp_path):
    """Return a function that builds an addon from its files."""

    def build(files):
        addon = tmp_path / "key_account_management"
        for path, text in {**HOUSE, **files}.items():
            (addon / path).parent.mkdir(parents=True, exist_ok=True)
            (addon / path).write_text(text)
        return addon

    return build


def test_a_house_with_hooks_passes(build):
    """Using names from below and extending hooks is allowed."""
    addon = build({})
    assert floors.check(house.House(addon, FLOORS)) == []
    assert floors.habits(addon, FLOORS) == []


@pytest.mark.parametrize("kind", WRONG)
def test_a_reference_upwards_is_found(build, kind):
    """Each kind of reference to a higher or sibling room is found with its place."""
    path, text, name = WRONG[kind]
    path = path if path.endswith(".xml") else f"models/{path}"
    found = floors.check(house.House(build({path: text}), FLOORS))
    assert {each.name for each in found} >= {name}
    assert {each.file for each in found} == {path}
    message = next(str(each) for each in found if each.name == name)
    assert message.startswith(f"{path}:") and " offer a hook " in message


def test_a_name_of_odoo_is_no_reference(build, tmp_path):
    """A name that Odoo defines, too, is allowed unless the model is clear."""
    core = tmp_path / "addons"
    (core / "sale").mkdir(parents=True)
    (core / "sale" / "__manifest__.py").write_text("{}")
    (core / "sale" / "sale.py").write_text(
        'class Sale(models.Model):\n    _name = "sale.order"\n    stage_kind = 1\n'
    )
    addon = build({"models/account/segment.py": "order.stage_kind"})
    assert len(floors.check(house.House(addon, FLOORS))) == 1
    known = house.Core([core], ["sale"])
    assert not floors.check(house.House(addon, FLOORS, known))


LONG = "\n".join(["    def method(self):"] + ["        print()"] * 40)
BAD_HABITS = {
    "models/account/__init__.py": ("pass", "models/account/__init__.py: begin with"),
    "models/account/big.py": ("\n" * 401, "models/account/big.py: 401 lines"),
    "views/account/big.xml": ("<odoo>" + "\n" * 400 + "</odoo>", "big.xml: 401 lines"),
    "models/account/long.py": (f"class A:\n{LONG}", "long.py:2: method has 41 lines"),
    "models/account/chapter.py": (PYTHON.format("pass"), "chapter.py: name it after"),
    "models/complaint/key_account_2.py": (PYTHON.format("pass"), "as well: merge them"),
    "models/attic/box.py": ("", "attic: this room stands on no floor"),
    "models/account/f24.py": ("", "models/account: 26 files"),
}


@pytest.mark.parametrize("path", BAD_HABITS)
def test_a_broken_rule_is_found(build, path):
    """Each broken rule is found with its place."""
    text, message = BAD_HABITS[path]
    many = {f"models/account/f{n}.py": "" for n in range(25 * path.endswith("f24.py"))}
    found = floors.habits(build({**many, path: text}), FLOORS)
    assert [each for each in found if message in each], found
