# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Ways to deploy to your own Odoo: wheels and containers."""

import configparser
import shlex
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml
from kamtool import base, odoo_source

DEPLOY = base.ROOT / "deploy"


@pytest.mark.parametrize("addon", base.addons(), ids=lambda folder: folder.name)
def test_wheel(addon, tmp_path):
    """The wheel holds every file of the folder that has to be installed."""
    done = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation"]
        + ["--quiet", "--wheel-dir", str(tmp_path), str(addon)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-1500:]
    [wheel] = tmp_path.glob("*.whl")
    assert wheel.name.startswith(f"odoo_addon_{addon.name}-19.0.")
    packed = {
        name.partition(f"odoo/addons/{addon.name}/")[2]
        for name in zipfile.ZipFile(wheel).namelist()
    }
    wanted = subprocess.run(
        ["git", "ls-files", "."], cwd=addon, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    build_only = {"pyproject.toml", ""}
    missing = set(wanted) - packed - build_only
    # Whether whool includes the translation templates doesn't matter.
    assert not {name for name in missing if not name.endswith(".pot")}


def test_containers():
    """The compose file parses; its addons exist; its options are Odoo's."""
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    services = compose["services"]
    assert set(services) == {"db", "init", "web", "cron"}
    known = next(
        file.read_text()
        for folder in odoo_source.ensure().addons
        if (file := Path(folder).parent / "tools" / "config.py").exists()
    ).replace("'", '"')
    for name in ("init", "web", "cron"):
        service = services[name]
        for option in shlex.split(service["command"]):
            if option.startswith("--"):
                assert f'"{option.partition("=")[0]}"' in known, option
        for volume in service["volumes"]:
            source = volume.split(":")[0]
            if source.startswith("."):
                assert (DEPLOY / source).exists(), source
    parser = configparser.ConfigParser()
    parser.read(DEPLOY / "odoo.conf")
    for option in parser["options"]:
        assert f'"{option}"' in known or f'"--{option}"' in known, option
