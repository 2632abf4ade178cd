# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The virtual environment: Odoo's Python packages and our tools, in the cache."""

import os
import shutil
import sys
from functools import cache

from .base import (
    CACHE,
    ROOT,
    KamError,
    cache_lock,
    digest,
    install_packages,
    may_install,
    need_space,
    run,
    step,
)

REQUIREMENTS = (ROOT / "requirements.txt", ROOT / "dev" / "requirements.txt")
# Addons of others, for our glue to them. Without what they depend on: that is Odoo,
# which is no package here.
ADDONS = ROOT / "dev" / "requirements-addons.txt"


def venv_path():
    """Return where the environment for this Python and these requirements stands."""
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    return CACHE / f"venv-{version}-{digest(*REQUIREMENTS, ADDONS)}"


@cache
def ensure():
    """Make the environment unless it is there, and return its Python.

    A half-made one (no stamp) is thrown away: a killed run starts again.
    """
    venv = venv_path()
    python = venv / "bin" / "python"
    stamp = venv / ".complete"
    if stamp.exists() and python.exists():
        return python
    with cache_lock("venv"):
        if stamp.exists() and python.exists():
            return python
        need_space(CACHE, 2, "the Python environment")
        shutil.rmtree(venv, ignore_errors=True)
        with step(f"Python packages for {sys.version.split()[0]}"):
            make_venv(venv)
            env = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
            command = [python, "-m", "pip", "install", "--prefer-binary"]
            for file in REQUIREMENTS:
                command += ["-r", file]
            run(command, "installing Python packages", env=env)
            command = [python, "-m", "pip", "install", "--no-deps", "-r", ADDONS]
            run(command, "installing addons of others", env=env)
        stamp.touch()
    return python


def make_venv(venv):
    """Create the bare environment; Debian packs what that takes separately."""
    command = [sys.executable, "-m", "venv", venv]
    try:
        run(command, "creating the Python environment")
    except KamError:
        if may_install() is None or os.environ.get("KAM_VENV_TRIED"):
            raise
        os.environ["KAM_VENV_TRIED"] = "1"
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        install_packages([f"python{version}-venv"], "the Python environment")
        shutil.rmtree(venv, ignore_errors=True)
        run(command, "creating the Python environment")
