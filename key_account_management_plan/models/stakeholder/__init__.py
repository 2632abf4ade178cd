# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Stakeholders: who decides at the customer, what they think, and who knows them."""

from . import res_company
from . import res_config_settings
from . import key_account_stakeholder_contact
from . import key_account_stakeholder
from . import key_account_stakeholder_gap
from . import key_account_stakeholder_page
from . import res_partner
from . import key_account
from . import key_account_day
