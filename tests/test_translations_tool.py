# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Languages are brought in step with the template without losing work."""

import polib
import pytest
from kamtool import translations


@pytest.fixture(name="merge")
def fixture_merge(tmp_path):
    """Return a function that merges sentences into German; it reads the file again."""

    def merge(template, german=None, metadata=None):
        file = tmp_path / "de.po"
        pot, old = polib.POFile(), polib.POFile()
        pot.metadata = {"Project-Id-Version": "Odoo 19", "Language": ""}
        pot.extend(template)
        if german is not None:
            old.metadata = metadata or {}
            old.extend(german)
            old.save(str(file))
        missing = translations.merge(pot, file)
        return missing, polib.pofile(str(file))

    return merge


def entry(msgid, msgstr="", **values):
    """Return one sentence of a file."""
    return polib.POEntry(msgid=msgid, msgstr=msgstr, **values)


def test_unchanged_sentence_keeps_its_translation(merge):
    """Places and comments come from the template, the text from the language."""
    new = entry("Tier", occurrences=[("model:x", "0")], comment="module: kam")
    old = entry("Tier", "Stufe", occurrences=[("model:old", "0")], comment="old")
    missing, (found,) = merge([new], [old])
    assert missing == 0
    assert (found.msgstr, found.fuzzy) == ("Stufe", False)
    assert found.occurrences == [("model:x", "0")]
    assert found.comment == "module: kam"


def test_reworded_sentence_starts_with_the_old_translation(merge):
    """A translator sees the old text, and Odoo doesn't load it before it is checked."""
    missing, (found,) = merge(
        [entry("The account is on hold.")],
        [entry("The account was on hold.", "Das Konto war gesperrt.")],
    )
    assert missing == 1
    assert (found.msgstr, found.fuzzy) == ("Das Konto war gesperrt.", True)


def test_new_sentence_does_not_borrow_from_one_that_stays(merge):
    """Only the translation of a sentence that is gone is reused."""
    missing, found = merge(
        [entry("Open complaints"), entry("Open complaint")],
        [entry("Open complaints", "Offene Reklamationen")],
    )
    assert missing == 1
    assert [(each.msgstr, each.fuzzy) for each in found] == [
        ("Offene Reklamationen", False),
        ("", False),
    ]


def test_sentence_that_is_gone_disappears(merge):
    """Texts that the code no longer has don't pile up, not even as obsolete ones."""
    missing, found = merge([entry("Tier")], [entry("Tier", "Stufe"), entry("Q", "F")])
    assert missing == 0
    assert [each.msgid for each in found] == ["Tier"]
    assert not found.obsolete_entries()


def test_fuzzy_sentence_still_counts_as_missing(merge):
    """A second run doesn't turn a guess into a translation, or mark it twice."""
    template = [entry("Hold %s", flags=["python-format"])]
    missing, found = merge(template, [entry("Hold %s", "Sperre %s", flags=["fuzzy"])])
    assert missing == 1
    assert found[0].flags == ["python-format", "fuzzy"]
    missing, found = merge(template, found)
    assert missing == 1
    assert found[0].flags == ["python-format", "fuzzy"]


def test_language_that_is_new_begins_empty(merge):
    """The first run makes the file, with the language from its name."""
    missing, found = merge([entry("Tier"), entry("Hold")])
    assert missing == 2
    assert [each.msgstr for each in found] == ["", ""]
    assert found.metadata["Language"] == "de"
    assert found.metadata["Project-Id-Version"] == "Odoo 19"


def test_metadata_of_the_language_win(merge):
    """Translators' names and plural forms aren't replaced by the template's."""
    own = {"Last-Translator": "Team", "Project-Id-Version": "KAM", "Language": "xx"}
    _, found = merge([entry("Tier")], [entry("Tier", "Stufe")], own)
    assert found.metadata == {**own, "Language": "de"}
