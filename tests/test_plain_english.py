# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Texts, docstrings and comments in words that a native colleague would use."""

import re
from pathlib import Path

import pytest
from kamtool import base

#: What sounds translated, dated or leaves readers out -> what to write instead.
INSTEAD = {
    r"nobody|no-one": "no one, or turn the sentence round",
    r"who(so)?ever": "anyone who, users who",
    r"anew": "again",
    r"shall": "must, or the plain present",
    r"reckon(s|ed|ing)?": "calculate, count",
    r"by heart": "cached",
    r"he|his|him|himself": "they, their, or name the role",
    r"articles?": "product",
    r"cares? for all accounts": "has access to all accounts",
    r"waits? for nobody": "is not awaiting",
    r"in spite of": "although, despite",
    r"so many (days|months|points|percent)": "this many",
}
FOLDERS = sorted(base.ROOT.glob("key_account_management*"))
OTHERS = ("bench", "dev", "doc", "tests")
KINDS = ("*.py", "*.xml", "*.js", "*.rst", "*.md")


def texts():
    """Return what people read: code, tests, views, guides; but no translations."""
    files = [
        file
        for folder in (*FOLDERS, *(base.ROOT / name for name in OTHERS))
        for kind in KINDS
        for file in folder.rglob(kind)
        if not {"i18n", "demo", "lib", "node_modules"} & set(file.parts)
        and not file.stem.endswith("_de")
        and file != Path(__file__).resolve()
    ]
    return [*files, base.ROOT / "README.rst", base.ROOT / "CHANGELOG.rst"]


@pytest.mark.parametrize("words", INSTEAD)
def test_no_translated_turns(words):
    """No text contains a listed phrase; each hit is reported with its line."""
    pattern = re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
    found = [
        f"{file.relative_to(base.ROOT)}:{number}: {line.strip()[:90]}"
        for file in texts()
        for number, line in enumerate(file.read_text().splitlines(), start=1)
        if pattern.search(line)
    ]
    assert not found, f"write: {INSTEAD[words]}\n" + "\n".join(found)


def test_finds_something():
    """The check reads all the files, including tests and benchmarks."""
    assert len(texts()) > 300
