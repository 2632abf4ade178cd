# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""When an order must wait: credit, overdue money, margin floor and reliability."""

from . import key_account
from . import key_account_day
from . import key_account_order_hold
from . import key_account_reliability
from . import key_account_reliability_line
from . import key_account_reliability_question
from . import payment_transaction
from . import product_pricelist
from . import res_company
from . import res_config_settings
from . import res_partner
from . import sale_order
from . import sale_order_line
