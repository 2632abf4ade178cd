# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from . import base_partner_merge_automatic_wizard
from . import key_account_create
from . import key_account_handover
