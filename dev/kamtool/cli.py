# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The command line of ``./kam``."""

import argparse
import json
import os
import subprocess
import sys
import time

from . import (
    core_tests,
    database,
    lint,
    measure,
    odoo_source,
    odoo_tests,
    postgres,
    python_env,
    server,
)
from .base import (
    EXIT_FAILED,
    EXIT_MISSING,
    EXIT_OK,
    ROOT,
    KamError,
    lock,
    say,
    step,
)

PYTEST_NUMBERS = server.STATE / "pytest.numbers"
EPILOG = """exit codes: 0 all is well, 1 tests or checks failed, 2 wrong usage,
3 something is missing (the last line says what).

environment: KAM_ODOO (an Odoo 19 of yours), PGHOST, PGPORT, PGUSER, PGPASSWORD (a
PostgreSQL of yours), KAM_PYTHON (which Python), XDG_CACHE_HOME (downloads)."""


def parser():
    """Describe the commands."""
    main_parser = argparse.ArgumentParser(
        prog="./kam",
        description="Run and test Key Account Management for Odoo 19.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = main_parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="set up everything and serve the web client")
    run.add_argument("--port", type=int, default=8069)
    run.add_argument("--no-demo", action="store_true", help="without demo data")
    commands.add_parser("stop", help="stop the web server and the database")
    commands.add_parser("reset", help="stop, and throw the databases away")
    commands.add_parser("shell", help="Odoo shell; reads a script from standard input")
    odoo = commands.add_parser("odoo", help="run odoo with these arguments")
    odoo.add_argument("arguments", nargs=argparse.REMAINDER)
    test = commands.add_parser("test", help="set up, and run the tests")
    test.add_argument(
        "selection",
        nargs="*",
        help="odoo, pytest, a file or test of tests/, a test file of an addon, "
        "or an Odoo tag (/addon:Class)",
    )
    test.add_argument(
        "--core",
        metavar="MODULE,...",
        help="Odoo's own tests of these modules, with and without the addon, compared",
    )
    test.add_argument(
        "--coverage",
        action="store_true",
        help="measure which lines of the addons the tests in Odoo's runner reach",
    )
    style = commands.add_parser("lint", help="check the style of the code")
    style.add_argument(
        "checks", nargs="*", metavar="check", help=f"of {', '.join(lint.checks())}"
    )
    style.add_argument("--fix", action="store_true", help="mend first what tools can")
    texts = commands.add_parser("readme", help="make READMEs from the addons' readme/")
    texts.add_argument("--check", action="store_true", help="only name what is stale")
    texts.add_argument(
        "--release",
        action="store_true",
        help="move the news into the history, under the version of the manifest",
    )
    commands.add_parser("translate", help="export texts, bring languages in step")
    commands.add_parser("screenshots", help="take the pictures of the README again")
    bench = commands.add_parser("bench", help="measure against stated baselines")
    bench.add_argument("names", nargs="*")
    bench.add_argument("--json", metavar="FILE")
    return main_parser


def main():
    """Carry out the command line; return the exit code."""
    options = parser().parse_args()
    command = globals()[f"command_{options.command}"]
    try:
        return command(options)
    except KamError as error:
        say(f"kam: {error}")
        return EXIT_MISSING
    except OSError as error:
        if error.errno == 28:
            say("kam: no disk space")
            return EXIT_MISSING
        raise
    except KeyboardInterrupt:
        say("\nkam: stopped; the same command goes on from here")
        return 130


def command_run(options):
    """Serve the web client."""
    with lock():
        known = server.run(options.port, not options.no_demo)
    say(f"\n  http://localhost:{known['port']}   login: admin   password: admin")
    say("  ./kam stop ends it, ./kam reset starts afresh")
    return EXIT_OK


def command_stop(options):
    """Stop the web server and the embedded database."""
    with lock():
        was_running = server.stop_server()
        postgres.stop()
    say("stopped" if was_running else "nothing was running")
    return EXIT_OK


def command_reset(options):
    """Throw away the databases that ./kam has made."""
    with lock():
        server.stop_server()
        if not postgres.is_external():
            postgres.ensure()
        names = postgres.sql("SELECT datname FROM pg_database WHERE datname ~ '^kam'")
        for (name,) in names:
            database.drop(name)
            database.stamp_path(name).unlink(missing_ok=True)
        postgres.stop()
    say("the databases are gone; ./kam run makes new ones")
    return EXIT_OK


def command_shell(options):
    """Open Odoo's shell on the database of ./kam run."""
    return odoo_on_own_database(["shell", "-d", server.DATABASE, "--no-http"])


def command_odoo(options):
    """Run odoo as the tool would."""
    return odoo_on_own_database(options.arguments)


def odoo_on_own_database(arguments):
    """Run odoo in the foreground, on the database of ./kam run where none is named."""
    with lock():
        if server.DATABASE in arguments and not database.exists(server.DATABASE):
            database.copy(database.ensure_addon(), server.DATABASE)
            database.set_stamp(server.DATABASE, database.addon_key(True))
        command, env = database.odoo_command(*arguments)
    return subprocess.call(command, env=env)


def command_test(options):
    """Run the tests and close with the numbers.

    A database server that was started for it is stopped again: nothing that ./kam test
    started outlives it.
    """
    with lock():
        was_running = postgres.is_external() or postgres.is_running()
        try:
            odoo_tests.ensure_system_tools()
            if options.core:
                modules = [name for name in options.core.split(",") if name]
                return EXIT_FAILED if core_tests.compare(modules) else EXIT_OK
            if options.coverage:
                measure.begin()
            passed, failed, seconds = run_tests(
                *sort_selection(options.selection), options.coverage
            )
            odoo_tests.show_slowest(*seconds)
            if options.coverage:
                measure.report()
        finally:
            if not was_running:
                postgres.stop()
    say(f"{passed} passed, {failed} failed")
    return EXIT_FAILED if failed or not passed else EXIT_OK


def run_tests(odoo_tags, pytest_arguments, coverage=False):
    """Run both runners, or the one that is wanted.

    :return: numbers passed and failed, and the seconds of each test class by runner
    """
    numbers, beside = [], None
    if odoo_tags is not None:
        selection = ",".join(odoo_tags)
        odoo_tests.prepare(selection)
        # Both wait for servers most of the time: side by side they take half as long.
        if pytest_arguments is not None:
            beside = start_pytest(pytest_arguments, server.STATE / "pytest.log")
        try:
            numbers.append(odoo_tests.addon_tests(selection, coverage))
        except BaseException:
            if beside:
                beside.terminate()
            raise
    if pytest_arguments is not None:
        say("  the whole product, by pytest:")
        numbers.append(finish_pytest(beside or start_pytest(pytest_arguments)))
    passed, failed, seconds = zip(*numbers, strict=True)
    return sum(passed), sum(failed), seconds


def sort_selection(selection):
    """Split what was selected into tags for Odoo and arguments for pytest.

    :return: two lists; None where that runner is not to run
    """
    if not selection:
        return [], []
    odoo_tags, pytest_arguments = [], []
    runs = {"odoo": False, "pytest": False}
    for item in selection:
        item = item.removeprefix("./")
        if item in runs:
            runs[item] = True
        elif item.startswith("tests"):
            pytest_arguments.append(item)
        elif item.endswith(".py"):
            odoo_tags.append(f"/{item}")
        else:
            odoo_tags.append(item)
    return (
        odoo_tags if odoo_tags or runs["odoo"] else None,
        pytest_arguments if pytest_arguments or runs["pytest"] else None,
    )


def start_pytest(arguments, log=None):
    """Start the tests of the whole product, into a log where one is given."""
    python = python_env.ensure()
    odoo_source.ensure()
    PYTEST_NUMBERS.unlink(missing_ok=True)
    env = {
        **os.environ,
        "KAM_PYTEST_NUMBERS": str(PYTEST_NUMBERS),
        "PATH": os.pathsep.join([str(python.parent), os.environ.get("PATH", "")]),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [str(python), "-m", "pytest", *(arguments or ["tests"])]
    with open(log or os.devnull, "wb") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output if log else None,
            stderr=subprocess.STDOUT if log else None,
        )
    process.log = log
    return process


def finish_pytest(process):
    """Show what pytest has said and says until its end; return what it counted."""
    if process.log:
        with open(process.log, errors="replace") as output:
            while process.poll() is None:
                print(output.read(), end="", flush=True)
                time.sleep(0.5)
            print(output.read(), end="", flush=True)
    code = process.wait()
    try:
        passed, failed, seconds = json.loads(PYTEST_NUMBERS.read_text())
    except (OSError, ValueError):
        return 0, 1, {}
    return passed, failed or int(code != 0), seconds


def command_lint(options):
    """Check the style of everything, or by the checks that are named."""
    unknown = set(options.checks) - set(lint.checks())
    if unknown:
        raise KamError(f"no such check: {', '.join(sorted(unknown))}")
    failed = 0
    for name in options.checks or lint.checks():
        with step(name):
            complaints = lint.run_check(name, mend=options.fix)
        if complaints:
            failed += 1
            say(complaints)
    return EXIT_FAILED if failed else EXIT_OK


def command_readme(options):
    """Make READMEs, Apps pages and changelog from their fragments."""
    flags = [f"--{name}" for name in ("check", "release") if getattr(options, name)]
    return call_script("make_readme.py", *flags)


def command_translate(options):
    """Export what is to translate and bring the languages in step with it."""
    with lock():
        database.ensure_addon(demo=False)
        database.ensure_glue()
    return call_script("make_translations.py")


def command_screenshots(options):
    """Take the screenshots of README and Apps page from the running product."""
    with lock():
        database.ensure_addon()
    return call_script("make_screenshots.py")


def call_script(name, *arguments):
    """Run a script of dev/ in the environment and return its exit code."""
    env = {**os.environ, "PYTHONPATH": str(ROOT / "dev")}
    command = [str(python_env.ensure()), str(ROOT / "dev" / name), *arguments]
    return subprocess.call(command, cwd=ROOT, env=env)


def command_bench(options):
    """Run benchmarks of bench/."""
    known = sorted(
        file.stem
        for file in (ROOT / "bench").glob("*.py")
        if not file.stem.startswith("_")
    )
    unknown = set(options.names) - set(known)
    if unknown or not known:
        names = ", ".join(known) or "none yet"
        raise KamError(f"no such benchmark; there are: {names}")
    python = python_env.ensure()
    code = EXIT_OK
    for name in options.names or known:
        command = [str(python), str(ROOT / "bench" / f"{name}.py")]
        if options.json:
            command += ["--json", options.json]
        env = {**os.environ, "PYTHONPATH": str(ROOT / "dev")}
        code = max(code, subprocess.call(command, cwd=ROOT, env=env))
    return code


if __name__ == "__main__":
    sys.exit(main())
