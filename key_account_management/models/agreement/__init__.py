# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Framework agreements: dates, versions, commitments and obligations."""

from . import key_account_agreement_lifecycle
from . import key_account_agreement_prices
from . import key_account_agreement
from . import key_account_commitment
from . import key_account_obligation
from . import key_account
from . import key_account_day
from . import key_account_overview
from . import product_pricelist
from . import res_partner
from . import sale_order
