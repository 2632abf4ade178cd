# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models


class KeyAccountPriceAudit(models.Model):
    _inherit = "key.account.price.audit"

    @api.model
    def _is_priced(self, line):
        """Leave out what a complaint gives for nothing."""
        sold = line.sale_line_ids[:1]
        if sold.order_id.key_account_complaint_id and not sold.price_unit:
            return False
        return super()._is_priced(line)
