# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Knowing the customer: each room below may use those above it."""

from . import competitor
from . import white_space
from . import stakeholder
from . import review
from . import plan
from . import need
from . import candidate
from . import cycle
