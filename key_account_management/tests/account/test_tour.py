# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tests import HttpCase, tagged


@tagged("post_install", "-at_install")
class TestTour(HttpCase):
    """The tour for new users leads through the first steps."""

    def test_first_key_account(self):
        """The tour ends with a key account that has a tier and up-to-date figures."""
        customer = self.env["res.partner"].create(
            {"name": "Tour Handels GmbH", "is_company": True}
        )
        self.start_tour("/odoo", "key_account_management_tour", login="admin")
        account = self.env["key.account"].search([("partner_id", "=", customer.id)])
        self.assertEqual(account.tier_id.name, "Prospect")
        self.assertTrue(account.figures_to)
