# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
{
    "name": "Rolled Back Calls for the Hostile Client",
    "summary": "Loaded by --load in tests; never installed",
    "author": "Key Account Management contributors",
    "license": "LGPL-3",
    "category": "Hidden",
    "depends": ["web"],
    "installable": False,
}
