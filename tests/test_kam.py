# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The command itself, which must not fail without a message."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT
from kamtool import base, cli, odoo_source, odoo_tests, server


def kam(*arguments):
    """Run ./kam as a user would."""
    return subprocess.run(
        [sys.executable, str(ROOT / "kam"), *arguments],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )


def test_help_names_every_command():
    """The help lists every command."""
    done = kam("--help")
    assert done.returncode == base.EXIT_OK
    for command in [
        "run",
        "stop",
        "reset",
        "shell",
        "odoo",
        "test",
        "lint",
        "readme",
        "translate",
        "screenshots",
        "bench",
    ]:
        assert command in done.stdout


def test_wrong_usage_has_its_own_exit_code():
    """Scripts can tell wrong usage from a failed test by the exit code."""
    assert kam("dance").returncode == base.EXIT_USAGE


def test_port_in_use_is_one_clear_line():
    """The message names the port and how to change it, on one line."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(base.KamError, match=f"port {port} is in use.*--port"):
            server.check_port(port)


def test_lack_of_disk_space_is_reported_before_writing(tmp_path):
    """If the disk is too small, the message says how much space is needed."""
    with pytest.raises(base.KamError, match="no disk space: Odoo 19 needs"):
        base.need_space(tmp_path, 1e9, "Odoo 19")


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ("E: Could not resolve 'mirror'", "no network"),
        ("ERROR: Temporary failure in name resolution", "no network"),
        ("write error: No space left on device", "no disk space"),
        ("all fine\nERROR: No matching distribution found", "No matching distribution"),
        ("", "it said nothing"),
    ],
)
def test_failures_are_reported_in_one_line(output, reason):
    """A package client's long output is shortened to the reason."""
    said = base.explain(output)
    assert reason in said
    assert "\n" not in said


def test_failing_command_leaves_its_output_in_the_log():
    """The message says where the log with the details is."""
    with pytest.raises(base.KamError, match="counting failed: .*details in"):
        base.run(["ls", "/there/is/no/such/place"], "counting failed")
    assert "no/such/place" in base.LOG.read_text(errors="replace")


def test_damaged_download_is_fetched_again(tmp_path, monkeypatch):
    """A download that has changed on disk isn't unpacked."""
    fetched = []

    def fake_run(command, _failure, **options):
        if "download" in command:
            fetched.append(command)
            for name in odoo_source.DEBIAN_PACKAGES:
                Path(options["cwd"], f"{name}_1.deb").write_text(f"package {name}")

    monkeypatch.setattr(odoo_source, "CACHE", tmp_path)
    monkeypatch.setattr(odoo_source, "run", fake_run)
    files = odoo_source.download("file:/nowhere")
    assert len(files) == len(odoo_source.DEBIAN_PACKAGES)
    odoo_source.download("file:/nowhere")
    assert len(fetched) == 1, "an intact file is not downloaded again"
    files[0].write_text("damaged")
    odoo_source.download("file:/nowhere")
    assert len(fetched) == 2
    assert files[0].read_text() != "damaged"


def test_test_module_that_was_not_collected_is_a_failure(tmp_path):
    """A test file that no module imports is reported as a failure."""
    addon = tmp_path / "some_addon"
    for name in ("test_seen", "test_forgotten"):
        for file in (f"tests/{name}.py", f"tests/room/{name}.py"):
            (addon / file).parent.mkdir(parents=True, exist_ok=True)
            (addon / file).touch()
    module = "odoo.addons.some_addon.tests"
    results = odoo_tests.Results(
        {
            f"{module}.test_seen.TestSeen.test_it": "passed",
            f"setUpClass ({module}.room.test_seen.TestSeen)": "error",
        },
        {},
        {},
    )
    assert odoo_tests.uncollected([addon], results) == [
        "some_addon/tests/room/test_forgotten.py: not collected",
        "some_addon/tests/test_forgotten.py: not collected",
    ]


def test_results_keep_the_worst_outcome_of_a_test(tmp_path):
    """A test fails if one of its subtests fails."""
    file = tmp_path / "results"
    entries = [
        ("a", "started"),
        ("a", "failed"),
        ("b", "started"),
        ("c", "started"),
        ("c", "skipped"),
    ]
    file.write_text(
        "".join(
            json.dumps({"test": test, "outcome": outcome, "detail": ""}) + "\n"
            for test, outcome in entries
        )
    )
    results = odoo_tests.read_results(file)
    assert results.outcomes == {"a": "failed", "b": "passed", "c": "skipped"}
    assert results.having("failed") == ["a"]
    assert not results.seconds


def test_slowest_classes_come_first(tmp_path, capsys):
    """Classes run in two parts are added up; both runners are listed."""
    file = tmp_path / "results"
    taken = [("Quick", 1), ("Slow", 2), ("Quick", 0.5), ("Slow", 3.25)]
    file.write_text(
        "".join(
            json.dumps({"test_class": f"odoo.addons.x.{name}", "seconds": seconds})
            + "\n"
            for name, seconds in taken
        )
    )
    seconds = odoo_tests.read_results(file).seconds
    odoo_tests.show_slowest(seconds, {"tests/test_x.py": 3.0})
    listed = [line.split() for line in capsys.readouterr().out.splitlines()[1:]]
    assert listed == [
        ["5.2", "s", "x.Slow"],
        ["3.0", "s", "tests/test_x.py"],
        ["1.5", "s", "x.Quick"],
    ]


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        ([], ([], [])),
        (["odoo"], ([], None)),
        (["pytest"], (None, [])),
        (["tests/test_kam.py"], (None, ["tests/test_kam.py"])),
        (["/key_account_management:TestX"], (["/key_account_management:TestX"], None)),
        (["./addon/tests/room/test_x.py"], (["/addon/tests/room/test_x.py"], None)),
    ],
)
def test_selection_goes_to_the_right_runner(selection, expected):
    """One command runs a single test of either kind."""
    assert cli.sort_selection(selection) == expected


def test_every_addon_folder_is_found():
    """An additional addon in the repository is tested and installed automatically."""
    names = [folder.name for folder in base.addons()]
    assert names[0] == "key_account_management"
    assert len(names) == len(list(ROOT.glob("key_account_management*/__manifest__.py")))
