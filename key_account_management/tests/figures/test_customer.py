# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import random
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestCustomer(KeyAccountCommon):
    """All customers of a company by revenue and margin."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gloves.standard_price = 6.0
        cls.Customer = cls.env["key.account.customer"]

    def fill(self):
        self.Customer._fill(self.env.company)
        rows = self.Customer.search([("company_id", "=", self.env.company.id)])
        return {row.partner_id: row for row in rows}

    def sell(self, partner, quantity, price=10.0, days=10, **values):
        """Invoice pieces that cost 6 each."""
        line = {"product_id": self.gloves.id, "quantity": quantity, "price_unit": price}
        return self.make_invoice(
            partner,
            0,
            invoice_date=self.today - timedelta(days=days),
            invoice_line_ids=[Command.create({**line, "tax_ids": [Command.clear()]})],
            **values,
        )

    @classmethod
    def plain_ranking(cls, amounts):
        """Return share, cumulative share and class by customer, by the book."""
        total = sum(amount for amount in amounts.values() if amount > 0)
        ranked = sorted(amounts.items(), key=lambda item: (-item[1], item[0].id))
        found, before = {}, 0.0
        for partner, amount in ranked:
            if amount <= 0:
                continue
            name = (
                "a" if before < 0.8 * total else "b" if before < 0.95 * total else "c"
            )
            before += amount
            found[partner] = (100 * amount / total, 100 * before / total, name)
        return found

    def test_classes_are_those_of_a_plain_reference(self):
        rng = random.Random(19)
        partners = [self.make_customer(f"Kunde {number}") for number in range(14)]
        for partner in partners:
            for _document in range(rng.randint(0, 3)):
                quantity = rng.randint(1, 400)
                price = rng.choice([4.0, 6.5, 10.0, 25.0])
                days = rng.choice([3, 100, 300, 400, 600, 800])
                kind = rng.choice(["out_invoice"] * 4 + ["out_refund"])
                self.sell(partner, quantity, price, days, move_type=kind)
        self.sell(self.nordwind, 100)
        rows = self.fill()
        since = self.today - relativedelta(years=1) + timedelta(days=1)
        before = since - relativedelta(years=1)
        moves = self.env["account.move"].search(
            [
                ("company_id", "=", self.env.company.id),
                ("move_type", "in", ("out_invoice", "out_refund", "out_receipt")),
                ("state", "=", "posted"),
                ("invoice_date", ">=", before),
                ("invoice_date", "<=", self.today),
            ]
        )
        sums = [{}, {}, {}, {}]
        for move in moves:
            lines = move.invoice_line_ids
            sign = -1 if move.move_type == "out_refund" else 1
            costs = sum(
                sign * line.quantity * line.product_id.standard_price for line in lines
            )
            late = 0 if move.invoice_date >= since else 2
            for place, amount in (
                (late, move.amount_untaxed_signed),
                (late + 1, move.amount_untaxed_signed - costs),
            ):
                partner = move.commercial_partner_id
                sums[place][partner] = sums[place].get(partner, 0.0) + amount
        ranked = [self.plain_ranking(amounts) for amounts in sums]
        self.assertEqual(set(rows), {partner for part in ranked for partner in part})
        for partner, row in rows.items():
            with self.subTest(partner=partner.name):
                for place, fname in enumerate(
                    ("revenue", "margin", "revenue_prior", "margin_prior")
                ):
                    amount = sums[place].get(partner, 0.0)
                    self.assertAlmostEqual(row[fname], amount, 2, fname)
                    name = ranked[place].get(partner, (0, 0, False))[2]
                    prefix = fname.removesuffix("_prior")
                    suffix = "_prior" if place > 1 else ""
                    self.assertEqual(row[f"{prefix}_class{suffix}"], name)
                share, cumulative, _name = ranked[0].get(partner, (0.0, 0.0, False))
                self.assertAlmostEqual(row.revenue_share, share)
                self.assertAlmostEqual(row.revenue_cumulative, cumulative)
        account = self.account
        account.action_refresh_figures()
        row = rows[self.nordwind]
        self.assertEqual(row.account_id, account)
        self.assertEqual(row.revenue_class, account.abc_class)
        self.assertAlmostEqual(row.margin, account.margin_12m, 2)
        # What is right already isn't written.
        self.env.cr.execute("SELECT id, xmin FROM key_account_customer ORDER BY id")
        as_it_was = self.env.cr.fetchall()
        self.fill()
        self.env.cr.execute("SELECT id, xmin FROM key_account_customer ORDER BY id")
        self.assertEqual(self.env.cr.fetchall(), as_it_was)

    def test_movers(self):
        self.sell(self.nordwind, 10, days=500)
        self.sell(self.nordwind, 900)
        self.sell(self.bergmann, 900, days=500)
        self.sell(self.bergmann, 10)
        self.sell(self.rheintal, 20)
        self.sell(self.rheintal_sued, 20, days=500)
        rows = self.fill()
        moves = {
            partner: rows[partner].move
            for partner in (
                self.nordwind,
                self.bergmann,
                self.rheintal,
                self.rheintal_sued,
            )
        }
        self.assertEqual(list(moves.values()), ["up", "down", "new", "gone"])

    def test_a_customer_without_account_becomes_a_candidate(self):
        self.sell(self.bergmann, 5000)
        self.bergmann.user_id = self.kam2
        row = self.fill()[self.bergmann]
        self.assertFalse(row.account_id)
        action = self.as_user(self.director, row).action_make_candidate()
        account = self.env["key.account"].browse(action["res_id"])
        self.assertEqual(
            (account.partner_id, account.state, account.manager_id),
            (self.bergmann, "candidate", self.kam2),
        )
        self.assertEqual(row.account_id, account)
        with self.assertRefused("already"):
            self.as_user(self.director, row).action_make_candidate()
        # Made elsewhere since the night.
        self.sell(self.rheintal, 5000)
        row = self.fill()[self.rheintal]
        self.make_account(self.rheintal)
        with self.assertRefused("already"):
            self.as_user(self.director, row).action_make_candidate()

    def test_an_ended_account_is_taken_up_again(self):
        self.sell(self.bergmann, 50)
        account = self.make_account(self.bergmann)
        account.action_end()
        row = self.fill()[self.bergmann]
        self.assertFalse(row.account_id)
        # Who can't write the account can't take it up.
        account.manager_id = self.kam2
        with self.assertRaises(AccessError):
            self.as_user(self.kam, row).action_make_candidate()
        self.as_user(self.director, row).action_make_candidate()
        self.assertEqual(account.state, "candidate")
        self.assertEqual(row.account_id, account)

    def test_who_may_see_them(self):
        self.sell(self.nordwind, 10)
        self.sell(self.bergmann, 10)
        self.fill()
        own = self.as_user(self.kam)["key.account.customer"].search([])
        self.assertEqual(own.partner_id, self.nordwind)
        everybody = self.as_user(self.all_user)["key.account.customer"].search([])
        self.assertIn(self.bergmann, everybody.partner_id)
        for user in (self.clerk, self.accountant, self.outsider):
            with self.assertRaises(AccessError):
                self.as_user(user)["key.account.customer"].search([])
        other = self.as_user(self.other_director)["key.account.customer"].search([])
        self.assertFalse(other)
        with self.assertRaises(AccessError):
            everybody[:1].write({"revenue_class": "a"})
        with self.assertRaises(AccessError):
            self.as_user(self.kam)["key.account.concentration"].create({})

    def test_the_picture_adds_up(self):
        for number in range(25):
            partner = self.make_customer(f"Kunde {number}")
            self.sell(partner, 10 * (number + 1))
        self.fill()
        page = self.as_user(self.all_user)["key.account.concentration"].create({})
        for measure in ("revenue", "margin"):
            page.measure = measure
            value = page.concentration
            rows = value["rows"]
            self.assertEqual(len(rows), 21)
            self.assertAlmostEqual(sum(row["share"] for row in rows), 100.0)
            self.assertAlmostEqual(rows[-2]["cumulative"] + rows[-1]["share"], 100.0)
            cells = [cell for line in value["matrix"] for cell in line]
            count = self.Customer.search_count(
                [
                    ("company_id", "=", self.env.company.id),
                    ("margin_class", "!=", False),
                ]
            )
            self.assertEqual(sum(cell["count"] for cell in cells), count)
            self.assertIn("80 %", value["sentence"])

    def test_the_night_fills_them(self):
        self.sell(self.bergmann, 10)
        cron = self.env.ref("key_account_management.ir_cron_update_figures")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        row = self.Customer.search([("partner_id", "=", self.bergmann.id)])
        self.assertEqual(row.revenue, 100.0)
