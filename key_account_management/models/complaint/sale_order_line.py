# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models

from .key_account_complaint_stage import READERS


class SaleOrderLine(models.Model):
    """What a complaint gives the customer for nothing, and no more than that."""

    _name = "sale.order.line"
    _inherit = ["sale.order.line", "key.account.server.written"]

    key_account_replaced_qty = fields.Float(
        string="Replaced for the Complaint",
        readonly=True,
        copy=False,
        digits="Product Unit",
        groups=READERS,
        help="Quantity that the complaint decided to replace.",
    )
    key_account_replaced_product_id = fields.Many2one(
        "product.product",
        string="Product Replaced",
        readonly=True,
        copy=False,
        groups=READERS,
    )

    def _is_priced_by_list(self):
        """Leave out what a complaint gives for nothing."""
        # sudo: whether it is for a complaint, whatever the user can read of it.
        is_given = self.order_id.sudo().key_account_complaint_id and not self.price_unit
        return not is_given and super()._is_priced_by_list()

    def _get_invoice_lines(self):
        """Leave out credits for complaints: they don't reopen the order.

        What was billed stays billed. Goods that come back and are sent again are
        delivered once more, and billed by that.
        """
        lines = super()._get_invoice_lines()
        credits = lines.filtered(
            # sudo: whether it is for a complaint, whatever the user can read of it.
            lambda line: line.move_type == "out_refund"
            and line.move_id.sudo().key_account_complaint_id
        )
        return lines - credits if credits else lines

    def _compute_key_account_floor(self):
        result = super()._compute_key_account_floor()
        for line in self:
            # sudo: whether it is a replacement, decided on with the complaint.
            given = line.sudo()
            if (
                given.order_id.key_account_complaint_id
                and not line.price_unit
                and given.key_account_replaced_product_id == line.product_id
                and line._get_key_account_quantity() <= given.key_account_replaced_qty
            ):
                line.key_account_is_below_floor = False
        return result
