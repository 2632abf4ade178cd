# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models


class ResUsers(models.Model):
    """Whether the day comes by mail as well."""

    _inherit = "res.users"

    key_account_day_mail = fields.Boolean(
        string="My Day by Email",
        help="Send me the matters of the day each morning, if there are any.",
    )
    key_account_day_mailed_on = fields.Date(readonly=True, copy=False)

    @property
    def SELF_READABLE_FIELDS(self):
        return [*super().SELF_READABLE_FIELDS, "key_account_day_mail"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return [*super().SELF_WRITEABLE_FIELDS, "key_account_day_mail"]

    def _is_key_account_day_due(self):
        """Tell whether today's mail wasn't sent yet."""
        self.ensure_one()
        today = self.company_id._get_key_account_today()
        return self.key_account_day_mailed_on != today
