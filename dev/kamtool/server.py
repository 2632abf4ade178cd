# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The web server of ``./kam run``: started in the background, found again, stopped."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

from . import database, postgres
from .base import STATE, KamError, step

DATABASE = "kam"
RUNNING = STATE / "server.json"
SERVER_LOG = STATE / "odoo.log"


def running():
    """Return what is known of the running server, or None."""
    try:
        known = json.loads(RUNNING.read_text())
    except (OSError, ValueError):
        return None
    return known if is_our_process(known["pid"]) else None


def is_our_process(pid):
    """Tell whether a process is an Odoo of this checkout (numbers are reused)."""
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as handle:
            return str(database.DATA_DIR).encode() in handle.read()
    except OSError:
        return False


def check_port(port):
    """Refuse a port that something else listens on.

    :raise KamError: with the way out
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise KamError(
                f"port {port} is in use; choose another with ./kam run --port N"
            ) from error


def free_port():
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def launch(name, port, log, extra=(), crons=True):
    """Start an Odoo server process on a database and return it at once."""
    arguments = [
        "server",
        "-d",
        name,
        "--db-filter",
        f"^{name}$",
        f"--http-port={port}",
        f"--gevent-port={free_port()}",
        *extra,
    ]
    if not crons:
        arguments.append("--max-cron-threads=0")
    command, env = database.odoo_command(*arguments)
    with open(log, "ab") as handle:
        return subprocess.Popen(
            command,
            stdout=handle,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env=env,
            start_new_session=True,
        )


def wait_until_up(process, port, log, seconds=120):
    """Wait until the web client answers.

    :raise KamError: where the process ends or takes too long
    """
    address = f"http://127.0.0.1:{port}/web/login"
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            raise KamError(f"the server ended while starting (its log: {log})")
        with contextlib.suppress(urllib.error.URLError, OSError):
            with urllib.request.urlopen(address, timeout=20) as answer:
                if answer.status == 200:
                    return
        time.sleep(0.5)
    raise KamError(f"the server does not answer (its log: {log})")


def run(port, demo):
    """Bring everything up and serve the web client; return its port."""
    known = running()
    if known and known["key"] == database.addon_key(known["demo"]):
        postgres.ensure()
        return known
    if known:
        stop_server()
    check_port(port)
    key = database.addon_key(demo)
    if not database.is_current(DATABASE, key):
        if database.exists(DATABASE) and database.stamp_path(DATABASE).exists():
            with step("upgrading your database to the changed addon"):
                database.run_odoo(
                    [
                        "server",
                        "-d",
                        DATABASE,
                        "-u",
                        "key_account_management",
                        "--stop-after-init",
                        "--no-http",
                    ],
                    "upgrading the database (./kam reset starts afresh)",
                )
        else:
            database.copy(database.ensure_addon(demo), DATABASE)
        database.set_stamp(DATABASE, key)
    with step("starting the server"):
        process = launch(DATABASE, port, SERVER_LOG)
        try:
            wait_until_up(process, port, SERVER_LOG)
        except BaseException:
            process.kill()
            raise
    known = {"pid": process.pid, "port": port, "demo": demo, "key": key}
    RUNNING.write_text(json.dumps(known))
    return known


def stop_server():
    """Stop the web server; tell whether one was running."""
    known = running()
    if known:
        end_process(known["pid"])
    RUNNING.unlink(missing_ok=True)
    return bool(known)


def end_process(pid, seconds=15):
    """End a server process, gently first."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
            os.kill(pid, 0)
            time.sleep(0.1)
        os.kill(pid, signal.SIGKILL)
