# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The monthly report: what it says, who gets it and when, and whether it arrived."""

from . import key_account
from . import key_account_monthly_report_content
from . import key_account_monthly_report_mailing
from . import key_account_monthly_report_schedule
from . import key_account_monthly_report
from . import res_company
from . import res_config_settings
from . import xlsx_report
