# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Make each addon's README.rst and Apps page from the fragments in its readme/.

``./kam readme`` runs it. With ``--check`` it says what is stale, with ``--release`` it
first moves the news into the history, under the version of the manifest.
"""

import argparse
import ast
import re
import subprocess
import sys

import pypandoc
from docutils.core import publish_parts
from kamtool.base import ROOT, addons

SECTIONS = {
    "DESCRIPTION": "",
    "CONFIGURE": "# Configuration",
    "USAGE": "# Usage",
    "HISTORY": "# Changelog",
    "CONTRIBUTORS": "# Contributors",
}
NOTE = ".. Made by ./kam readme from the fragments in {}; changes here are lost.\n\n"
# What fragments write for files beside them, as seen from the addon and from the page.
IMAGES = "../static/description/"
IN_ADDON = "static/description/"
HISTORY = addons()[0] / "readme" / "HISTORY.md"


def manifest(addon):
    """Return what an addon says of itself."""
    return ast.literal_eval((addon / "__manifest__.py").read_text())


def to_rst(markdown):
    """Return Markdown as reStructuredText, without its comments."""
    return pypandoc.convert_text(
        re.sub(r"<!--.*?-->", "", markdown, flags=re.DOTALL),
        "rst",
        "gfm-gfm_auto_identifiers",
        extra_args=["--wrap=auto", "--columns=88"],
    )


def readme(addon):
    """Return the README of an addon."""
    parts = []
    for name, heading in SECTIONS.items():
        file = addon / "readme" / f"{name}.md"
        if file.exists():
            parts += [heading, file.read_text()]
    title = manifest(addon)["name"]
    bar = "=" * len(title)
    text = to_rst("\n\n".join(parts)).replace(IMAGES, IN_ADDON)
    note = NOTE.format(f"{addon.name}/readme")
    return f"{note}{bar}\n{title}\n{bar}\n\n{text}\nLicence: LGPL-3.\n"


def page(rst):
    """Return a README as the page that Apps shows of the addon."""
    settings = {"report_level": 2, "halt_level": 2, "syntax_highlight": "none"}
    body = publish_parts(rst, writer_name="html5", settings_overrides=settings)[
        "html_body"
    ]
    body = body.replace(f'src="{IN_ADDON}', 'style="max-width: 100%" src="')
    return f'<section class="container py-4">\n{body}</section>\n'


def files():
    """Return what is made, by file."""
    made = {}
    for addon in addons():
        made[addon / "README.rst"] = text = readme(addon)
        made[addon / IN_ADDON / "index.html"] = page(text)
    note = NOTE.format(HISTORY.relative_to(ROOT))
    made[ROOT / "CHANGELOG.rst"] = note + to_rst(
        f"# Changelog\n\n{HISTORY.read_text()}"
    )
    return made


def main():
    """Write the files, or name those that would change."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--release", action="store_true")
    options = parser.parse_args()
    silent = [
        addon.name
        for addon in addons()
        if not (addon / "readme" / "DESCRIPTION.md").exists()
    ]
    if silent:
        sys.exit(f"readme/DESCRIPTION.md is missing: {', '.join(silent)}")
    if options.release:
        version = manifest(addons()[0])["version"]
        if f"## {version} " in HISTORY.read_text():
            sys.exit(f"{version} is released: state the next version in the manifest")
        command = ["towncrier", "build", "--yes", "--version", version]
        subprocess.run([sys.executable, "-m", *command], cwd=ROOT, check=True)
    stale = {
        file: text
        for file, text in files().items()
        if not file.exists() or file.read_text() != text
    }
    for file, text in stale.items():
        print(f"{file.relative_to(ROOT)} {'is stale' if options.check else 'written'}")
        if not options.check:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
    if options.check and stale:
        sys.exit("./kam readme brings them up to date")


if __name__ == "__main__":
    main()
