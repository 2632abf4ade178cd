# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What every room uses: the company's day, roles, fields that only the server
writes, workbooks."""

from . import batch
from . import res_company
from . import xlsx_export
from . import xlsx_records
from . import xlsx_rows
