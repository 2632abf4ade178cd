# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from . import tools
from . import account
from . import terms
from . import figures
from . import tier
from . import agreement
from . import hold
from . import audit
from . import loyalty
from . import complaint
