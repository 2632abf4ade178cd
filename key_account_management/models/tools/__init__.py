# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What every room uses: the company's day, roles, fields that only the server
writes, decisions, workbooks."""

from . import batches
from . import calendar_months
from . import company_day
from . import groups
from . import records
from . import key_account_server_written
from . import key_account_decision_mixin
from . import key_account_failure
from . import res_company
from . import res_users
from . import xlsx_export
from . import xlsx_records
from . import xlsx_rows
