# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from . import test_rebate_rules
from . import test_rebate_basis
from . import test_rebate_settlement
from . import test_rebate_accrual
from . import test_reference_rebate
from . import test_rebate_everywhere
from . import test_rebate_day
