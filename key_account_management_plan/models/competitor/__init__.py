# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Competitors: what they do well, and what they hold of an account's demand."""

from . import key_account_competitor
from . import key_account_share
from . import crm_lead
from . import crm_lead_lost
from . import key_account
from . import key_account_day
