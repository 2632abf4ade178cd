# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import datetime, time, timedelta
from decimal import Decimal

from odoo import Command
from odoo.tests import tagged

from ..common import KeyAccountCommon
from ..histories import RandomHistories
from .reference_prices import PriceReference


@tagged("post_install", "-at_install")
class TestReferencePrices(RandomHistories, KeyAccountCommon):
    """Random terms: orders cost what a plain reference says, and so does the way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.parent = cls.make_account(cls.rheintal, tier_id=cls.silver.id)
        cls.included = cls.env["account.tax"].create(
            {
                "name": "19 % enthalten",
                "amount": 19.0,
                "type_tax_use": "sale",
                "price_include_override": "tax_included",
            }
        )
        cls.drill.categ_id = cls.env["product.category"].create({"name": "Elektro"})
        cls.gloves.categ_id = cls.env["product.category"].create({"name": "Schutz"})
        cls.saw = cls.drill.copy(
            {
                "name": "Handkreissäge",
                "list_price": 149.9,
                "standard_price": 71.3,
                "taxes_id": [Command.set(cls.included.ids)],
            }
        )
        cls.products = cls.drill | cls.gloves | cls.saw
        cls.special_lists = cls.env["product.pricelist"]
        for name in ("Vertrag", "Eigene", "Gruppe", "Gruppenvertrag", "Stufe"):
            cls.special_lists |= cls.make_pricelist(name, 10)
        cls.base_list = cls.make_pricelist("Grundpreise", 3)
        cls.dozen = cls.env.ref("uom.product_uom_dozen")

    def rule_values(self):
        rng = self.rng
        product = rng.choice(self.products)
        values = rng.choice(
            [
                {"applied_on": "3_global"},
                {"applied_on": "2_product_category", "categ_id": product.categ_id.id},
                {
                    "applied_on": "1_product",
                    "product_tmpl_id": product.product_tmpl_id.id,
                },
                {"applied_on": "0_product_variant", "product_id": product.id},
            ]
        )
        prices = [
            {"compute_price": "percentage", "percent_price": rng.randint(-5, 45)},
            {
                "compute_price": "formula",
                "base": rng.choice(["list_price", "pricelist"]),
                "base_pricelist_id": self.base_list.id,
                "price_discount": rng.randint(0, 40),
                "price_surcharge": rng.choice([0, 1.25, -0.75]),
            },
        ]
        if values["applied_on"][0] in "01":
            price = round(product.list_price * rng.uniform(0.6, 1.1), 2)
            prices.append({"compute_price": "fixed", "fixed_price": price})
        values |= rng.choice(prices)
        values["min_quantity"] = rng.choice([0, 0, 5, 12, 24])
        if rng.random() < 0.3:
            first = self.today + timedelta(days=rng.randint(0, 20))
            values["date_start"] = datetime.combine(first, time(0))
            values["date_end"] = values["date_start"] + timedelta(days=10, hours=23)
        return values

    def make_terms(self):
        """Fill the lists and bind them, some of them not approved or run out."""
        rng = self.rng
        of_agreement, own, of_group, of_group_agreement, of_tier = self.special_lists
        for pricelist in self.special_lists:
            pricelist.item_ids = [
                Command.clear(),
                *(
                    Command.create(self.rule_values())
                    for _rule in range(rng.randint(0, 4))
                ),
            ]
        self.account.write(
            {
                "parent_id": rng.choice([False, self.parent.id]),
                "pricelist_mode": rng.choice(["override", "inherit", "best", "best"]),
                "pricelist_id": rng.choice([False, own.id]),
            }
        )
        self.parent.pricelist_id = rng.choice([False, of_group.id])
        self.gold.pricelist_id = rng.choice([False, of_tier.id])
        for account, pricelist in (
            (self.account, of_agreement),
            (self.parent, of_group_agreement),
        ):
            if rng.random() < 0.5:
                self.make_agreement(account, pricelist)
        for pricelist in self.special_lists.sudo():
            pricelist.key_account_approval_state = rng.choice(
                ["approved", "approved", "approved", "pending"]
            )
            if rng.random() < 0.3:
                pricelist.key_account_date_end = self.today + timedelta(days=15)
        self.env.flush_all()
        self.env.invalidate_all()

    def make_agreement(self, account, pricelist):
        first = self.today + timedelta(days=self.rng.choice([-10, 0, 10]))
        agreement = self.env["key.account.agreement"].create(
            {
                "title": "Rahmenvertrag",
                "account_id": account.id,
                "date_start": first,
                "date_end": first + timedelta(days=20),
                "pricelist_id": pricelist.id,
            }
        )
        agreement.action_submit_approval()

    def play(self):
        self.make_terms()
        checks = 0
        for _order in range(4):
            day = self.today + timedelta(days=self.rng.randint(0, 25))
            checks += self.check_order(day)
        return checks

    def check_order(self, day):
        rng = self.rng
        order = self.env["sale.order"].create(
            {
                "partner_id": self.nordwind.id,
                "date_order": datetime.combine(day, time(10)),
                "order_line": [
                    Command.create(
                        {
                            "product_id": rng.choice(self.products).id,
                            "product_uom_qty": rng.choice([1, 3, 5, 12, 30]),
                            "product_uom_id": rng.choice(
                                [self.dozen, self.drill.uom_id, self.drill.uom_id]
                            ).id,
                        }
                    )
                    for _line in range(3)
                ],
            }
        )
        reference = PriceReference(self.account, day, self.pricelist)
        for line in order.order_line:
            self.check_line(line, reference)
        for line in order.order_line:
            if rng.random() < 0.3:
                line.discount = rng.choice([5, 33.33])
        return len(order.order_line) * 2 + self.check_waterfall(order, reference)

    def pieces(self, line):
        dozens = line.product_uom_id == self.dozen
        return int(line.product_uom_qty) * (12 if dozens else 1)

    def check_line(self, line, reference):
        pieces = self.pieces(line)
        price, rule = reference.price(line.product_id, pieces)
        charged = line.price_unit * (1 - line.discount / 100)
        said = (
            f"{line.product_id.name}, {pieces} pieces on {reference.day}, "
            f"{reference.account.pricelist_mode}, lists "
            f"{[each.name for each in reference.lists()]}"
        )
        self.assertEqual(line.pricelist_item_id, rule or line.pricelist_item_id, said)
        self.assertAlmostEqual(
            charged * line.product_uom_qty, float(price * pieces), 2, said
        )

    def check_waterfall(self, order, reference):
        lines = [
            (
                line.product_id,
                Decimal(self.pieces(line)),
                sum(line.tax_ids.mapped("amount")),
                line.price_subtotal,
            )
            for line in order.order_line
        ]
        expected = reference.waterfall(lines)
        steps = {
            step["key"]: step["amount"] for step in order.key_account_waterfall["steps"]
        }
        for name, amount in expected.items():
            self.assertAlmostEqual(
                steps.get(name, 0.0),
                float(amount),
                2,
                f"step {name} of {lines} on {reference.day}",
            )
        return len(expected)

    def test_random_terms(self):
        self.play_histories(8, self.play)
