# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Points: programs for key accounts, their ledger, settlement and referrals."""

from . import account_move
from . import account_partial_reconcile
from . import account_payment
from . import crm_lead
from . import key_account
from . import key_account_agreement
from . import key_account_referral_reward
from . import key_account_referral_withdrawal
from . import key_account_point_offers
from . import key_account_referral
from . import loyalty_accrual
from . import loyalty_redemption
from . import loyalty_card_expiry
from . import loyalty_card_ledger
from . import loyalty_card_by_hand
from . import loyalty_card
from . import loyalty_history
from . import loyalty_program
from . import points_rules
from . import res_partner
from . import sale_order
from . import sale_order_coupon_points
from . import sale_order_line
