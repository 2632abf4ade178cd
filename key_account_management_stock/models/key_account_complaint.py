# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.key_account_management.models.tools.records import (
    count_related,
    open_records,
)


class KeyAccountComplaint(models.Model):
    """The goods of a complaint come back by Odoo's own returns."""

    _inherit = "key.account.complaint"

    return_picking_ids = fields.One2many(
        "stock.picking", "key_account_complaint_id", string="Returns"
    )
    return_count = fields.Integer(compute="_compute_return_count")

    @api.depends("return_picking_ids")
    def _compute_return_count(self):
        # sudo: only how many; users who handle complaints needn't be in the warehouse.
        pickings = self.env["stock.picking"].sudo()
        counts = count_related(self, pickings, "key_account_complaint_id")
        for complaint in self:
            complaint.return_count = counts.get(complaint._origin.id, 0)

    def action_return_goods(self):
        """Plan the return of the goods complained about, with Odoo's return.

        It is made from the last finished delivery of the complaint's order with the
        product. The quantity is the complaint's, up to what was delivered and isn't on
        its way back yet.

        :return: action that opens the returns of the complaint
        :raise UserError: where nothing was delivered that could come back
        """
        self.ensure_one()
        self.check_access("write")
        # sudo: a return of the complaint's own order is planned, not made.
        complaint = self.sudo()
        picking = complaint._get_delivery()
        Return = complaint.env["stock.return.picking"].with_context(
            active_model="stock.picking", active_id=picking.id, active_ids=picking.ids
        )
        wizard = Return.create({"picking_id": picking.id})
        complaint._fill_return(wizard)
        back = wizard._create_return()
        # The complaint decides what is credited: the return by itself neither lets
        # Odoo credit the order once more nor bill it again.
        back.move_ids.to_refund = False
        back.write({"key_account_complaint_id": complaint.id, "origin": complaint.name})
        self._message_log(body=self.env._("Return of goods planned: %s.", back.name))
        return self.action_view_returns()

    def _fill_return(self, wizard):
        """Fill in the goods complained about, over all lines of the delivery.

        :raise UserError: where the product of the quantity isn't known, or all of it is
            on its way back already
        """
        product = self.product_id
        if self.quantity and not product:
            raise UserError(self.env._("Enter the product that comes back."))
        left = self.quantity - self._get_quantity_coming_back()
        for line in wizard.product_return_moves:
            move = line.move_id
            returned = move.returned_move_ids.filtered(lambda m: m.state != "cancel")
            quantity = max(move.quantity - sum(returned.mapped("product_uom_qty")), 0.0)
            if product and line.product_id != product:
                quantity = 0.0
            elif self.quantity:
                convert = product.uom_id._compute_quantity
                room = convert(max(left, 0.0), move.product_uom, round=False)
                quantity = min(quantity, room)
                left -= move.product_uom._compute_quantity(
                    quantity, product.uom_id, round=False
                )
            line.quantity = quantity
        if not any(wizard.product_return_moves.mapped("quantity")):
            raise UserError(
                self.env._("Everything is already on its way back. See the returns.")
            )

    def _get_quantity_coming_back(self):
        """Return how much of the product is returned or on its way, in its unit."""
        moves = self.return_picking_ids.move_ids.filtered(
            lambda move: move.state != "cancel" and move.product_id == self.product_id
        )
        return sum(
            move.product_uom._compute_quantity(
                move.product_uom_qty, move.product_id.uom_id, round=False
            )
            for move in moves
        )

    def _get_delivery(self):
        """Return the last delivery of the order with the product.

        :raise UserError: if there is none
        """
        order = self.order_id or self.move_id.line_ids.sale_line_ids.order_id[:1]
        deliveries = order.picking_ids.filtered(
            lambda picking: picking.state == "done"
            and picking.picking_type_code == "outgoing"
            and (not self.product_id or self.product_id in picking.move_ids.product_id)
        )
        if not deliveries:
            raise UserError(
                self.env._(
                    "Nothing has been delivered that could be returned for this "
                    "complaint. Enter its order and product."
                )
            )
        return deliveries.sorted("date_done")[-1]

    def action_view_returns(self):
        """Open the returns of this complaint."""
        self.ensure_one()
        return open_records(
            self.env,
            "stock.action_picking_tree_all",
            [("key_account_complaint_id", "=", self.id)],
            name=self.env._("Returns of %s", self.name),
            context={"create": False},
        )
