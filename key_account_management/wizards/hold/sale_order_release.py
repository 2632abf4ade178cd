# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models


class SaleOrderRelease(models.TransientModel):
    """Ask the director for the reason why an order is released."""

    _name = "sale.order.release"
    _description = "Release an Order"

    order_ids = fields.Many2many("sale.order", required=True, readonly=True)
    issue = fields.Text(compute="_compute_issue")
    reason = fields.Char(required=True)

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if self.env.context.get("active_model") == "sale.order":
            values["order_ids"] = self.env.context.get("active_ids", [])
        return values

    @api.depends("order_ids")
    def _compute_issue(self):
        for wizard in self:
            wizard.issue = "\n\n".join(
                f"{order.name}: {order.key_account_credit_issue}"
                for order in wizard.order_ids
                if order.key_account_credit_issue
            )

    def action_release(self):
        """Release the orders for the reason given."""
        self.ensure_one()
        self.order_ids.action_release_key_account(self.reason)
        return {"type": "ir.actions.act_window_close"}
