# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models


class AccountPayment(models.Model):
    _inherit = "account.payment"

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals and self.env["loyalty.program"]._get_point_ledger_ids():
            # sudo: see account.move; not every user of the payment sees its invoices.
            self.sudo().invoice_ids._sync_points()
        return result

    def unlink(self):
        if not self:
            return super().unlink()
        invoices = self.sudo().invoice_ids  # sudo: see write
        result = super().unlink()
        invoices._sync_points()
        return result
