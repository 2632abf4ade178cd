from . import test_key_account
from . import test_confidential
from . import test_tier_change
