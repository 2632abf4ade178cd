# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.key_account_management.tests.common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestReturns(KeyAccountCommon):
    """Goods complained about are returned by Odoo's own return."""

    def test_return_of_what_is_complained_about(self):
        """The return covers three of ten pieces and is linked to the complaint."""
        service = new_test_user(
            self.env,
            login="service",
            groups="key_account_management.group_key_account_complaint,"
            "sales_team.group_sale_salesman_all_leads",
        )
        self.drill.is_storable = False
        order = self.make_order(self.nordwind, 10)
        order.action_confirm()
        complaint = self.env["key.account.complaint"].create(
            {
                "subject": "Drei defekt",
                "partner_id": self.nordwind.id,
                "order_id": order.id,
                "product_id": order.order_line.product_id.id,
                "quantity": 3,
            }
        )
        with self.assertRaises(UserError):
            complaint.action_return_goods()
        delivery = order.picking_ids
        delivery.move_ids.write({"quantity": 10, "picked": True})
        delivery.button_validate()
        complaint.with_user(service).action_return_goods()
        back = complaint.return_picking_ids
        self.assertEqual(back.move_ids.product_uom_qty, 3)
        self.assertEqual(back.picking_type_code, "incoming")
        self.assertNotEqual(back.state, "done")
        self.assertEqual(complaint.with_user(service).return_count, 1)
        with self.assertRaises(UserError):
            complaint.action_return_goods()

    def test_over_several_lines(self):
        """Returns are spread over order lines, and never exceed the complaint."""
        order = self.make_order(self.nordwind, 5)
        order.order_line.copy({"order_id": order.id})
        order.action_confirm()
        delivery = order.picking_ids
        for move in delivery.move_ids:
            move.write({"quantity": 5, "picked": True})
        delivery.button_validate()
        complaint = self.env["key.account.complaint"].create(
            {
                "subject": "Sieben defekt",
                "partner_id": self.nordwind.id,
                "order_id": order.id,
                "quantity": 3,
            }
        )
        with self.assertRaises(UserError):
            complaint.action_return_goods()
        complaint.product_id = order.order_line.product_id
        for quantity in (3, 7):
            complaint.quantity = quantity
            complaint.action_return_goods()
            moves = complaint.return_picking_ids.move_ids
            self.assertEqual(sum(moves.mapped("product_uom_qty")), quantity)

    def test_credited_goods_that_come_back(self):
        """Credited once, billed again only when they are sent again."""
        self.drill.invoice_policy = "delivery"
        self.account.credit_limit = 100000.0
        order = self.make_order(self.nordwind, 10)
        order.action_confirm()

        def ship(picking, quantity):
            picking.move_ids.write({"quantity": quantity, "picked": True})
            picking.button_validate()

        ship(order.picking_ids, 10)
        invoice = order._create_invoices()
        invoice.action_post()
        complaint = self.env["key.account.complaint"].create(
            {
                "subject": "Vier defekt",
                "partner_id": self.nordwind.id,
                "move_id": invoice.id,
                "product_id": self.drill.id,
                "quantity": 4,
            }
        )
        self.env["key.account.complaint.resolve"].create(
            {"complaint_id": complaint.id, "close": False}
        ).action_resolve()
        complaint.refund_move_id.action_post()
        line = order.order_line
        self.assertEqual((line.qty_invoiced, line.qty_to_invoice), (10.0, 0.0))
        complaint.action_return_goods()
        back = complaint.return_picking_ids
        ship(back, 4)
        self.assertEqual((line.qty_delivered, line.qty_to_invoice), (10.0, 0.0))
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_model="stock.picking", active_id=back.id)
            .create({"picking_id": back.id})
        )
        wizard.product_return_moves.quantity = 4
        ship(wizard._create_return(), 4)
        self.assertEqual((line.qty_delivered, line.qty_to_invoice), (14.0, 4.0))
