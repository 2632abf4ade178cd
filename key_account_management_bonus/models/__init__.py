# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Bonuses: what customers earn on a period's turnover, accrued and settled."""

from . import res_company
from . import account_chart_template
from . import key_account_rebate_basis
from . import key_account_rebate_scope
from . import key_account_rebate_worth
from . import key_account_rebate_lifecycle
from . import key_account_rebate
from . import key_account_rebate_approval
from . import key_account_rebate_points
from . import key_account_rebate_step
from . import key_account_rebate_exclusion
from . import key_account_rebate_settlement
from . import key_account_rebate_credit
from . import key_account_rebate_settle
from . import key_account_rebate_figures
from . import key_account_rebate_statement
from . import key_account_rebate_dispute
from . import key_account_rebate_accrual
from . import res_partner
from . import loyalty_history
from . import account_move_line
from . import account_move
from . import key_account
from . import key_account_day
from . import key_account_agreement
from . import sale_order
from . import sale_order_line
from . import res_config_settings
