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
