# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The work cycle of an account manager, read from what was done."""

from . import key_account
