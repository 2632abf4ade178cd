# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""White space: what comparable accounts buy of us, and this one doesn't."""

from . import res_company
from . import product_category
from . import key_account_white_space_figures
from . import key_account_white_space
from . import key_account_white_space_page
from . import key_account
