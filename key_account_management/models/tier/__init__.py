# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Which tier a customer has, which one its figures earn, and every change of tier."""

from . import tier_rules
from . import tier_window
from . import key_account_tier
from . import key_account_tier_change
from . import key_account_tier_figure
from . import key_account_tier_engine
from . import key_account
from . import key_account_day
from . import key_account_overview
from . import key_account_document_mixin
from . import product_pricelist
from . import res_company
from . import res_config_settings
from . import res_partner
from . import sale_order
