# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import KeyAccountCommon

GLOBAL = "3_global"
VARIANT = "0_product_variant"


@tagged("post_install", "-at_install")
class TestEffectTrust(KeyAccountCommon):
    """What isn't looked at in a price list isn't given away by it."""

    def special(self, *rules, user=None, **values):
        return self.as_user(user or self.kam)["product.pricelist"].create(
            {
                "name": "Sonderpreise",
                "key_account_only": True,
                "company_id": self.env.company.id,
                "item_ids": [Command.create(rule) for rule in rules],
                **values,
            }
        )

    def fixed(self, price, **values):
        return {
            "applied_on": VARIANT,
            "product_id": self.drill.id,
            "compute_price": "fixed",
            "fixed_price": price,
            **values,
        }

    def test_rules_beyond_the_sample(self):
        """Rules behind the quantities, days and products that are looked at count."""
        quantities = [self.fixed(199.0, min_quantity=step) for step in range(2, 9)]
        days = [
            self.fixed(
                199.0,
                date_start=f"2030-0{month}-01 00:00:00",
                date_end=f"2030-0{month}-20 00:00:00",
            )
            for month in range(1, 9)
        ]
        for rules in (
            [*quantities, self.fixed(1.0, min_quantity=5000)],
            [*days, self.fixed(1.0, date_start="2031-01-01 00:00:00")],
        ):
            fine = self.special(*rules[:-1])
            self.assertEqual(fine.key_account_approval_state, "approved")
            pricelist = self.special(*rules)
            self.assertGreater(pricelist.key_account_max_discount, 99)
            self.assertEqual(pricelist.key_account_approval_state, "draft")

    def test_amounts_off(self):
        """An amount off takes most off the cheapest product, looked at or not."""
        self.env["product.product"].create(
            [{"name": f"Schraube {number}", "list_price": 0.5} for number in range(60)]
        )
        rule = {"compute_price": "formula", "applied_on": GLOBAL}
        for values in ({"price_surcharge": -0.4}, {"price_round": 1.0}):
            pricelist = self.special({**rule, **values})
            self.assertGreater(pricelist.key_account_max_discount, 79)
            self.assertEqual(pricelist.key_account_approval_state, "draft")
        pricelist = self.special({**rule, "price_discount": 4.0})
        self.assertEqual(pricelist.key_account_approval_state, "approved")
        fixed = self.special({"compute_price": "fixed", "fixed_price": 500.0})
        self.assertEqual(fixed.key_account_approval_state, "draft")

    def test_lists_below(self):
        """A rule of the base list that no one looked at reopens the approval."""
        base = self.make_pricelist("Grundlage", 4)
        pricelist = self.special(
            {
                "compute_price": "formula",
                "base": "pricelist",
                "base_pricelist_id": base.id,
            },
            user=self.director,
        )
        self.assertEqual(pricelist.key_account_approval_state, "approved")
        extra = self.env["product.product"].create({"name": "Neu", "list_price": 9.0})
        manager = self.clerk
        manager.group_ids += self.env.ref("sales_team.group_sale_manager")
        rule = {
            **self.fixed(1.0, product_id=extra.id, min_quantity=5000),
            "pricelist_id": base.id,
        }
        self.as_user(manager)["product.pricelist.item"].create(rule)
        self.assertEqual(pricelist.key_account_approval_state, "draft")

    def test_product_not_looked_at(self):
        """A product without an earlier price is compared with its list price."""
        pricelist = self.special(
            self.fixed(150.0), self.fixed(150.0, min_quantity=10), user=self.director
        )
        mine = self.as_user(self.kam, pricelist)
        self.assertEqual(mine.key_account_approval_state, "approved")
        mine.item_ids[0].product_id = self.gloves
        self.assertEqual(mine.key_account_approval_state, "draft")

    def test_list_of_all_companies(self):
        """The strictest company decides, not the one that the user chooses."""
        self.other_company.key_account_discount_limit_user = 1.0
        self.env.company.key_account_discount_limit_user = 50.0
        env = self.as_user(self.kam)
        env.user.company_ids += self.other_company
        rule = {"compute_price": "percentage", "percent_price": 40.0}
        for company, state in ((False, "draft"), (self.env.company.id, "approved")):
            pricelist = env["product.pricelist"].with_context(
                allowed_company_ids=[self.env.company.id]
            )
            pricelist = pricelist.create(
                {
                    "name": "Für alle",
                    "key_account_only": True,
                    "company_id": company,
                    "item_ids": [Command.create(rule)],
                }
            )
            self.assertEqual(pricelist.key_account_approval_state, state)

    def test_rule_into_a_public_list(self):
        """A rule doesn't go where the user couldn't have made it."""
        mine = self.special(self.fixed(199.0))
        with self.assertRaises(AccessError):
            mine.item_ids.pricelist_id = self.pricelist.id

    def test_special_list_for_everybody(self):
        """No way of saying no makes a special list a public one."""
        mine = self.special(self.fixed(199.0))
        for no in (False, 0, None, ""):
            with self.assertRefused("Only a sales manager", exception=AccessError):
                mine.write({"key_account_only": no})
