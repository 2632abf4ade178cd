# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The checks of style report what is wrong, and measuring covers what ran."""

import re
import shutil
import subprocess
import sys

import lint_rooms
import pytest
from kamtool import base, cli, lint, measure

MODEL = """from odoo import fields, models


class {0}(models.Model):
    _inherit = "res.partner"

    {0} = fields.Char()
"""


@pytest.fixture(name="root")
def fixture_root(tmp_path, monkeypatch):
    """Return an empty product, on which the tools work."""
    root = tmp_path / "product"
    addon = root / "key_account_management"
    addon.mkdir(parents=True)
    (addon / "__manifest__.py").write_text('{"name": "Key Accounts"}\n')
    shutil.copy(base.ROOT / "pyproject.toml", root)
    for module in (base, lint, lint_rooms):
        monkeypatch.setattr(module, "ROOT", root)
    monkeypatch.setattr(base, "STATE", tmp_path)
    monkeypatch.setattr(base, "LOG", tmp_path / "kam.log")
    return root


def test_each_check_has_a_hook():
    """A check that ``./kam lint`` knows runs before a commit too, and no other."""
    text = (base.ROOT / ".pre-commit-config.yaml").read_text()
    calls = re.findall(r"entry: ./kam lint(?: --fix)? (.*)", text)
    assert [name for call in calls for name in call.split()] == list(lint.checks())


def test_unknown_check_is_refused(capsys):
    """A typing error isn't taken for a check that passes, and nothing runs."""
    with pytest.raises(base.KamError, match="no such check: rough, rust$"):
        cli.command_lint(cli.parser().parse_args(["lint", "rust", "ruff", "rough"]))
    assert not capsys.readouterr().out


def test_complaint_is_reported_and_mended(root):
    """A check alone changes no file; mending fixes what the tool can."""
    file = root / "wrong.py"
    file.write_text("import os\n\n\nx = [ 1 ]\nprint(x)\n")
    before = file.read_text()
    assert "wrong.py:1:8" in lint.run_check("ruff").replace("./", "")
    assert "Would reformat: wrong.py" in lint.run_check("ruff-format")
    assert file.read_text() == before
    assert lint.run_check("ruff", mend=True) == ""
    assert lint.run_check("ruff-format", mend=True) == ""
    assert file.read_text() == "x = [1]\nprint(x)\n"


def test_silent_failure_is_a_failure(root, monkeypatch):
    """A tool that fails without a word doesn't count as clean."""
    (root / "dev").mkdir()
    (root / "dev" / "silent.py").write_text("raise SystemExit(1)\n")
    monkeypatch.setattr(lint, "checks", lambda: {"it": lint.Check(("silent",))})
    assert lint.run_check("it") == "failed"


def test_rooms_may_extend_the_same_model_once_each(root):
    """Two classes of a model are wrong in one room, and right in two."""
    models = root / "key_account_management" / "models"
    files = ("__init__", "one/__init__", "two/__init__", "one/a", "one/b", "two/c")
    for name in files:
        file = models / f"{name}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("" if name.endswith("_") else MODEL.format(file.stem))
    (models.parent / "__init__.py").touch()
    said = lint_rooms.complaints_of(models / "one")
    assert "one/b.py" in said and "R8180" in said and "two/c.py" not in said
    assert lint_rooms.complaints_of(models / "two") == ""


@pytest.fixture(name="coverage")
def fixture_coverage(root, tmp_path, monkeypatch):
    """Return a function that runs an example with arguments and measures it."""
    folder = tmp_path / "coverage"
    monkeypatch.setattr(measure, "FOLDER", folder)
    monkeypatch.setattr(measure, "DATA", f"--data-file={folder / 'data'}")
    monkeypatch.setattr(measure, "ROOT", root)
    addon = root / "key_account_management"
    (addon / "tests").mkdir()
    for name in ("unused.py", "tests/test_it.py"):
        (addon / name).write_text("print()\n")
    script = addon / "example.py"
    lines = ["import sys", "if sys.argv[1:] == ['a']:", "    print()"]
    lines += ["if sys.argv[1:] == ['b']:", "    print()"]
    script.write_text("\n".join(lines) + "\n")
    measure.begin()

    def coverage(*arguments):
        command = measure.wrap([sys.executable, str(script), *arguments])
        subprocess.run(command, check=True, cwd=root)

    return coverage


def test_runs_add_up(coverage, capsys):
    """Lines that either run reaches are covered; files that no run loads count too."""
    coverage("a")
    coverage("b")
    measure.report()
    out = capsys.readouterr().out
    listed = [line.split() for line in out.splitlines() if "missing" in line]
    assert [(line[0], line[2].split("/")[-1]) for line in listed] == [
        ("0.0", "unused.py,"),
        ("100.0", "example.py,"),
    ]
    assert (measure.FOLDER / "html" / "index.html").exists()


def test_earlier_measurements_are_forgotten(coverage):
    """Without a run of Odoo there is no report, not even of the last time."""
    coverage("a")
    measure.begin()
    with pytest.raises(base.KamError, match="measures Odoo's runner, and that did not"):
        measure.report()
