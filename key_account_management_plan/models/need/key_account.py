# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models


class KeyAccount(models.Model):
    _inherit = "key.account"

    need_ids = fields.One2many("key.account.need", "account_id", string="Needs")
