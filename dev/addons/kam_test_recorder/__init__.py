# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Write each test's outcome as a line of JSON, for ``./kam test`` to count.

Odoo prints its tests to the log alone; a log can't be counted on, as tests print too.
The seconds of each test class are written as well.
"""

import json
import os
import time

from odoo.tests import loader
from odoo.tests.result import OdooTestResult
from odoo.tests.suite import OdooSuite

RESULTS = os.environ.get("KAM_TEST_RESULTS")


def record(**entry):
    """Append one entry to the file that the caller has named."""
    with open(RESULTS, "a") as handle:
        handle.write(json.dumps(entry) + "\n")


def parent_test(test):
    """Return the test that a subtest is part of."""
    return getattr(test, "test_case", test)


def wrap(name, outcome):
    """Make a method of the result record what it is told."""
    original = getattr(OdooTestResult, name)

    def method(self, test, *args):
        # A first failure of a test that Odoo tries again does not count.
        if name == "addSkip" or not self._soft_fail:
            detail = str(args[0]) if name == "addSkip" else ""
            record(test=parent_test(test).id(), outcome=outcome, detail=detail)
        return original(self, test, *args)

    setattr(OdooTestResult, name, method)


def time_classes():
    """Record how long each test class takes, with its set-up and tear-down."""
    set_up, tear_down = OdooSuite._handleClassSetUp, OdooSuite._tearDownPreviousClass
    begun = {}

    def begin(self, test, result):
        begun.setdefault(type(test), time.monotonic())
        return set_up(self, test, result)

    def end(self, test, result):
        tear_down(self, test, result)
        done = result._previousTestClass
        if done in begun and done is not type(test):
            name = f"{done.__module__}.{done.__qualname__}"
            record(test_class=name, seconds=time.monotonic() - begun.pop(done))

    OdooSuite._handleClassSetUp, OdooSuite._tearDownPreviousClass = begin, end


def run_all_after_installation():
    """Run the tests meant for installation at the end, too.

    They would run before any addon of ours is loaded, and so tell nothing about it.
    """
    original = loader.make_suite

    def make_suite(module_names, position="at_install"):
        if position != "post_install":
            return OdooSuite([])
        module_names = list(module_names)
        tests = [
            *original(module_names, "at_install"),
            *original(module_names, "post_install"),
        ]
        return OdooSuite(sorted(tests, key=lambda t: getattr(t, "test_sequence", 0)))

    loader.make_suite = make_suite


if os.environ.get("KAM_ALL_POST_INSTALL"):
    run_all_after_installation()
if RESULTS:
    wrap("startTest", "started")
    wrap("addError", "error")
    wrap("addFailure", "failed")
    wrap("addSkip", "skipped")
    time_classes()
