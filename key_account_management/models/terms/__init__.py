# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What a customer gets: prices, payment terms and credit limit, where they come from
and who approved them."""

from . import account_move
from . import account_move_line
from . import approval_rules
from . import key_account_pricelist_binding
from . import key_account_approval_mixin
from . import key_account_own_terms
from . import key_account
from . import key_account_day
from . import key_account_price
from . import price_effect
from . import key_account_price_effect
from . import pricelist_xlsx
from . import product_pricelist
from . import product_pricelist_item
from . import res_company
from . import res_config_settings
from . import res_partner
from . import sale_order
from . import sale_order_line
