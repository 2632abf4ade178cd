# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        partials._queue_key_account_figures()
        return partials

    def unlink(self):
        # Core calls it for nothing dozens of times when it posts an invoice.
        if not self:
            return super().unlink()
        # Undoing a payment changes how long the customer took to pay, too.
        self._queue_key_account_figures()
        return super().unlink()

    def _queue_key_account_figures(self):
        """Queue the invoices' months, for their figures to be taken again."""
        moves = (self.debit_move_id | self.credit_move_id).move_id
        self.env["key.account.kpi.queue"]._add(moves._key_account_months())
