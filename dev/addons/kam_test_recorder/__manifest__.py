# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
{
    "name": "Test Recorder of ./kam",
    "author": "Key Account Management contributors",
    "license": "LGPL-3",
    "category": "Hidden",
    "summary": "Loaded server-wide in test runs; writes each test's outcome to a file",
    "depends": ["base"],
    "installable": False,
}
