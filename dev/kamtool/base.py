# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Places, progress on screen, errors in one line, and commands that leave a log."""

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STATE = ROOT / ".kam"
CACHE = (
    Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache").expanduser()
    / "kam"
)
LOG = STATE / "kam.log"

EXIT_OK = 0
EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_MISSING = 3


class KamError(Exception):
    """Something that the user has to know or do, in one line."""


@contextlib.contextmanager
def step(title):
    """Show what goes on and how long it took."""
    print(f"  {title} ...", end="", flush=True)
    start = time.monotonic()
    try:
        yield
    except BaseException:
        print(" failed", flush=True)
        raise
    print(f" done in {time.monotonic() - start:.0f} s", flush=True)


@contextlib.contextmanager
def lock(name="kam"):
    """Let one call at a time change the state of this checkout."""
    STATE.mkdir(parents=True, exist_ok=True)
    with open(STATE / f"{name}.lock", "w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("  another ./kam is at work here, waiting for it ...", flush=True)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def cache_lock(name):
    """Let one call at a time fill a part of the cache, from whichever checkout."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with open(CACHE / f"{name}.lock", "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def need_space(path, gigabytes, purpose):
    """Refuse early where the disk is too full.

    :raise KamError: with the place and what is needed
    """
    path.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(path).free / 1e9
    if free < gigabytes:
        raise KamError(
            f"no disk space: {purpose} needs {gigabytes:.1f} GB, "
            f"{path} has {free:.1f} GB"
        )


def digest(*parts):
    """Return a short hash of texts and of the content of files and folders."""
    total = hashlib.sha256()
    for part in parts:
        if isinstance(part, Path):
            files = [part] if part.is_file() else sorted(part.rglob("*"))
            for file in files:
                if file.is_file() and "__pycache__" not in file.parts:
                    total.update(str(file.relative_to(part.parent)).encode())
                    total.update(file.read_bytes())
        else:
            total.update(repr(part).encode())
    return total.hexdigest()[:16]


def file_sha256(path):
    """Return the SHA-256 of a file."""
    with open(path, "rb") as handle:
        return (
            hashlib.file_digest(handle, "sha256").hexdigest()
            if hasattr(hashlib, "file_digest")
            else hashlib.sha256(handle.read()).hexdigest()
        )


def run(command, failure, env=None, cwd=None, stdin=None):
    """Run a command; what it prints goes to the log.

    :param list command: program and arguments
    :param str failure: what to tell the user if it fails
    :raise KamError: in one line, with the command's last words
    """
    STATE.mkdir(parents=True, exist_ok=True)
    with open(LOG, "ab") as log:
        log.write(f"\n$ {' '.join(map(str, command))}\n".encode())
        log.flush()
        begin = log.tell()
        try:
            done = subprocess.run(
                [str(part) for part in command],
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=stdin or subprocess.DEVNULL,
                env=env,
                cwd=cwd,
            )
        except OSError as error:
            raise KamError(f"{failure}: {error.strerror or error}") from error
    if done.returncode:
        with open(LOG, "rb") as log:
            log.seek(begin)
            said = log.read().decode(errors="replace")
        raise KamError(f"{failure}: {explain(said)} (details in {LOG})")


def explain(output):
    """Find the line in a command's output that tells why it failed."""
    if "No space left on device" in output:
        return "no disk space"
    signs = (
        "Temporary failure",
        "Failed to establish a new connection",
        "Could not resolve",
        "Network is unreachable",
        "Could not connect",
        "Name or service not known",
    )
    if any(sign in output for sign in signs):
        return "no network; check the connection and call the same command again"
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    for line in reversed(lines):
        if "error" in line.lower() or line.startswith("E:"):
            return line[:200]
    return lines[-1][:200] if lines else "it said nothing"


def addons():
    """Return the folders of our addons, the main one first."""
    found = sorted(ROOT.glob("key_account_management*/__manifest__.py"))
    return [manifest.parent for manifest in found]


def may_install():
    """Tell whether packages of the system can be installed without asking."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    sudo = ["sudo", "-n"]
    if shutil.which("sudo") and not subprocess.call(
        [*sudo, "true"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ):
        return sudo
    return None


def install_packages(packages, purpose):
    """Install packages of the system, or tell which to install.

    :raise KamError: where the user may not
    """
    names = " ".join(packages)
    prefix = may_install()
    if prefix is None:
        raise KamError(
            f"{purpose} needs packages of your system, please install: {names}"
        )
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with step(f"installing {names}"):
        run([*prefix, "apt-get", "update"], "updating the package lists", env=env)
        run(
            [*prefix, "apt-get", "install", "-y", "--no-install-recommends", *packages],
            f"installing {names}",
            env=env,
        )


def say(message):
    """Print a line at once."""
    print(message, flush=True)
    sys.stdout.flush()
