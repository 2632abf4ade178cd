# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models

from ..tools.records import open_records

#: What makes or ends a promise. Other dates don't: the first promise counts.
PROMISE_FIELDS = {"state", "partner_id"}


class SaleOrder(models.Model):
    """Confirming an order makes the promise, and cancelling it ends it."""

    _inherit = "sale.order"

    def write(self, vals):
        if PROMISE_FIELDS.isdisjoint(vals):
            return super().write(vals)
        promised = self.filtered(lambda order: order.state == "sale")
        before = promised.order_line._key_account_delivery_months()
        result = super().write(vals)
        confirmed = self.filtered(lambda order: order.state == "sale")
        # sudo: users can't write the promise themselves; they change the order.
        ended = (promised - confirmed).order_line.sudo()
        ended.filtered("key_account_promised_date").write(
            {"key_account_promised_date": False, "key_account_delivered_date": False}
        )
        confirmed.order_line._take_key_account_promises()
        self.env["key.account.kpi.queue"]._add(before)
        return result

    def action_view_key_account_late_lines(self):
        """Open the lines of these orders that are late."""
        self.check_access("read")
        return open_records(
            self.env,
            "key_account_management.sale_order_line_action_late",
            [("key_account_is_overdue", "=", True), ("order_id", "in", self.ids)],
        )
