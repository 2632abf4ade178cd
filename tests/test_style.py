# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The style checks are part of the tests."""

import subprocess

import pytest
from kamtool import base, lint


@pytest.mark.parametrize("check", lint.checks())
def test_style_is_clean(check):
    """All committed files pass the checks of pre-commit and ``./kam lint``."""
    assert lint.run_check(check) == ""


def test_each_addon_states_its_version_once():
    """The version is only in the manifest, so it can't get out of step."""
    pattern = """version["']? *[:=] *["'][0-9]+([.][0-9]+){3}"""
    found = subprocess.run(
        ["git", "grep", "--name-only", "-iE", pattern],
        cwd=base.ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    assert found == sorted(f"{folder.name}/__manifest__.py" for folder in base.addons())
