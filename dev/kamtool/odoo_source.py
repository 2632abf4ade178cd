# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Odoo 19 itself: the user's own, or Debian's package unpacked in the cache."""

import glob
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import NamedTuple

from . import python_env
from .base import (
    CACHE,
    KamError,
    cache_lock,
    file_sha256,
    need_space,
    run,
    say,
    step,
)

DEBIAN_PACKAGES = (
    "odoo-19",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-roboto-unhinted",
    "fonts-glyphicons-halflings",
    "fonts-dejavu-core",
    "fonts-inconsolata",
)
SUITE = "sid"
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
# Font Awesome 4 has left Debian, the web client draws its icons with it.
ICON_FONT = "XStatic-Font-Awesome==4.7.0.0"
# Debian leaves this file out for its licence form; backend tours stop without it.
SELFIE = "@mediapipe/selfie_segmentation@0.1.1675465747"
SELFIE_PLACEHOLDER = (
    "// Placeholder: the background of camera pictures can't be blurred in calls.\n"
    "window.SelfieSegmentation = class { setOptions() {} onResults() {} };\n"
)
GIT_REPOSITORY = "https://github.com/odoo/odoo"


class Odoo(NamedTuple):
    """Where an Odoo stands: its program, its addons, and its Python path."""

    program: Path
    addons: tuple
    pythonpath: str
    version: str


@cache
def ensure():
    """Return the Odoo to use; fetch it first where the user names none."""
    own = os.environ.get("KAM_ODOO")
    if own:
        return find_in(Path(own).expanduser().resolve())
    python = python_env.ensure()
    root = CACHE / "odoo-19.0"
    stamp = root / ".complete"
    if not stamp.exists():
        with cache_lock("odoo"):
            if not stamp.exists():
                fetch(root, python)
                stamp.touch()
    return find_in(root)


def find_in(place):
    """Find Odoo in a source checkout, in an unpacked package, or as installed.

    :raise KamError: where there is none, or another version
    """
    packages = place / "usr/lib/python3/dist-packages"
    for base, program in (
        (packages, place / "usr/bin/odoo"),
        (place, place / "odoo-bin"),
        (place, place / "odoo" / "__main__.py"),
        (place.parent.parent / "lib/python3/dist-packages", place),
    ):
        release = base / "odoo" / "release.py"
        if release.exists() and program.is_file():
            values = {}
            exec(release.read_text(), values)
            if values["version_info"][0] != 19:
                raise KamError(f"{place} is Odoo {values['version']}, 19.0 is needed")
            folders = [base / "addons", base / "odoo" / "addons"]
            return Odoo(
                program,
                tuple(
                    str(f)
                    for f in folders
                    if (f / "base").is_dir() or (f / "sale").is_dir()
                ),
                str(base),
                values["version"],
            )
    raise KamError(f"no Odoo 19 found in {place} (KAM_ODOO)")


def fetch(root, python):
    """Download Odoo, unpack it beside its final place, and move it there whole."""
    need_space(CACHE, 3, "Odoo 19")
    building = root.with_name(root.name + ".building")
    shutil.rmtree(building, ignore_errors=True)
    shutil.rmtree(root, ignore_errors=True)
    uri = debian_uri()
    if uri and shutil.which("dpkg-deb"):
        with step("downloading Odoo 19"):
            packages = download(uri)
        with step("unpacking Odoo 19"):
            for package in packages:
                run(["dpkg-deb", "-x", package, building], "unpacking Odoo 19")
            complete(building, python)
    elif shutil.which("git"):
        with step("cloning Odoo 19"):
            run(
                [
                    "git",
                    "clone",
                    "--depth",
                    "1",
                    "--branch",
                    "19.0",
                    GIT_REPOSITORY,
                    building,
                ],
                "cloning Odoo 19",
            )
    else:
        raise KamError("fetching Odoo 19 needs apt-get or git, please install git")
    building.rename(root)


def debian_uri():
    """Return the address of Debian's archive from this machine's own configuration."""
    if not shutil.which("apt-get") or not Path(KEYRING).exists():
        return None
    done = subprocess.run(
        [
            "apt-get",
            "indextargets",
            "--format",
            "$(ORIGIN)|$(REPO_URI)",
            "Created-By: Packages",
        ],
        capture_output=True,
        text=True,
    )
    for line in done.stdout.splitlines():
        origin, _bar, uri = line.partition("|")
        if origin == "Debian" and "security" not in uri:
            return uri
    return configured_uri()


def configured_uri():
    """Read the address from apt's files where no list was ever downloaded."""
    for file in ["/etc/apt/sources.list", *glob.glob("/etc/apt/sources.list.d/*")]:
        if not os.path.isfile(file):
            continue
        for line in Path(file).read_text(errors="replace").splitlines():
            for word in line.split():
                if "://" in word and word.rstrip("/").endswith("/debian"):
                    return word
    return None


def download(uri):
    """Return the package files, each downloaded whole and checked.

    apt checks signatures as it downloads; the sums kept beside the files tell later
    whether one was damaged since.
    """
    folder = CACHE / "debian"
    folder.mkdir(parents=True, exist_ok=True)
    sums = folder / "SHA256SUMS"
    known = {}
    if sums.exists():
        for line in sums.read_text().splitlines():
            value, _space, name = line.partition("  ")
            known[name] = value
    files = [folder / name for name in known]
    if len(files) == len(DEBIAN_PACKAGES) and all(
        file.exists() and file_sha256(file) == known[file.name] for file in files
    ):
        return files
    for old in folder.glob("*.deb"):
        old.unlink()
    sums.unlink(missing_ok=True)
    options = apt_options(folder, uri)
    run(["apt-get", *options, "update"], "reading Debian's package lists")
    run(
        ["apt-get", *options, "download", *DEBIAN_PACKAGES],
        "downloading Odoo 19",
        cwd=folder,
    )
    files = sorted(folder.glob("*.deb"))
    partial = sums.with_suffix(".partial")
    partial.write_text("".join(f"{file_sha256(f)}  {f.name}\n" for f in files))
    partial.rename(sums)
    return files


def apt_options(folder, uri):
    """Give apt lists and a cache of its own, so that no right is needed."""
    private = folder / "apt"
    for name in ("lists/partial", "cache/archives/partial"):
        (private / name).mkdir(parents=True, exist_ok=True)
    sources = private / "sources.list"
    sources.write_text(f"deb [signed-by={KEYRING}] {uri} {SUITE} main\n")
    values = {
        "Dir::State::Lists": private / "lists",
        "Dir::Etc::sourcelist": sources,
        "Dir::Etc::sourceparts": "/dev/null",
        "Dir::Cache": private / "cache",
        "APT::Sandbox::User": "root",
        "Acquire::Retries": "2",
    }
    return [part for key, value in values.items() for part in ("-o", f"{key}={value}")]


def complete(root, python):
    """Put in what Debian's package leaves out, so that the web client is whole."""
    odoo_addons = root / "usr/lib/python3/dist-packages/odoo/addons"
    fonts = root / "icon-font"
    run(
        [python, "-m", "pip", "install", "--no-deps", "--target", fonts, ICON_FONT],
        "downloading the icon font",
    )
    by_name = {file.name: file for file in fonts.rglob("fonts/*") if file.is_file()}
    for link in odoo_addons.glob("web/static/**/*"):
        # Links that lead to another version's fonts are as useless as broken ones.
        if link.is_symlink() and link.name in by_name:
            link.unlink()
            shutil.copy(by_name[link.name], link)
    script = odoo_addons / "mail/static/lib/selfie_segmentation/selfie_segmentation.js"
    if not script.exists():
        script.parent.mkdir(parents=True, exist_ok=True)
        script.write_text(selfie_script(root))


def selfie_script(root):
    """Return the script from its npm package, or a placeholder where npm is missing."""
    if shutil.which("npm"):
        folder = root / "npm"
        folder.mkdir(exist_ok=True)
        try:
            run(["npm", "pack", SELFIE], "downloading the camera script", cwd=folder)
            run(
                ["tar", "xzf", *folder.glob("*.tgz")],
                "unpacking the camera script",
                cwd=folder,
            )
            return (folder / "package" / "selfie_segmentation.js").read_text()
        except KamError as error:
            say(f"\n  {error}; a placeholder takes its place")
    return SELFIE_PLACEHOLDER
