# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Reviews: from the invitation over the briefing to the promises and their keeping."""

from . import key_account_review
from . import key_account_promise
from . import key_account_briefing
from . import mail_activity
from . import calendar_event
from . import key_account
from . import key_account_overview
from . import key_account_day
