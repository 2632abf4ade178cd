# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What the documents add up to: months, twelve months, health and targets."""

from . import account_move
from . import account_move_line
from . import account_partial_reconcile
from . import health_rules
from . import key_account_contact
from . import key_account_health_facts
from . import key_account_figures_sections
from . import key_account
from . import key_account_day
from . import key_account_overview
from . import key_account_open_amounts
from . import key_account_figures
from . import key_account_customer_figures
from . import key_account_customer
from . import key_account_health
from . import key_account_health_component
from . import key_account_kpi
from . import key_account_kpi_queue
from . import key_account_target
from . import res_company
from . import res_config_settings
from . import res_currency
from . import sale_order
from . import sale_order_line
