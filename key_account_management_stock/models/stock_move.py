# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _action_done(self, cancel_backorder=False):
        done = super()._action_done(cancel_backorder=cancel_backorder)
        # sudo: who moves goods needn't see the order; its month alone is queued.
        lines = done.sudo().sale_line_id
        self.env["key.account.kpi.queue"]._add(lines._key_account_promised_months())
        return done
