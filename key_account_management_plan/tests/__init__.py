# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from .competitor import test_share
from .white_space import test_white_space
from .white_space import test_white_space_reference
from .stakeholder import test_stakeholder
from .review import test_review
from .plan import test_plan
from .need import test_need
from .candidate import test_candidate
from .cycle import test_cycle
