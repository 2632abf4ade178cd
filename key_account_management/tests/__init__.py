from . import test_key_account
from . import test_confidential
from . import test_tier_change
from . import test_terms
from . import test_terms_binding
from . import test_terms_payment
