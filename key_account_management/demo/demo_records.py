# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""How code of the demo data finds what its files have loaded."""

MODULE = "key_account_management"


def ref(env, name):
    """Return a demo record by the end of its external id."""
    return env.ref(f"{MODULE}.demo_{name}")
