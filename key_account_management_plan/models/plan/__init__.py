# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Account plans: the situation is filled in, people add judgement and objectives."""

from . import res_company
from . import res_config_settings
from . import key_account_plan_measure
from . import key_account_plan
from . import key_account_plan_version
from . import key_account_plan_objective
from . import key_account_plan_risk
from . import key_account
from . import key_account_day
