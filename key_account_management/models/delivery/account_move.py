# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _key_account_months(self):
        """Add the months for which the invoiced lines were promised."""
        # sudo: whether it is a key account's, for every user who writes the invoice.
        ours = self.filtered(
            lambda move: move.state == "posted"
            and move.move_type == "out_invoice"
            and move.sudo().key_account_id
        )
        lines = ours.line_ids.sale_line_ids
        return super()._key_account_months() + lines._key_account_delivery_months()
