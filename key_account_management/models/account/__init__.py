from . import key_account
from . import key_account_document_mixin
from . import account_move
from . import key_account_segment
from . import key_account_team_member
from . import res_config_settings
from . import res_partner
from . import sale_order
