# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import Command
from odoo.tests import tagged

from .test_key_account_price import KeyAccountPriceCommon


@tagged("post_install", "-at_install")
class TestQuantitySteps(KeyAccountPriceCommon):
    """Lines of an order are asked for together between two steps of quantity."""

    def rules_of(self, *bought):
        """Return the prices of an order's lines, each asked for a unit and quantity."""
        self.env.invalidate_all()
        order = self.env["sale.order"].create(
            {
                "partner_id": self.nordwind.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.drill.id,
                            "product_uom_qty": quantity,
                            **({"product_uom_id": uom.id} if uom else {}),
                        }
                    )
                    for quantity, uom in bought
                ],
            }
        )
        pieces = [
            line.product_uom_id._compute_quantity(1, self.drill.uom_id)
            for line in order.order_line
        ]
        return [
            round(line.price_unit * (1 - line.discount / 100) / each, 2)
            for line, each in zip(order.order_line, pieces, strict=True)
        ]

    def test_each_line_has_the_rule_of_its_own_quantity(self):
        """Lines are asked for together between two steps, in the product's unit."""
        self.add_price(self.own_list, self.drill, 170.0, 10)
        self.add_price(self.own_list, self.drill, 160.0, 24)
        dozen = self.env.ref("uom.product_uom_dozen")
        bought = [(1, None), (9, None), (10, None), (1, dozen), (24, None), (2, dozen)]
        expected = [180.0, 180.0, 170.0, 170.0, 160.0, 160.0]
        self.assertEqual(self.rules_of(*bought), expected)
        # Compared with the tier's 150 from five on, which come from yet another list.
        self.account.pricelist_mode = "best"
        base = self.make_pricelist("Staffel", 0)
        base.item_ids.unlink()
        self.add_price(base, self.drill, 150.0, 5)
        self.gold_list.item_ids = [
            Command.clear(),
            Command.create(
                {
                    "compute_price": "formula",
                    "base": "pricelist",
                    "base_pricelist_id": base.id,
                }
            ),
        ]
        prices = self.rules_of((1, None), (4, None), (5, None), (12, None), (1, dozen))
        self.assertEqual(prices, [180.0, 180.0, 150.0, 150.0, 150.0])

    def test_lines_between_two_steps_cost_no_query_each(self):
        self.add_price(self.own_list, self.drill, 170.0, 100)
        lines = self.env["sale.order.line"]
        for number in range(1, 10):
            lines += self.order(number).order_line
        lines.order_id = self.order().id
        few = self.count_queries(lines[:2]._compute_pricelist_item_id)
        many = self.count_queries(lines._compute_pricelist_item_id)
        self.assertLessEqual(many, few)
