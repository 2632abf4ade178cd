# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The account manager's day: what is to be done, for whom, and why."""

from . import day_rules
from . import key_account_day_skip
from . import key_account_day
from . import key_account_day_page
from . import key_account_day_mail
from . import res_users
