# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import io
import random
import zipfile
from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged

from ..common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestPriceAudit(KeyAccountCommon, HttpCase):
    """Invoice lines are compared with the terms of their day."""

    def audit(self, **values):
        audit = self.as_user(self.director, self.env["key.account.price.audit"]).create(
            {"date_from": self.today, "date_to": self.today, **values}
        )
        audit.action_run()
        return audit

    def invoice(self, partner, lines, **values):
        """Write a posted invoice of (product, quantity, price) lines."""
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": self.today,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "quantity": quantity,
                            "price_unit": price,
                            "tax_ids": [Command.clear()],
                        }
                    )
                    for product, quantity, price in lines
                ],
                **values,
            }
        )
        move.action_post()
        return move

    def test_seeded_overcharge_and_nothing_else(self):
        """Only the line charged at list price is found: 20.00 too much, five pieces."""
        self.invoice(
            self.nordwind,
            [(self.drill, 5, 200.0), (self.drill, 3, 180.0), (self.gloves, 7, 9.0)],
        )
        self.invoice(self.bergmann, [(self.drill, 5, 300.0)])
        audit = self.audit()
        self.assertEqual(audit.checked_count, 3)
        self.assertEqual(len(audit.line_ids), 1)
        line = audit.line_ids
        self.assertAlmostEqual(line.difference, 100.0)
        self.assertAlmostEqual(line.rightful_price, 180.0)
        self.assertEqual(line.kind, "over")
        self.assertEqual(line.terms, "Tier Gold: price list “Goldpreise”")
        self.assertAlmostEqual(audit.overcharge, 100.0)

    def test_credit_note_in_one_click_and_only_once(self):
        """One click drafts the credit note; later audits don't find the line again."""
        move = self.invoice(self.nordwind, [(self.drill, 5, 200.0)])
        audit = self.as_user(self.accountant, self.audit())
        action = audit.action_credit()
        refund = self.env["account.move"].browse(action["res_id"])
        self.assertEqual((refund.move_type, refund.state), ("out_refund", "draft"))
        self.assertAlmostEqual(refund.amount_untaxed, 100.0)
        self.assertIn(move.name, refund.invoice_line_ids.name)
        with self.assertRefused("no overcharge left"):
            audit.action_credit()
        self.assertFalse(self.audit().line_ids)
        with self.assertRaises(AccessError):
            self.as_user(self.kam, audit).action_run()

    def test_price_of_the_order_date_counts(self):
        """A price list that came after the order doesn't affect its invoice."""
        account = self.make_account(self.bergmann)
        self.change_tier(account, self.gold, self.today - timedelta(days=20))
        order = self.make_order(self.bergmann, 2)
        order.action_confirm()
        order.date_order = order.date_order - timedelta(days=10)
        late_list = self.make_pricelist("Später", 50, key_account_only=True)
        late_list.key_account_date_start = self.today
        account.pricelist_id = late_list
        order._create_invoices().action_post()
        audit = self.audit()
        self.assertEqual(audit.checked_count, 1)
        self.assertFalse(audit.line_ids)

    def test_five_thousand_random_lines_against_a_plain_reference(self):
        """The audit finds exactly what a plain reference finds in 5,000 lines."""
        rng = random.Random(4)
        self.gold_list.item_ids += self.env["product.pricelist.item"].create(
            [
                {
                    "pricelist_id": self.gold_list.id,
                    "applied_on": "0_product_variant",
                    "product_id": self.gloves.id,
                    "compute_price": "fixed",
                    "fixed_price": price,
                    "min_quantity": quantity,
                }
                for quantity, price in ((10, 8.0), (100, 7.25))
            ]
        )
        silver = self.make_account(self.bergmann, tier_id=self.silver.id)
        silver.tier_id.flush_recordset()

        def right(partner, product, quantity):
            if partner == self.bergmann:
                return product.list_price * 0.95
            if product == self.gloves and quantity >= 100:
                return 7.25
            if product == self.gloves and quantity >= 10:
                return 8.0
            return product.list_price * 0.9

        expected, wrong = 0.0, 0
        for number in range(10):
            partner = rng.choice([self.nordwind, self.anna, self.bergmann])
            lines = []
            for _line in range(500):
                product = rng.choice([self.drill, self.gloves])
                quantity = rng.choice([1, 5, 9, 10, 11, 99, 100, 250])
                price = right(partner, product, quantity)
                if rng.random() < 0.001 or (number, _line) == (3, 3):
                    extra = rng.choice([-1.0, 0.5, 2.25])
                    price += extra
                    wrong += 1
                    expected += max(round(extra * quantity, 2), 0.0)
                lines.append((product, quantity, price))
            self.invoice(partner, lines)
            if number == 1:
                # As the database does by itself after a commit: without it core's
                # look at payments takes a second for each invoice.
                self.env.flush_all()
                self.env.cr.execute(
                    "ANALYZE account_move, account_move_line, account_partial_reconcile"
                )
        audit = self.audit()
        self.assertEqual(audit.checked_count, 5_000)
        self.assertEqual(len(audit.line_ids), wrong)
        self.assertAlmostEqual(audit.overcharge, expected, places=2)

    def test_workbook_and_rights(self):
        """A director downloads the workbook; account managers can't open audits."""
        self.invoice(self.nordwind, [(self.drill, 1, 250.0)])
        audit = self.audit()
        new_test_user(
            self.env,
            login="d.audit",
            password="d.audit.2026",
            groups="key_account_management.group_key_account_director,"
            "base.group_allow_export",
        )
        self.authenticate("d.audit", "d.audit.2026")
        answer = self.url_open(f"/key_account/price_audit/{audit.id}.xlsx")
        sheet = zipfile.ZipFile(io.BytesIO(answer.content)).read(
            "xl/worksheets/sheet1.xml"
        )
        self.assertIn(b"Nordwind", sheet)
        with self.assertRaises(AccessError):
            self.as_user(self.kam, self.env["key.account.price.audit"]).search([])
        self.assertFalse(
            self.as_user(
                self.other_director, self.env["key.account.price.audit"]
            ).search([("id", "=", audit.id)])
        )
