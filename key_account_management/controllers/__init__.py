# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from . import agreement_portal
from . import xlsx_download
from . import loyalty_portal
from . import sale_portal
from . import complaint_portal
from . import complaint_xlsx
from . import key_account_portal
