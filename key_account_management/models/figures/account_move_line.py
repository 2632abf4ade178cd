# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    key_account_revenue = fields.Monetary(
        string="Revenue",
        compute="_compute_key_account_revenue",
        currency_field="company_currency_id",
        help="Without taxes, in company currency; credit notes are negative.",
    )

    @api.depends("balance")
    def _compute_key_account_revenue(self):
        for line in self:
            line.key_account_revenue = -line.balance
