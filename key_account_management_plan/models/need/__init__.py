# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What stakeholders need, and the occasions to which they are invited."""

from . import key_account_need
from . import crm_lead
from . import key_account_occasion
from . import key_account_invitation
from . import key_account
from . import key_account_day
