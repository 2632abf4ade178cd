# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""One class per model and room: pylint-odoo's R8180, asked of each room by itself.

A model is extended in several rooms as it is in several addons; within a room its
classes belong together.
"""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROOMS = sorted(
    init.parent
    for init in (ROOT / "key_account_management" / "models").glob("*/__init__.py")
)


def complaints_of(room):
    """Return what pylint has to say of a room."""
    command = ["pylint", "--rcfile=pyproject.toml", "--disable=all", "--enable=R8180"]
    done = subprocess.run(
        [sys.executable, "-m", *command, str(room.relative_to(ROOT))],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    return done.stdout + done.stderr if done.returncode else ""


if __name__ == "__main__":
    with ThreadPoolExecutor(2) as pool:
        said = "".join(pool.map(complaints_of, ROOMS))
    print(said, end="")
    sys.exit(bool(said))
