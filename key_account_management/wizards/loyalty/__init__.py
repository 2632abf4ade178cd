# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from . import loyalty_settlement
from . import loyalty_liability
from . import loyalty_liability_line
from . import loyalty_generate_wizard
