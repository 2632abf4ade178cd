# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.tools import SQL


class AccountInvoiceReport(models.Model):
    _inherit = "account.invoice.report"

    key_account_id = fields.Many2one("key.account", readonly=True)
    key_account_tier_id = fields.Many2one("key.account.tier", readonly=True)
    key_account_manager_id = fields.Many2one(
        "res.users", string="Key Account Manager", readonly=True
    )

    _depends = {
        "account.move": [
            "key_account_id",
            "key_account_tier_id",
            "key_account_manager_id",
        ],
    }

    @api.model
    def _select(self) -> SQL:
        return SQL(
            "%s, move.key_account_id, move.key_account_tier_id, "
            "move.key_account_manager_id",
            super()._select(),
        )
