# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.key_account_management.tests.common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestReturns(KeyAccountCommon):
    """Goods complained about come back by Odoo's own return."""

    def test_return_of_what_is_complained_about(self):
        """Three of ten, planned by the service, linked to the complaint."""
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
