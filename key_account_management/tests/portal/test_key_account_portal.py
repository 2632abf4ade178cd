# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import io
from datetime import timedelta

from openpyxl import load_workbook

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from ..loyalty.common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestKeyAccountPortal(LoyaltyCommon, HttpCase):
    """A customer's contacts see their own account, as far as their role allows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal_user = cls._create_new_portal_user(
            login="anna.portal", partner_id=cls.anna.id, name="Anna Seidel"
        )
        cls.portal_user.password = "anna.portal"
        stranger = cls.env["res.partner"].create(
            {"name": "Bea Klein", "parent_id": cls.bergmann.id, "email": "b@k.example"}
        )
        cls.stranger = cls._create_new_portal_user(
            login="bea.portal", partner_id=stranger.id, name="Bea Klein"
        )
        cls.stranger.password = "bea.portal"
        cls.account.manager_id = cls.kam
        cls.kam.partner_id.phone = "+49 40 123456"
        cls.account.deputy_id = cls.kam2
        cls.gold.description = "Frei Haus ab 100 Euro"
        cls.drill.default_code = "BS-18"
        cls.own_list = cls.env["product.pricelist"].create(
            {
                "name": "Nordwind Sonderpreise",
                "item_ids": [
                    Command.create(
                        {
                            "applied_on": "1_product",
                            "product_tmpl_id": cls.drill.product_tmpl_id.id,
                            "compute_price": "fixed",
                            "fixed_price": price,
                            "min_quantity": quantity,
                        }
                    )
                    for quantity, price in ((0, 170.0), (10, 160.0))
                ],
            }
        )
        cls.account.pricelist_id = cls.own_list
        cls.card_of_nordwind = cls.give(150, description="Messe Hamburg")

    def page(self, url, login="anna.portal"):
        self.authenticate(login, login)
        return self.url_open(url)

    def rows(self, products):
        return self.env["key.account.price"]._get_price_rows(self.account, products)

    def test_home(self):
        """The page shows tier, benefits, manager, phone, deputy and links."""
        text = self.page("/my/key-account").text
        for wanted in (
            "Gold",
            "Frei Haus ab 100 Euro",
            "Jonas Reuter",
            "+49 40 123456",
            "Miriam Vogt",
            "/my/prices",
            "/my/complaints",
            "Partnerpunkte",
            "150 Punkte",
        ):
            self.assertIn(wanted, text)

    def test_deputy_stands_in(self):
        """The page tells the customer when the account manager is absent."""
        self.kam.write(
            {
                "key_account_absence_start": self.today - timedelta(days=1),
                "key_account_absence_end": self.today + timedelta(days=3),
            }
        )
        self.assertIn("is absent at the moment", self.page("/my/key-account").text)

    def test_prices_are_those_of_an_order(self):
        """Prices and breaks equal those of an order; other products aren't listed."""
        text = self.page("/my/prices").text
        self.assertIn("Akkubohrschrauber", text)
        self.assertNotIn("Arbeitshandschuhe", text)
        [row] = self.rows(self.drill)
        for quantity, price in ((1, row["price"]), row["breaks"][0]):
            order = self.make_order(self.nordwind, quantity)
            self.assertAlmostEqual(order.order_line.price_unit, price)
        self.assertEqual(row["list_price"], 200.0)
        self.assertNotIn(
            "Akkubohrschrauber", self.page("/my/prices?search=Hammer").text
        )
        self.assertIn("Akkubohrschrauber", self.page("/my/prices?search=BS-18").text)

    def test_best_of_all_lists(self):
        """In best-of-all mode the price list shows the best price of all lists."""
        self.gold.pricelist_id = self.make_pricelist("Goldpreise", 50)
        self.account.pricelist_mode = "best"
        [row] = self.rows(self.drill)
        order = self.make_order(self.nordwind, 1)
        self.assertAlmostEqual(row["price"], order.order_line.price_unit)
        self.assertAlmostEqual(row["price"], 100.0)

    def test_products_of_every_list_that_counts(self):
        """In best-of-all mode the price list includes the tier's products."""
        gold_list = self.env["product.pricelist"].create({"name": "Goldpreise"})
        self.add_price(gold_list, self.gloves, 7.0)
        self.gold.pricelist_id = gold_list
        self.assertNotIn("Arbeitshandschuhe", self.page("/my/prices").text)
        self.account.pricelist_mode = "best"
        self.assertIn("Arbeitshandschuhe", self.page("/my/prices").text)

    def test_rules_of_other_days(self):
        """Prices that have ended or not yet begun aren't shown."""
        rules = self.own_list.item_ids
        now = fields.Datetime.now()
        rules.date_end = now - timedelta(days=1)
        self.assertNotIn("Akkubohrschrauber", self.page("/my/prices").text)
        rules.write({"date_start": now + timedelta(days=1), "date_end": False})
        self.assertNotIn("Akkubohrschrauber", self.page("/my/prices").text)
        rules.date_start = now - timedelta(days=1)
        self.assertIn("Akkubohrschrauber", self.page("/my/prices").text)

    def test_every_break_is_shown(self):
        """All breaks of a product are shown, but none of other products."""
        for number in range(2, 30):
            self.add_price(self.own_list, self.drill, 170.0 - number, number * 10)
            self.add_price(self.own_list, self.gloves, 9.0, number * 10 + 5)
        [row] = self.rows(self.drill)
        self.assertEqual(
            row["breaks"],
            [(10, 160.0)] + [(n * 10, 170.0 - n) for n in range(11, 30)],
        )

    def add_price(self, pricelist, product, price, quantity=0):
        self.env["product.pricelist.item"].create(
            {
                "pricelist_id": pricelist.id,
                "applied_on": "0_product_variant",
                "product_id": product.id,
                "product_tmpl_id": product.product_tmpl_id.id,
                "compute_price": "fixed",
                "fixed_price": price,
                "min_quantity": quantity,
            }
        )

    def test_no_text_breaks_the_search(self):
        """A NUL in the search, which PostgreSQL refuses, doesn't break the page."""
        self.assertEqual(self.page("/my/prices?search=BS%00-18").status_code, 200)
        self.assertEqual(self.page("/my/prices.xlsx?search=%00").status_code, 200)

    def test_other_customers_lists_in_a_web_shop(self):
        """In a web shop with selectable lists, special lists stay private."""
        others = self.env["product.pricelist"].create(
            {"name": "Bergmann Sonderpreise", "key_account_only": True}
        )
        self.add_price(others, self.drill, 111.0)
        self.own_list.key_account_only = True
        ordinary = self.env["product.pricelist"].create({"name": "Für alle"})
        models = self.env["ir.model"].search(
            [("model", "in", ("product.pricelist", "product.pricelist.item"))]
        )
        # The module website_sale does the same.
        self.env["ir.model.access"].create(
            [
                {
                    "name": f"shop {model.model}",
                    "model_id": model.id,
                    "group_id": self.env.ref("base.group_portal").id,
                    "perm_read": True,
                }
                for model in models
            ]
        )
        lists = self.env["product.pricelist"].with_user(self.portal_user)
        chosen = others + self.own_list + ordinary
        found = lists.search([("id", "in", chosen.ids)])
        self.assertEqual(set(found.ids), set((self.own_list + ordinary).ids))
        with self.assertRaises(AccessError):
            others.with_user(self.portal_user).read(["name"])
        self.own_list.with_user(self.portal_user).read(["name"])
        items = self.env["product.pricelist.item"].with_user(self.portal_user)
        self.assertFalse(items.search([("pricelist_id", "=", others.id)]))
        self.assertTrue(items.search([("pricelist_id", "=", self.own_list.id)]))
        url = f"/key_account/pricelist/{self.own_list.id}.xlsx"
        self.assertEqual(self.page(url).status_code, 404)

    def test_taxes_are_left_out(self):
        """Prices that include taxes are shown without them."""
        self.drill.taxes_id = self.env["account.tax"].create(
            {
                "name": "19 % im Preis",
                "amount": 19.0,
                "price_include_override": "tax_included",
            }
        )
        [row] = self.rows(self.drill)
        self.assertAlmostEqual(row["price"], 170.0 / 1.19, 2)

    def test_workbook(self):
        """The download contains all rows, with numbers as numbers."""
        answer = self.page("/my/prices.xlsx")
        sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
        rows = [row[3:5] for row in sheet.iter_rows(min_row=2, values_only=True)]
        self.assertEqual(rows, [(None, 170), (10, 160)])

    def test_roles(self):
        """Purchasing sees no agreements, and service sees nothing but complaints."""
        agreement = self.env["key.account.agreement"].create(
            {
                "account_id": self.account.id,
                "title": "Rahmenvertrag",
                "date_start": self.today,
            }
        )
        agreement.action_submit_approval()
        if agreement.state != "active":
            agreement.action_approve_terms()
        self.assertEqual(agreement.state, "active")
        as_contact = self.as_user(self.portal_user, agreement)
        self.assertEqual(as_contact.title, "Rahmenvertrag")
        self.anna.key_account_portal_role = "purchasing"
        with self.assertRaises(AccessError):
            self.as_user(self.portal_user, agreement).read(["title"])
        text = self.page("/my/key-account").text
        self.assertNotIn("/my/agreements", text)
        self.assertIn("/my/prices", text)
        self.anna.key_account_portal_role = "service"
        text = self.page("/my/key-account").text
        for closed in ("/my/agreements", "/my/prices", "Partnerpunkte"):
            self.assertNotIn(closed, text)
        self.assertIn("/my/complaints", text)
        self.assertNotIn("Akkubohrschrauber", self.page("/my/prices").text)
        self.assertEqual(self.page("/my/prices.xlsx").status_code, 404)
        history = f"/my/loyalty_card/{self.card_of_nordwind.id}/history"
        self.assertNotIn("Messe Hamburg", self.page(history).text)

    def test_strangers(self):
        """Users without a key account get no page; no one gets another's prices."""
        self.assertNotIn(
            "Jonas Reuter", self.page("/my/key-account", "bea.portal").text
        )
        self.assertEqual(self.page("/my/prices", "bea.portal").status_code, 404)
        url = f"/my/prices.xlsx?account_id={self.account.id}"
        self.assertEqual(self.page(url, "bea.portal").status_code, 404)

    def test_queries_do_not_grow(self):
        """A page of many prices takes as many queries as a page of one."""
        many = self.env["product.product"].create(
            [{"name": f"Schraube {n}", "list_price": n} for n in range(1, 31)]
        )
        counts = []
        for products in (self.drill, self.drill, many + self.drill):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.rows(products)
            counts.append(self.env.cr.sql_log_count - before)
        # Fill Odoo's caches with the first call.
        self.assertEqual(counts[1], counts[2])
