# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import Command
from odoo.tests import Form, HttpCase, tagged

from ..common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestPriceTemplate(KeyAccountCommon, HttpCase):
    """Quotation templates and optional products use the account's prices."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        employees = cls.env.ref("base.group_user")
        employees._apply_group(cls.env.ref("sale_management.group_sale_order_template"))
        cls.gold_list.item_ids = [
            Command.create(
                {
                    "applied_on": "0_product_variant",
                    "product_id": cls.gloves.id,
                    "compute_price": "fixed",
                    "fixed_price": price,
                    "min_quantity": quantity,
                }
            )
            for quantity, price in ((0, 9.0), (50, 7.5))
        ]
        cls.template = cls.env["sale.order.template"].create(
            {
                "name": "Erstausstattung",
                "sale_order_template_line_ids": [
                    Command.create({"product_id": cls.drill.id, "product_uom_qty": 2}),
                    Command.create(
                        {
                            "display_type": "line_section",
                            "name": "Auf Wunsch",
                            "is_optional": True,
                        }
                    ),
                    Command.create({"product_id": cls.gloves.id, "product_uom_qty": 0}),
                ],
            }
        )

    def quote(self, partner):
        """Choose customer and template as a clerk would."""
        form = Form(self.env["sale.order"].with_user(self.clerk))
        form.partner_id = partner
        form.sale_order_template_id = self.template
        order = form.save().sudo()
        return order, *(
            order.order_line.filtered(lambda line, p=product: line.product_id == p)
            for product in (self.drill, self.gloves)
        )

    def net(self, line):
        return line.price_unit * (1 - line.discount / 100)

    def test_template_takes_the_prices_of_the_account(self):
        """Main and optional lines have the account's prices; others pay list price."""
        _order, drill, gloves = self.quote(self.nordwind)
        self.assertAlmostEqual(self.net(drill), 180.0)
        self.assertAlmostEqual(self.net(gloves), 9.0)
        self.assertIn("Goldpreise", drill.key_account_price_origin)
        _order, drill, gloves = self.quote(self.bergmann)
        self.assertAlmostEqual(self.net(drill), self.drill.lst_price)
        self.assertAlmostEqual(self.net(gloves), self.gloves.lst_price)

    def test_optional_product_taken_on_the_portal(self):
        """Ordering 60 of an optional product on the portal gives the price break."""
        order, _drill, gloves = self.quote(self.nordwind)
        order.action_quotation_sent()
        self.env.flush_all()
        self.make_jsonrpc_request(
            f"/my/orders/{order.id}/update_line_dict",
            {
                "line_id": gloves.id,
                "access_token": order._portal_ensure_token(),
                "input_quantity": 60,
            },
        )
        self.env.invalidate_all()
        self.assertEqual(gloves.product_uom_qty, 60)
        self.assertAlmostEqual(self.net(gloves), 7.5)
