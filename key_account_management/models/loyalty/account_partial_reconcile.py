# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        partials._get_point_moves()._sync_points()
        return partials

    def unlink(self):
        # Core calls this without records dozens of times when it posts an invoice.
        if not self:
            return super().unlink()
        moves = self._get_point_moves()
        result = super().unlink()
        moves.exists()._sync_points()
        return result

    def _get_point_moves(self):
        """Return the documents whose points can change; none in most databases."""
        Program = self.env["loyalty.program"]
        partials = self.filtered(
            lambda partial: Program._get_point_ledger_ids(partial.company_id.id)
        )
        return (partials.debit_move_id | partials.credit_move_id).move_id
