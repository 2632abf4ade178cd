# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What an addon with rooms defines, and where; beside it what Odoo itself defines."""

import ast
import re
from collections import Counter, defaultdict
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from lxml import etree

# A room is a folder of these, or a file of those. Other folders stand outside the house
# and see all of it.
FOLDERS = ("models", "wizards", "views")
FILES = ("controllers", "security", "data")
RELATIONS = ("Many2one", "One2many", "Many2many")
# Names of Python itself.
PYTHON = {
    name
    for kind in (dict, list, set, str, bytes, int, float, property, Path, Counter)
    for name in dir(kind)
} | {"_asdict", "_fields", "_replace"}


class Place(NamedTuple):
    """Where something is defined; the room is None outside the house."""

    room: str
    file: str


def room_of(path):
    """Return the room of a file by its path in the addon, None for what has none."""
    parts = Path(path).parts
    if parts[0] in FOLDERS and len(parts) > 2:
        return parts[1]
    if parts[0] in FILES and len(parts) == 2 and not parts[1].startswith("__"):
        return Path(parts[1]).stem
    return None


def class_models(node):
    """Return the model of a class (None for others) and the models that it inherits."""
    values = {}
    for line in node.body:
        if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name):
            name = line.targets[0].id
            if name in ("_name", "_inherit"):
                values[name] = ast.literal_eval(line.value)
    inherit = values.get("_inherit") or []
    inherit = [inherit] if isinstance(inherit, str) else list(inherit)
    return values.get("_name") or (inherit[0] if inherit else None), inherit


def comodel_of(call):
    """Return the comodel in the definition of a relational field."""
    if getattr(getattr(call, "func", None), "attr", None) not in RELATIONS:
        return None
    values = call.args[:1] or [
        word.value for word in call.keywords if word.arg == "comodel_name"
    ]
    return values[0].value if values and isinstance(values[0], ast.Constant) else None


def defined_names(line):
    """Return the names that a line of a class defines: methods, fields, attributes."""
    if isinstance(line, ast.FunctionDef):
        return [line.name]
    if isinstance(line, ast.Assign):
        return [each.id for each in line.targets if isinstance(each, ast.Name)]
    return []


class Core:
    """What Odoo itself calls by which name, in the addons that ours depends on."""

    CLASS = re.compile(r"^class ", re.M)
    METHOD = re.compile(r"^    (?:async )?def (\w+)", re.M)
    ATTRIBUTE = re.compile(r"^    (\w+)\s*(?::[^=\n]+)?=[^=]", re.M)
    FUNCTION = re.compile(r"^def (\w+)", re.M)
    MODEL = re.compile(r"""^    _name\s*=\s*['"]([\w.]+)""", re.M)
    INHERIT = re.compile(r"""^    _inherit\s*=\s*(\[[^\]]*\]|['"][\w.]+['"])""", re.M)

    def __init__(self, folders=(), depends=()):
        self.names = set(PYTHON)
        self.members = defaultdict(set)
        self.ancestors = defaultdict(set)
        for path in self._files([Path(folder) for folder in folders], depends):
            every_model = "base" if path.parent.name == "orm" else ""
            self._read(path.read_text(errors="replace"), every_model)

    @staticmethod
    def _files(folders, depends):
        seen, waiting = set(), {"base", "web", *depends}
        while waiting:
            addon = waiting.pop()
            seen.add(addon)
            for folder in folders:
                manifest = folder / addon / "__manifest__.py"
                if manifest.exists():
                    known = ast.literal_eval(manifest.read_text())
                    waiting |= set(known.get("depends", ())) - seen
                    for path in manifest.parent.rglob("*.py"):
                        if "tests" not in path.parts:
                            yield path
        for folder in folders:
            for name in ("orm", "tools"):
                yield from (folder.parent / name).rglob("*.py")
            yield from folder.parent.glob("http.py")

    def _read(self, text, every_model):
        self.names.update(self.FUNCTION.findall(text))
        for body in self.CLASS.split(text)[1:]:
            names = {*self.METHOD.findall(body), *self.ATTRIBUTE.findall(body)}
            self.names |= names
            inherit = re.findall(r"[\w.]+", "".join(self.INHERIT.findall(body)[:1]))
            model = (self.MODEL.findall(body) or inherit or [every_model])[0]
            self.members[model] |= names
            self.ancestors[model].update(inherit)


class House:
    """An addon with rooms: which model, name and XML id is defined where."""

    def __init__(self, addon, floors, core=None):
        self.addon = Path(addon)
        self.floors = floors
        self.core = core or Core()
        self.models = {}
        self.ancestors = defaultdict(set)
        self.members = defaultdict(lambda: defaultdict(set))
        self.comodels = {}
        self.xml_ids = defaultdict(set)
        self.paths = [
            str(path.relative_to(self.addon))
            for kind in ("*.py", "*.xml")
            for path in sorted(self.addon.rglob(kind))
        ]
        for path, tree in self.python.items():
            self._define_models(path, tree)
        for path, tree in self.xml.items():
            for node in tree.iter("record", "template", "menuitem"):
                if node.get("id"):
                    self.xml_ids[node.get("id")].add(Place(room_of(path), path))
        for model, place in self.models.items():
            self.xml_ids[f"model_{model.replace('.', '_')}"].add(place)

    @cached_property
    def python(self):
        """The syntax trees of the Python files in rooms, by path in the addon."""
        return {
            path: ast.parse((self.addon / path).read_text())
            for path in self.paths
            if path.endswith(".py") and room_of(path) in self.floors
        }

    @cached_property
    def xml(self):
        """The trees of the XML files that Odoo loads, by path in the addon."""
        return {
            path: etree.parse(self.addon / path).getroot()
            for path in self.paths
            if path.endswith(".xml") and not path.startswith(("static", "demo"))
        }

    def _define_models(self, path, tree):
        place = Place(room_of(path), path)
        for node in ast.walk(tree):
            model, inherit = (
                class_models(node) if isinstance(node, ast.ClassDef) else (None, [])
            )
            if not model:
                continue
            if model not in inherit:
                self.models[model] = place
            self.ancestors[model].update(set(inherit) - {model})
            for line in node.body:
                for name in defined_names(line):
                    self.members[model][name].add(place)
                    comodel = comodel_of(getattr(line, "value", None))
                    if comodel:
                        self.comodels[model, name] = comodel

    @cached_property
    def names(self):
        """Where each name of a field or method is defined, on whichever model."""
        found = defaultdict(set)
        for members in self.members.values():
            for name, places in members.items():
                found[name] |= places
        return found

    @cached_property
    def tables(self):
        """The models by the names of their tables."""
        return {model.replace(".", "_"): model for model in self.models}

    def lineage(self, model):
        """Return the model with all that it inherits, ours and Odoo's."""
        seen, waiting = set(), {model} - {None}
        while waiting:
            each = waiting.pop()
            seen.add(each)
            waiting |= (self.ancestors[each] | self.core.ancestors[each]) - seen
        return seen

    def comodel(self, model, name):
        """Return the comodel of a field, None where it isn't known."""
        found = (self.comodels.get((each, name)) for each in self.lineage(model))
        return next(filter(None, found), None)

    def member_places(self, name, model=None):
        """Return where a field or method is defined; nowhere where Odoo has it too.

        :param str model: the model that has it, where it is known
        """
        lineage = self.lineage(model)
        places = set().union(*(self.members[each].get(name, ()) for each in lineage))
        if places:
            core = any(name in self.core.members[each] for each in {*lineage, "base"})
        else:
            # A single word of who knows what is no evidence.
            places = self.names.get(name, set())
            core = name in self.core.names or "_" not in name.strip("_")
        return set() if core else places

    def reaches(self, room, places):
        """Tell whether one of these places is in the room, below it, or outside."""
        return any(
            place.room not in self.floors
            or place.room == room
            or self.floors[place.room] < self.floors[room]
            for place in places
        )
