# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Where the price went and whether it was right: the waterfall and the price audit."""

from . import account_move
from . import key_account
from . import key_account_price_audit_schedule
from . import key_account_price_audit
from . import key_account_price_audit_line
from . import key_account_price_audit_warning
from . import res_company
from . import res_config_settings
from . import sale_order
from . import sale_order_line
from . import waterfall_rules
from . import waterfall_xlsx
