# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from . import sale_order_line
from . import stock_move
from . import stock_move_line
from . import stock_picking
from . import key_account_complaint
from . import key_account_demo
