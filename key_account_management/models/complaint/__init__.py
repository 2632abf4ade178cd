# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Complaints from receipt to proven remedy: clocks, 8D, credit, replacement, cost."""

from . import complaint_rules
from . import key_account_complaint_stage
from . import key_account_complaint_category
from . import key_account_complaint_clock

# What the complaint is made of comes before the complaint.
from . import key_account_complaint_flow
from . import key_account_complaint_deadline
from . import key_account_complaint_documents
from . import key_account_complaint_eight_d
from . import key_account_complaint_remedy
from . import key_account_complaint_mail
from . import key_account_complaint
from . import account_move
from . import account_move_line
from . import key_account
from . import key_account_day
from . import key_account_document_mixin
from . import key_account_health_component
from . import key_account_tier
from . import loyalty_card
from . import mail_thread
from . import res_company
from . import res_config_settings
from . import res_partner
from . import sale_order
from . import sale_order_line
