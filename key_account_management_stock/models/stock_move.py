# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def write(self, vals):
        result = super().write(vals)
        if not {"state", "date", "sale_line_id"}.isdisjoint(vals):
            self._queue_key_account_deliveries()
        return result

    def _queue_key_account_deliveries(self):
        """Queue the months for which done moves were promised."""
        # sudo: users who ship goods can't read orders; only months are queued.
        done = self.filtered(lambda move: move.state == "done")
        done.sudo().sale_line_id._queue_key_account_deliveries()
