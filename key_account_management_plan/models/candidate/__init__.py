# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Finding customers: candidates, whom they are like, and when they become accounts."""

from . import key_account
from . import crm_lead
from . import sale_order
