# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from ..common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestPreference(KeyAccountCommon):
    """What a customer wants is told where it matters, and nowhere else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.preference_ids = [
            Command.create(
                {"kind": "delivery", "name": "Dienstag bis Donnerstag, 7 bis 11 Uhr"}
            ),
            Command.create(
                {
                    "kind": "gifts",
                    "name": "Keine Geschenke über 10 Euro",
                    "partner_id": cls.anna.id,
                }
            ),
            Command.create({"kind": "other", "name": "Spielt Handball"}),
        ]

    def test_the_kind_says_where_it_matters_until_a_user_does(self):
        window, gifts, other = self.account.preference_ids
        self.assertTrue(window.on_order and window.on_delivery)
        self.assertFalse(window.on_invitation or gifts.on_order or other.on_order)
        self.assertTrue(gifts.on_invitation)
        other.on_order = True
        self.assertTrue(other.on_order)
        self.assertEqual(
            gifts.display_name, "Gifts: Keine Geschenke über 10 Euro (Anna Seidel)"
        )

    def test_the_clerk_sees_them_on_the_order(self):
        order = self.as_user(self.clerk, self.make_order(self.nordwind))
        self.assertEqual(
            order.key_account_preferences,
            "Delivery: Dienstag bis Donnerstag, 7 bis 11 Uhr",
        )
        with self.assertRaises(AccessError):
            self.as_user(self.clerk)["key.account.preference"].search([])
        with Form(self.as_user(self.clerk)["sale.order"]) as form:
            form.partner_id = self.anna
            self.assertIn("7 bis 11 Uhr", form.key_account_preferences)
            form.partner_id = self.bergmann
            self.assertFalse(form.key_account_preferences)

    def test_found_by_search(self):
        Account = self.as_user(self.kam)["key.account"]
        view = self.env.ref("key_account_management.key_account_view_search")
        self.assertIn("preference_ids.name", view.arch)
        found = Account.search([("preference_ids.name", "ilike", "geschenke")])
        self.assertEqual(found.ids, self.account.ids)

    def test_colleagues_stay_out(self):
        window = self.account.preference_ids[0]
        with self.assertRaises(AccessError):
            self.as_user(self.kam2, window).read(["name"])
        with self.assertRaises(AccessError):
            self.as_user(self.kam2)["key.account.preference"].create(
                {"account_id": self.account.id, "name": "Fremd"}
            )
        other = self.make_account(self.bergmann, manager_id=self.kam2.id)
        with self.assertRaises(AccessError):
            self.as_user(self.kam, window).account_id = other.id
