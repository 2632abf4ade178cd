# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""How complete and how fresh is what we know of a key account's customer."""

from . import res_company
from . import res_config_settings
from . import key_account_data_rule
from . import res_partner
from . import key_account
from . import key_account_overview
from . import key_account_day
