# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Databases from templates: built once, copied in a second, rebuilt when stale."""

import ast
import os
import shutil
import subprocess

from . import odoo_source, postgres, python_env
from .base import LOG, ROOT, STATE, KamError, addons, digest, explain, need_space, step

DATA_DIR = STATE / "data"
CORE_MODULES = (
    "sale_management",
    "sale_loyalty",
    "sale_crm",
    "account",
    "sale_margin",
    "calendar",
    "portal",
    "rating",
)
LANGUAGE = "de_DE"
# Not by --load-language, which would make it the administrator's language as well.
ADD_LANGUAGE = f"""
language = env["res.lang"]._activate_lang("{LANGUAGE}")
wizard = env["base.language.install"].create({{"lang_ids": [(6, 0, language.ids)]}})
wizard.lang_install()
env.cr.commit()
"""


def odoo_command(*arguments, addons_path=None):
    """Return the command and environment that run our Odoo with these arguments.

    :param str addons_path: to use instead of Odoo's folders and this checkout
    """
    odoo = odoo_source.ensure()
    connection = postgres.ensure()
    python = python_env.ensure()
    path = os.pathsep.join([str(python.parent), os.environ.get("PATH", "")])
    env = {**os.environ, **connection, "PATH": path, "PYTHONPATH": odoo.pythonpath}
    folders = [*odoo.addons, str(ROOT), str(ROOT / "dev" / "addons")]
    command = [
        str(python),
        str(odoo.program),
        *map(str, arguments),
        f"--addons-path={addons_path or ','.join(folders)}",
        f"--data-dir={DATA_DIR}",
        "--http-interface=127.0.0.1",
    ]
    return command, env


def run_odoo(arguments, failure, log=LOG, script="", addons_path=None):
    """Run Odoo to its end, its output in a log; a script goes to its shell.

    :raise KamError: with the first error in the log
    """
    command, env = odoo_command(*arguments, addons_path=addons_path)
    STATE.mkdir(exist_ok=True)
    with open(log, "ab") as handle:
        begin = handle.tell()
        done = subprocess.run(
            command,
            stdout=handle,
            stderr=subprocess.STDOUT,
            input=script.encode(),
            env=env,
        )
    with open(log, "rb") as handle:
        handle.seek(begin)
        said = handle.read().decode(errors="replace")
    if done.returncode:
        raise KamError(f"{failure}: {explain(said)} (details in {log})")
    return said


def exists(name):
    """Tell whether a database is there."""
    return bool(postgres.sql(f"SELECT 1 FROM pg_database WHERE datname = '{name}'"))


def drop(name):
    """Drop a database with its files, even while others are connected to it."""
    postgres.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    shutil.rmtree(DATA_DIR / "filestore" / name, ignore_errors=True)


def copy(source, target):
    """Copy a database with its files (linked: Odoo never changes a stored file)."""
    drop(target)
    need_space(STATE, 0.5, "a copy of the database")
    postgres.sql(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')
    files = DATA_DIR / "filestore" / source
    if files.is_dir():
        shutil.copytree(files, DATA_DIR / "filestore" / target, copy_function=os.link)


def rename(source, target):
    """Give a finished database its final name."""
    drop(target)
    postgres.sql(f'ALTER DATABASE "{source}" RENAME TO "{target}"')
    files = DATA_DIR / "filestore" / source
    if files.is_dir():
        files.rename(DATA_DIR / "filestore" / target)


def stamp_path(name):
    return STATE / "stamps" / name


def is_current(name, key):
    """Tell whether a database is there and made of what the key stands for."""
    stamp = stamp_path(name)
    return stamp.exists() and stamp.read_text() == key and exists(name)


def set_stamp(name, key):
    """Remember what a database was made of."""
    stamp_path(name).parent.mkdir(parents=True, exist_ok=True)
    stamp_path(name).write_text(key)


def core_key(demo):
    odoo = odoo_source.ensure()
    # The list of modules, with its categories, is part of the database.
    known = python_env.ADDONS, [folder.name for folder in addons()]
    return digest(odoo.version, odoo.pythonpath, CORE_MODULES, demo, LANGUAGE, *known)


def addon_key(demo):
    """Return the key of the template with our addon and those that come with it."""
    return digest(core_key(demo), *contents(addons()[0], *companions()))


def companions():
    """Return the folders of our addons that install themselves with the main one."""
    main = addons()[0]
    found = []
    for addon in addons()[1:]:
        manifest = ast.literal_eval((addon / "__manifest__.py").read_text())
        if manifest.get("auto_install") and manifest["depends"] == [main.name]:
            found.append(addon)
    return found


def contents(*folders):
    """Return what of addons a database is made of: not their tests and readmes."""
    left_out = ("tests", "readme", "__pycache__")
    return [
        path
        for folder in folders
        for path in sorted(folder.iterdir())
        if path.name not in left_out
    ]


def ensure_core(demo=True):
    """Return the template with Odoo's modules alone, made where it is missing."""
    name = "kam_core_demo" if demo else "kam_core"
    key = core_key(demo)
    if not is_current(name, key):
        with step(f"database with Odoo's modules{' and demo data' if demo else ''}"):
            building = f"{name}_building"
            drop(building)
            run_odoo(
                [
                    "server",
                    "-d",
                    building,
                    "-i",
                    ",".join(CORE_MODULES),
                    *(["--with-demo"] if demo else []),
                    "--stop-after-init",
                    "--no-http",
                ],
                "installing Odoo's modules",
            )
            run_odoo(
                ["shell", "-d", building, "--no-http"],
                "adding German",
                script=ADD_LANGUAGE,
            )
            rename(building, name)
            set_stamp(name, key)
    return name


def ensure_addon(demo=True):
    """Return the template with our addon, made again when its files have changed."""
    name = "kam_addon_demo" if demo else "kam_addon"
    key = addon_key(demo)
    if not is_current(name, key):
        core = ensure_core(demo)
        with step(f"database with the addon{' and its demo data' if demo else ''}"):
            building = f"{name}_building"
            copy(core, building)
            install(building, demo)
            rename(building, name)
            set_stamp(name, key)
    return name


def ensure_glue():
    """Return the template with our addon and those that glue it to others."""
    name = "kam_glue"
    key = digest(addon_key(False), *contents(*addons()[1:]))
    if not is_current(name, key):
        main = ensure_addon(demo=False)
        with step("database with the glue addons"):
            building = f"{name}_building"
            copy(main, building)
            install(building, demo=False, folders=addons()[1:])
            rename(building, name)
            set_stamp(name, key)
    return name


def install(name, demo=True, folders=None):
    """Install our addon (the main one without ``folders``) into a database.

    :raise KamError: also for warnings in the log, which no user should see
    """
    modules = ",".join(folder.name for folder in folders or addons()[:1])
    said = run_odoo(
        [
            "server",
            "-d",
            name,
            "-i",
            modules,
            *(["--with-demo"] if demo else []),
            "--stop-after-init",
            "--no-http",
        ],
        "installing the addon",
    )
    complaints = [
        line
        for line in said.splitlines()
        if f" {name} " in line and (" WARNING " in line or " ERROR " in line)
    ]
    if complaints:
        raise KamError(f"installing the addon: {complaints[0][:300]}")
