# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tests import tagged

from odoo.addons.key_account_management.tests.common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestPreference(KeyAccountCommon):
    def test_who_prepares_a_delivery_reads_what_is_wanted(self):
        Preference = self.env["key.account.preference"]
        Preference.create(
            {"account_id": self.account.id, "kind": "delivery", "name": "Tor 3"}
        )
        Preference.create(
            {"account_id": self.account.id, "kind": "gifts", "name": "Keine"}
        )
        orders = self.make_order(self.nordwind) | self.make_order(self.bergmann)
        orders.action_confirm()
        ours, ordinary = (order.picking_ids for order in orders)
        self.assertEqual(ours.key_account_preferences, "Delivery: Tor 3")
        self.assertFalse(ordinary.key_account_preferences)
        back = ours.copy(
            {"picking_type_id": ours.picking_type_id.return_picking_type_id.id}
        )
        self.assertFalse(back.key_account_preferences)

    def test_the_delivery_slip_names_who_cares(self):
        self.kam.partner_id.phone = "+49 40 998877"
        orders = self.make_order(self.nordwind) | self.make_order(self.bergmann)
        orders.action_confirm()
        ours, ordinary = (
            self.env["ir.actions.report"]
            ._render_qweb_html("stock.report_deliveryslip", order.picking_ids.ids)[0]
            .decode()
            for order in orders
        )
        self.assertIn("Jonas Reuter", ours)
        self.assertIn("+49 40 998877", ours)
        self.assertNotIn("key_account_contact", ordinary)
