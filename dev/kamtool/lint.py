# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The checks of style, for ``./kam lint`` and for the tests."""

import subprocess

from . import python_env
from .base import ROOT, addons

# R8180: one model in several files, each a chapter of its story, is on purpose here.
PYLINT = ("pylint", "--rcfile=pyproject.toml", "--disable=R8180")


def checks():
    """Return the checks by name, each as the arguments of ``python -m``."""
    return {
        "ruff": ("ruff", "check", "."),
        "ruff format": ("ruff", "format", "--check", "."),
        "pylint-odoo": (*PYLINT, *(folder.name for folder in addons())),
    }


def run_check(name):
    """Run one check; return what it has to say, nothing where all is well."""
    done = subprocess.run(
        [str(python_env.ensure()), "-m", *checks()[name]],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    return (done.stdout + done.stderr or "failed") if done.returncode else ""
