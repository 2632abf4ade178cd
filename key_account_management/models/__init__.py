# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from . import key_account_segment
from . import key_account_tier
from . import key_account_tier_criteria
from . import key_account
from . import key_account_group
from . import key_account_terms
from . import key_account_absence
from . import key_account_documents
from . import key_account_kpi
from . import key_account_kpi_queue
from . import key_account_figures_sql
from . import key_account_figures
from . import key_account_drill_down
from . import res_company
from . import key_account_team_member
from . import key_account_tier_change
from . import key_account_tier_engine
from . import key_account_document_mixin
from . import res_partner
from . import product_pricelist
from . import sale_order
from . import account_move
from . import account_move_line
from . import account_partial_reconcile
from . import sale_order_line
from . import key_account_demo
