# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""READMEs, Apps pages and the changelog are made from their fragments."""

import shutil
import sys

import make_readme
import pytest
from kamtool import base

RELEASE = "19.0.2.0.0"
MARK = "<!-- towncrier release notes start -->"
FILES = {
    "__manifest__.py": str({"name": "Key Accounts", "version": RELEASE}),
    "readme/DESCRIPTION.md": "Manages *key* accounts.\n\n"
    "![List](../static/description/list.png)\n\n<!-- a note\nfor authors -->\n",
    "readme/USAGE.md": "Open `Accounts`.\n",
    "readme/CONFIGURE.md": "Set a tier.\n",
    "readme/HISTORY.md": f"{MARK}\n\n## 19.0.1.0.0 (2026-01-01)\n\n- First.\n",
    "readme/newsfragments/7.bugfix.md": "Holds end on time.\n",
    "static/description/list.png": "",
}


@pytest.fixture(name="addon")
def fixture_addon(tmp_path, monkeypatch):
    """Return the addon of a small product, on which the tool works."""
    addon = tmp_path / "key_account_management"
    for path, text in FILES.items():
        (addon / path).parent.mkdir(parents=True, exist_ok=True)
        (addon / path).write_text(text)
    shutil.copy(base.ROOT / "pyproject.toml", tmp_path)
    monkeypatch.setattr(base, "ROOT", tmp_path)
    monkeypatch.setattr(make_readme, "ROOT", tmp_path)
    monkeypatch.setattr(make_readme, "HISTORY", addon / "readme" / "HISTORY.md")
    return addon


@pytest.fixture(name="make")
def fixture_make(addon, monkeypatch):
    """Return a function that calls the tool with options."""

    def make(*options):
        monkeypatch.setattr(sys, "argv", ["make_readme", *options])
        make_readme.main()

    return make


def test_readme_has_the_sections_in_order(addon, make):
    """Fragments become sections below the name; missing fragments have no heading."""
    make()
    text = (addon / "README.rst").read_text()
    assert text.startswith(".. Made by ./kam readme from the fragments in key_acc")
    parts = ["Key Accounts\n============", "Configuration\n", "Usage\n", "Changelog\n"]
    places = [text.index(part) for part in parts]
    assert places == sorted(places)
    assert "Contributors" not in text
    assert "for authors" not in text, "comments of the fragments aren't published"


def test_pictures_are_found_from_each_page(addon, make):
    """The same picture is linked relative to the README and to the Apps page."""
    make()
    assert ":: static/description/list.png" in (addon / "README.rst").read_text()
    page = (addon / "static" / "description" / "index.html").read_text()
    assert 'src="list.png"' in page


def test_check_names_stale_files_and_leaves_them(addon, make, capsys):
    """CI names the file that a changed fragment makes stale, and writes nothing."""
    make()
    make("--check")
    (addon / "readme" / "USAGE.md").write_text("Open `Tiers`.\n")
    before = (addon / "README.rst").read_text()
    capsys.readouterr()
    with pytest.raises(SystemExit, match="./kam readme brings them up to date"):
        make("--check")
    assert capsys.readouterr().out.splitlines() == [
        "key_account_management/README.rst is stale",
        "key_account_management/static/description/index.html is stale",
    ]
    assert (addon / "README.rst").read_text() == before
    make()
    make("--check")


def test_addon_without_description_is_refused(addon, make):
    """The message names the addon, and no file of any addon is written."""
    glue = addon.with_name("key_account_management_x")
    glue.mkdir()
    (glue / "__manifest__.py").write_text('{"name": "X"}')
    with pytest.raises(SystemExit, match="missing: key_account_management_x$"):
        make()
    assert not (addon / "README.rst").exists()


def test_release_moves_the_news_into_the_history(addon, make):
    """The news stand above the last release, and their fragments are gone."""
    make("--release")
    history = (addon / "readme" / "HISTORY.md").read_text()
    places = [
        history.index(text)
        for text in (MARK, "## 19.0.2.0.0 (", "Holds end on time", "## 19.0.1.0.0 (")
    ]
    assert places == sorted(places)
    assert not list((addon / "readme" / "newsfragments").glob("*.md"))
    for made in (addon / "README.rst", addon.parent / "CHANGELOG.rst"):
        assert "Holds end on time" in made.read_text()


def test_version_is_released_once(addon, make):
    """A forgotten version in the manifest doesn't use up the news."""
    make("--release")
    news = addon / "readme" / "newsfragments" / "8.feature.md"
    news.write_text("Tiers have colours.\n")
    with pytest.raises(SystemExit, match="19.0.2.0.0 is released: state the next"):
        make("--release")
    assert news.exists()
