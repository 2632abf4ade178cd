# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from . import key_account_create
from . import key_account_handover
from . import key_account_tier_dry_run
from . import sale_order_release
from . import key_account_rejection
from . import key_account_agreement_termination
from . import key_account_waterfall
from . import key_account_pricelist_import
from . import loyalty_settlement
from . import loyalty_liability
from . import loyalty_generate_wizard
from . import key_account_complaint_pareto
from . import key_account_complaint_resolve
from . import key_account_export
