# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Reads what the rooms of an addon name, and finds what stands above them."""

import ast
import re
from pathlib import Path
from typing import NamedTuple

from lxml import etree

from .house import House, Place, class_models, room_of

# Calls that return records of the model that they were called on.
SAME_MODEL = {
    "browse", "copy", "create", "ensure_one", "exists", "filtered", "filtered_domain",
    "grouped", "new", "search", "sorted", "sudo", "try_lock_for_update", "union",
    "with_company", "with_context", "with_env", "with_prefetch", "with_user",
}  # fmt: skip
SQL_WORDS = re.compile(r"\b(SELECT|FROM|JOIN|WHERE|UPDATE|INSERT|DELETE|AND|CASE)\b")
NAME = re.compile(r"[a-z_][a-z0-9_]*")
DOTTED = re.compile(r"[a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)*")
PATH = re.compile(rf"-?{DOTTED.pattern}(:\w+)?( desc| asc)?")
# Attributes of XML that hold words for people or for the style sheet, not names.
WORDS = {
    "alt", "aria-label", "avg", "bg_color", "class", "colors", "confirm", "help",
    "icon", "id", "name", "placeholder", "role", "src", "string", "style", "sum",
    "title", "type", "widget",
}  # fmt: skip
XML_ID = re.compile(r"ref\(\s*['\"]([\w.]+)['\"]|%\(([\w.]+)\)[ds]")
REFERENCES = {"ref", "inherit_id", "parent", "action", "groups", "t-call", "t-inherit"}
# Fields of records in data files whose text is code.
CODE = {"code", "context", "domain", "domain_force"}


class Finding(NamedTuple):
    """A name that a room uses although it doesn't stand below it."""

    room: str
    file: str
    line: int
    name: str
    places: tuple

    def __str__(self):
        where = ", ".join(sorted({place.file for place in self.places}))
        above = " and ".join(sorted({place.room for place in self.places}))
        return (
            f"{self.file}:{self.line}: {self.name} is defined in {where}. Let "
            f"{self.room} offer a hook that {above} extends, or move this up."
        )


def check(house):
    """Return all references that go up or sideways, by room, file and line."""
    found = set()
    for path, tree in (house.python | house.xml).items():
        if room_of(path) in house.floors:
            reader = (PythonReader if path.endswith(".py") else XmlReader)(house, path)
            reader.read(tree)
            found |= reader.found
    return sorted(found)


class Reader:
    """Looks up what a file names, and keeps what its room doesn't reach."""

    def __init__(self, house, path):
        self.house = house
        self.path = path
        self.room = room_of(path)
        self.found = set()

    def see(self, line, name, places):
        """Note a name that is defined at these places."""
        if places and not self.house.reaches(self.room, places):
            places = tuple(sorted(places))
            self.found.add(Finding(self.room, self.path, line, name, places))

    def see_model(self, line, name):
        """Note the name of a model; tell whether it is one of ours."""
        if name in self.house.models:
            self.see(line, name, {self.house.models[name]})
        return name in self.house.models

    def see_room(self, line, text):
        """Note a word that is a room and its model: "complaint", "agreements"."""
        room = text.removesuffix("s")
        for model, place in self.house.models.items():
            if place.room == room and model.endswith(f".{room}"):
                self.see(line, f'"{text}"', {place})

    def see_xml_id(self, line, name):
        """Note an XML id, with or without the name of the addon before it."""
        addon, _, name = name.rpartition(".")
        if addon in ("", self.house.addon.name):
            self.see(line, name, self.house.xml_ids.get(name))

    def see_path(self, line, text, model=None):
        """Note a path of fields such as ``account_id.manager_id:count``."""
        for name in NAME.findall(re.split("[: ]", text)[0]):
            self.see(line, name, self.house.member_places(name, model))
            model = self.house.comodel(model, name)


class PythonReader(Reader, ast.NodeVisitor):
    """Finds what a Python file names."""

    def __init__(self, house, path):
        super().__init__(house, path)
        self.model = None
        self.types = {}

    def read(self, tree):
        """Read a whole file."""
        self.visit(tree)

    def visit_ClassDef(self, node):
        self.model = class_models(node)[0]
        self.generic_visit(node)
        self.model = None

    def visit_FunctionDef(self, node):
        self.types = {"self": self.model}
        for decorator in node.decorator_list:
            if isinstance(decorator, ast.Call):
                self._see_fields(decorator.args)
        self.generic_visit(node)

    def visit_Import(self, node):
        for each in node.names:
            self._see_import(node, each.name)

    def visit_ImportFrom(self, node):
        base = node.module or ""
        if node.level:
            parts = Path(self.path).parts[: -node.level]
            base = ".".join((self.house.addon.name, *parts, *filter(None, [base])))
        for each in node.names:
            self._see_import(node, f"{base}.{each.name}")

    def _see_import(self, node, dotted):
        before, _, inside = dotted.partition(f"{self.house.addon.name}.")
        folder, _, inside = inside.partition(".")
        room = inside.partition(".")[0]
        if before in ("", "odoo.addons.") and room in self.house.floors:
            name = f"import {dotted}"
            self.see(node.lineno, name, {Place(room, f"{folder}/{room}")})

    def visit_For(self, node):
        if isinstance(node.target, ast.Name):
            self.types[node.target.id] = self._type(node.iter)
        self.generic_visit(node)

    def visit_Call(self, node):
        self._see_fields(word.value for word in node.keywords if word.arg == "related")
        if isinstance(node.func, ast.Attribute) and node.func.attr in SAME_MODEL:
            for argument in node.args:
                if isinstance(argument, ast.Lambda) and argument.args.args:
                    self.types[argument.args.args[0].arg] = self._type(node.func.value)
        self.generic_visit(node)

    def visit_Attribute(self, node):
        model = self._type(node.value)
        places = self.house.member_places(node.attr, model)
        self.see(node.end_lineno, node.attr, places)
        self.generic_visit(node)

    def visit_Expr(self, node):
        if not isinstance(node.value, ast.Constant):  # else it is a docstring
            self.generic_visit(node)

    def visit_Constant(self, node):
        if isinstance(node.value, str):
            self._see_text(node, node.value)

    def visit_JoinedStr(self, node):
        texts = [part.value for part in node.values if isinstance(part, ast.Constant)]
        self._see_text(node, " | ".join(texts))
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                self.visit(part.value)

    def _see_text(self, node, text):
        line = node.lineno
        self.see_room(line, text)
        if self.see_model(line, text.partition(",")[0]):
            return
        if text.startswith(f"{self.house.addon.name}."):
            self.see_xml_id(line, text)
        elif PATH.fullmatch(text):
            self.see_path(line, text, self.model)
        elif " " in text and SQL_WORDS.search(text):
            self._see_sql(line, text)

    def _see_sql(self, line, text):
        for number, row in enumerate(text.splitlines(), line):
            for word in NAME.findall(row):
                if not self.see_model(number, self.house.tables.get(word)):
                    self.see_path(number, word)

    def _see_fields(self, nodes):
        for node in nodes:
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                self.see_path(node.lineno, node.value, self.model)

    def _type(self, node):
        """Return the model of an expression, None where it can't be told."""
        if isinstance(node, ast.Name):
            return self.types.get(node.id)
        if isinstance(node, ast.Attribute):
            return self.house.comodel(self._type(node.value), node.attr)
        if isinstance(node, ast.Subscript):
            name = getattr(node.slice, "value", None)
            return name if name in self.house.models else self._type(node.value)
        if isinstance(node, ast.Call):
            if getattr(node.func, "id", None) == "super":
                return self.model
            if getattr(node.func, "attr", None) in SAME_MODEL:
                return self._type(node.func.value)
        return None


class XmlReader(Reader):
    """Finds what an XML file names."""

    def read(self, node):
        """Read records and templates, and what holds them."""
        for child in node.iterchildren(etree.Element):
            if child.tag == "record":
                self._record(child)
            else:
                self._attributes(child, None)
                (self._arch if child.tag == "template" else self.read)(child)

    def _record(self, record):
        model = record.get("model")
        self.see_model(record.sourceline, model)
        of_view = record.findtext("field[@name='model']")
        for field in record.iterchildren("field"):
            name, text = field.get("name"), (field.text or "").strip()
            if model in self.house.models:
                self.see_path(field.sourceline, name, model)
            self._attributes(field, None)
            if name in CODE:
                self._code(field, text, None)
            elif not self.see_model(field.sourceline, text):
                self._arch(field, of_view if name == "arch" else None)

    def _arch(self, parent, model=None):
        for node in parent.iterchildren(etree.Element):
            below, name = model, node.get("name")
            if node.tag == "field" and name:
                self.see_path(node.sourceline, name, model)
                below = self.house.comodel(model, name) or (
                    model if len(node) else None
                )
            elif node.get("type") == "object" and name:
                self.see_path(node.sourceline, name, model)
            self._attributes(node, model)
            self._arch(node, below)

    def _attributes(self, node, model):
        line = node.sourceline
        for key, value in node.attrib.items():
            for groups in XML_ID.findall(value):
                self.see_xml_id(line, "".join(groups))
            if key in REFERENCES:
                for name in re.findall(r"[\w.]+", value):
                    self.see_xml_id(line, name)
            elif key not in WORDS:
                self._code(node, value, model)

    def _code(self, node, text, model):
        for name in DOTTED.findall(XML_ID.sub("", text)):
            if not self.see_model(node.sourceline, name):
                self.see_path(node.sourceline, name, model)


def habits(addon, floors):
    """Return what breaks the rules for rooms, files, classes and methods."""
    house = House(addon, floors)
    return [*_room_habits(house), *_file_habits(house), *_class_habits(house)]


def _room_habits(house):
    rooms = {room_of(path) for path in house.paths} - {None}
    for room in sorted(rooms - set(house.floors)):
        yield f"{room}: this room stands on no floor"
    for room in house.floors:
        folder = house.addon / "models" / room
        init = folder / "__init__.py"
        if init.exists() and not ast.get_docstring(ast.parse(init.read_text())):
            yield f"models/{room}/__init__.py: begin with a sentence on what it is for"
        count = len([path for path in folder.glob("*.py") if path != init])
        if count > 25:
            yield f"models/{room}: {count} files, at most 25 are fine"


def _file_habits(house):
    for path in house.paths:
        length = len((house.addon / path).read_text().splitlines())
        if length > 400:
            yield f"{path}: {length} lines, at most 400 are fine"
    for path, tree in house.python.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                length = node.end_lineno - node.lineno + 1
                if length > 40:
                    place = f"{path}:{node.lineno}"
                    yield f"{place}: {node.name} has {length} lines, 40 are fine"


def _class_habits(house):
    seen = {}
    for path, tree in house.python.items():
        classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
        models = [model for model, _ in map(class_models, classes) if model]
        names = sorted({model.replace(".", "_") for model in models})
        if names and Path(path).stem not in names:
            yield f"{path}: name it after a model in it: {', '.join(names)}"
        for model in models:
            other = seen.setdefault((Path(path).parts[:2], model), path)
            if other != path or models.count(model) > 1:
                yield f"{path}: {model} has a class in {other} as well: merge them"
