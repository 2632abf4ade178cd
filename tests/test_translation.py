# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""German, French and Spanish translations are complete and up to date."""

import re

import polib
import pytest
from kamtool import base, translations

MARKS = re.compile(r"%\([a-z_]+\)|%s|%d|%%|\{\{[^}]*\}\}|</?\w+")


def marks(text):
    """Return the placeholders and tags that a translation has to keep, in any order."""
    return sorted(MARKS.findall(text))


@pytest.mark.parametrize("addon", base.addons(), ids=lambda folder: folder.name)
def test_template_is_in_step_with_the_code(addon, tmp_path):
    """The template contains exactly the texts of the code."""
    exported = tmp_path / "exported.po"
    translations.export(addon, exported)
    template = polib.pofile(str(addon / "i18n" / f"{addon.name}.pot"))
    assert {e.msgid for e in polib.pofile(str(exported))} == {e.msgid for e in template}


@pytest.mark.parametrize("language", translations.LANGUAGES)
@pytest.mark.parametrize("addon", base.addons(), ids=lambda folder: folder.name)
def test_translation_is_complete(addon, language):
    """All texts are translated, with all their placeholders and tags."""
    file = addon / "i18n" / f"{language}.po"
    translated = {e.msgid: e.msgstr for e in polib.pofile(str(file)) if not e.fuzzy}
    for entry in polib.pofile(str(addon / "i18n" / f"{addon.name}.pot")):
        text = translated.get(entry.msgid)
        assert text, f"not translated: {entry.msgid}"
        assert marks(entry.msgid) == marks(text), entry.msgid
