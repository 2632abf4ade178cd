# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import io
import random
import zipfile

from odoo import Command
from odoo.tests import BaseCase, HttpCase, tagged
from odoo.tools import float_round

from ...models.audit.waterfall_rules import add_up
from ..common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestWaterfallRules(BaseCase):
    """The arithmetic, tested without a database."""

    def test_arithmetic(self):
        """Each total is the sum of the steps before it."""
        steps = add_up(
            ("list", "special", "invoiced", "credit_note", "pocket", "cost", "margin"),
            {"list": 100.0, "special": -30.0, "cost": -50.0},
            round,
        )
        self.assertEqual(
            steps,
            [
                ("list", 100, True),
                ("special", -30, False),
                ("invoiced", 70, True),
                ("pocket", 70, True),
                ("cost", -50, False),
                ("margin", 20, True),
            ],
        )

    def test_steps_add_up_to_what_was_invoiced(self):
        """Totals are rounded, steps lie between: 10.005 is 10.01, 9.99 stays 9.99."""
        steps = add_up(
            ("list", "special", "discount", "invoiced"),
            {"list": 10.005, "special": -0.005, "discount": -0.01},
            lambda amount: float_round(amount, 2),
        )
        self.assertEqual(
            steps,
            [
                ("list", 10.01, True),
                ("special", -0.01, False),
                ("discount", -0.01, False),
                ("invoiced", 9.99, True),
            ],
        )


@tagged("post_install", "-at_install")
class TestWaterfall(KeyAccountCommon, HttpCase):
    """From list price to margin by line, order, account and group."""

    def amounts(self, waterfall):
        return {step["key"]: step["amount"] for step in waterfall["steps"]}

    def waterfall(self, accounts):
        return self.amounts(accounts._get_waterfall(self.today, self.today))

    def invoiced_order(self, partner, quantity=1, discount=0.0):
        order = self.make_order(partner, quantity)
        if discount:
            line = order.order_line
            net = line.price_unit * (1 - line.discount / 100)
            line.write({"price_unit": net * (1 - discount / 100), "discount": 0})
        order.action_confirm()
        order._create_invoices().action_post()
        return order

    def test_line_from_list_to_margin(self):
        """A line goes from 200 list price to 171 after discounts, with 120 of cost."""
        order = self.make_order(self.nordwind, 10)
        line = order.order_line
        line.write({"price_unit": 171.0, "discount": 0.0})
        for waterfall in (line.key_account_waterfall, order.key_account_waterfall):
            self.assertEqual(
                self.amounts(waterfall),
                {
                    "list": 2000.0,
                    "special": -200.0,
                    "discount": -90.0,
                    "invoiced": 1710.0,
                    "pocket": 1710.0,
                    "cost": -1200.0,
                    "margin": 510.0,
                },
            )
        self.assertFalse(self.make_order(self.bergmann).key_account_waterfall)

    def test_account_and_group_end_where_the_figures_are(self):
        """The last steps equal the account's revenue and margin to the cent."""
        rng = random.Random(7)
        holding = self.make_account(self.rheintal, pricelist_id=self.silver_list.id)
        daughter = self.make_account(self.rheintal_sued)
        for _number in range(6):
            for partner in (self.rheintal, self.rheintal_sued):
                self.invoiced_order(
                    partner, rng.randrange(1, 9), rng.choice([0, 3, 7.5])
                )
        self.make_invoice(self.rheintal, 33.33)
        self.make_invoice(self.rheintal, 12.5, move_type="out_refund")
        (holding | daughter).action_refresh_figures()
        steps = self.waterfall(holding)
        self.assertAlmostEqual(steps["pocket"], holding.revenue_12m)
        self.assertAlmostEqual(steps["margin"], holding.margin_12m)
        self.assertAlmostEqual(steps["credit_note"], -12.5)
        together = self.waterfall(holding | daughter)
        self.assertAlmostEqual(together["margin"], holding.group_margin_12m)
        self.assertLess(together["special"], 0)

    def test_taxes_in_the_price_stay_out(self):
        """A gross price of 238 including 19 % counts as 200."""
        tax = self.env["account.tax"].create(
            {
                "name": "19 % inkl.",
                "amount": 19.0,
                "price_include_override": "tax_included",
                "company_id": self.env.company.id,
            }
        )
        self.drill.write({"list_price": 238.0, "taxes_id": [Command.set(tax.ids)]})
        order = self.make_order(self.nordwind, 1)
        steps = self.amounts(order.key_account_waterfall)
        self.assertAlmostEqual(steps["list"], 200.0)
        self.assertAlmostEqual(steps["special"], -20.0)
        self.assertAlmostEqual(steps["invoiced"], order.amount_untaxed)

    def test_workbook_with_chart_needs_read_access(self):
        """The manager can download the workbook; a colleague can't."""
        order = self.invoiced_order(self.nordwind, 3)
        url = (
            f"/key_account/waterfall/{self.account.id}.xlsx"
            f"?date_from={self.today}&date_to={self.today}"
        )
        self.authenticate(self.kam.login, self.kam.login)
        for address in (url, f"/key_account/order_waterfall/{order.id}.xlsx"):
            answer = self.url_open(address)
            self.assertEqual(answer.status_code, 200)
            names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
            self.assertIn("xl/charts/chart1.xml", names)
        bad = url.replace(str(self.today), "x; DROP TABLE")
        self.assertEqual(self.url_open(bad).status_code, 404)
        self.authenticate(self.kam2.login, self.kam2.login)
        self.assertEqual(self.url_open(url).status_code, 403)
