# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _check_amount_and_confirm_order(self):
        """Accept the customer's payment, but don't confirm orders that are held."""
        held = self.filtered(
            lambda tx: any(tx.sale_order_ids.mapped("key_account_is_held"))
        )
        held.sale_order_ids.action_request_key_account_release()
        return super(PaymentTransaction, self - held)._check_amount_and_confirm_order()
