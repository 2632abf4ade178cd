# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Who the key account is: customer, group, team, and who is in charge today."""

from . import key_account_group
from . import key_account_lookup
from . import key_account_charge
from . import key_account_documents
from . import key_account_day
from . import key_account_overview
from . import key_account
from . import key_account_document_mixin
from . import key_account_preference
from . import key_account_segment
from . import key_account_team_member
from . import account_move
from . import res_company
from . import res_config_settings
from . import res_partner
from . import res_users
from . import sale_order
