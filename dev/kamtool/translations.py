# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Templates of translations from the code, and the languages brought in step."""

import difflib
import shutil
import subprocess
import tempfile
from pathlib import Path

from . import database
from .base import addons, say

LANGUAGES = ("de", "fr", "es")
EXPORT = """
from odoo.tools.translate import trans_export
with open("{path}", "wb") as target:
    trans_export(False, ["{module}"], target, "po", env)
"""


def export(addon, path):
    """Write what an addon has to translate into a file.

    From a database without demo data: its texts aren't the product's.

    :param Path addon: folder of the addon
    :param Path path: the .pot or .po to write
    """
    is_main = addon == addons()[0]
    name = database.ensure_addon(demo=False) if is_main else database.ensure_glue()
    command, env = database.odoo_command("shell", "-d", name, "--no-http")
    subprocess.run(
        command,
        input=EXPORT.format(path=path, module=addon.name).encode(),
        env=env,
        check=True,
        capture_output=True,
    )


def merge(template, file):
    """Bring a language in step with the template.

    A sentence that is gone goes; a new one that resembles it starts with its
    translation, marked as fuzzy.

    :param template: ``polib.POFile`` of the template
    :param Path file: the language
    :return: number of sentences to be translated
    """
    import polib

    old = polib.pofile(str(file)) if file.exists() else polib.POFile()
    known = {entry.msgid: entry for entry in old if entry.msgstr}
    wanted = {entry.msgid for entry in template}
    gone = [msgid for msgid in known if msgid not in wanted]
    new = polib.POFile(wrapwidth=0)
    new.header = old.header or template.header
    new.metadata = {**template.metadata, **old.metadata, "Language": file.stem}
    missing = 0
    for entry in template:
        twin = polib.POEntry(
            msgid=entry.msgid,
            occurrences=entry.occurrences,
            comment=entry.comment,
            flags=list(entry.flags),
        )
        if entry.msgid in known:
            twin.msgstr = known[entry.msgid].msgstr
            fuzzy = "fuzzy" in known[entry.msgid].flags
        else:
            like = difflib.get_close_matches(entry.msgid, gone, 1, 0.6)
            twin.msgstr = known[like[0]].msgstr if like else ""
            fuzzy = bool(like)
        if fuzzy:
            twin.flags.append("fuzzy")
        missing += fuzzy or not twin.msgstr
        new.append(twin)
    new.save(str(file))
    return missing


def bring_in_step():
    """Export the templates of all addons and merge all languages."""
    import polib

    # All exports first: what is written into an addon makes its database stale.
    with tempfile.TemporaryDirectory() as exported:
        for addon in addons():
            export(addon, Path(exported, addon.name))
        for addon in addons():
            folder = addon / "i18n"
            folder.mkdir(exist_ok=True)
            path = folder / f"{addon.name}.pot"
            shutil.copyfile(Path(exported, addon.name), path)
            template = polib.pofile(str(path))
            for language in LANGUAGES:
                missing = merge(template, folder / f"{language}.po")
                say(f"  {addon.name} {language}: {missing} to translate")
