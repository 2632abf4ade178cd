# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""How much of the addons' Python the tests in Odoo's runner reach, by coverage.py."""

import json
import shutil

from . import python_env
from .base import ROOT, STATE, KamError, addons, run, say, step

FOLDER = STATE / "coverage"
DATA = f"--data-file={FOLDER / 'data'}"
SETTINGS = f"--rcfile={ROOT / 'pyproject.toml'}"


def begin():
    """Forget what was measured before."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)


def wrap(command):
    """Return a command of Python's that measures as well; runs add up."""
    python, *rest = command
    source = f"--source={','.join(map(str, addons()))}"
    options = (DATA, SETTINGS, source, "--parallel-mode")
    return [python, "-m", "coverage", "run", *options, *rest]


def report(number=10):
    """Print the total and the files covered least; leave pages for the browser.

    :raise KamError: where nothing was measured
    """
    if not any(FOLDER.iterdir()):
        raise KamError("--coverage measures Odoo's runner, and that did not run")
    pages, totals = FOLDER / "html", FOLDER / "totals.json"
    with step("adding up what the tests have reached"):
        for arguments in (["combine"], ["json", "-o", totals], ["html", "-d", pages]):
            command, *options = arguments
            run(
                [python_env.ensure(), "-m", "coverage", command, DATA, SETTINGS]
                + options,
                "adding up the coverage",
                cwd=ROOT,
            )
    found = json.loads(totals.read_text())
    say(f"  {found['totals']['percent_covered']:.1f} % are covered, the least of it in")
    files = [(file["summary"], name) for name, file in found["files"].items()]
    for summary, name in sorted(files, key=lambda item: item[0]["percent_covered"])[
        :number
    ]:
        missing = summary["missing_lines"]
        say(f"  {summary['percent_covered']:5.1f} %  {name}, {missing} lines missing")
    say(f"  line by line: {pages / 'index.html'}")
