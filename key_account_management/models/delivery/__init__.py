# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Whether what key accounts were promised came on time and in full."""

from . import sale_order_line
from . import sale_order
from . import account_move
from . import key_account_kpi
from . import key_account
from . import key_account_overview
from . import key_account_day
