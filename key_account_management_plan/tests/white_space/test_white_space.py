# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.key_account_management.tests.common import KeyAccountCommon


class WhiteSpaceCommon(KeyAccountCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.segment = cls.env["key.account.segment"].create({"name": "Bau (Test)"})
        Category = cls.env["product.category"]
        cls.tools = Category.create({"name": "Werkzeuge"})
        cls.drills, cls.saws = Category.create(
            [
                {"name": "Bohrer", "parent_id": cls.tools.id},
                {"name": "Sägen", "parent_id": cls.tools.id},
            ]
        )
        cls.safety = Category.create({"name": "Arbeitsschutz"})
        cls.products = {
            category: cls.env["product.product"].create(
                {"name": category.name, "categ_id": category.id, "taxes_id": False}
            )
            for category in (cls.tools, cls.drills, cls.saws, cls.safety)
        }

    @classmethod
    def make_buyer(cls, name, **values):
        return cls.make_account(
            cls.make_customer(name),
            **{"segment_id": cls.segment.id, "tier_id": cls.gold.id, **values},
        )

    @classmethod
    def sell(cls, account, sales, day=None, refund=False):
        """Post an invoice or credit note: category (None without product) -> amount."""
        move = cls.env["account.move"].create(
            {
                "move_type": "out_refund" if refund else "out_invoice",
                "partner_id": account.partner_id.id,
                "invoice_date": day or cls.today,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": category and cls.products[category].id,
                            "name": category.name if category else "Fracht",
                            "price_unit": amount,
                            "tax_ids": [Command.clear()],
                        }
                    )
                    for category, amount in sales.items()
                ],
            }
        )
        move.action_post()
        return move

    @classmethod
    def take(cls):
        """Take the cells again."""
        cls.env["key.account.white.space"]._refresh(cls.env.company)

    def cell(self, account, category):
        return self.env["key.account.white.space"].search(
            [("account_id", "=", account.id), ("category_id", "=", category.id)]
        )


@tagged("post_install", "-at_install")
class TestWhiteSpace(WhiteSpaceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Five who spend 10 to 50 % on safety, and one who spends 2 %.
        cls.peers = [cls.make_buyer(f"Vergleich {part}") for part in range(1, 6)]
        for part, account in enumerate(cls.peers, start=1):
            cls.sell(account, {cls.drills: 1000 - 100 * part, cls.safety: 100 * part})
        cls.buyer = cls.make_buyer("Bauhof Lindau GmbH")
        cls.sell(cls.buyer, {cls.drills: 4900, cls.safety: 100})
        cls.take()

    def test_potential_is_the_median_of_comparable_accounts(self):
        cell = self.cell(self.buyer, self.safety)
        self.assertEqual(
            (cell.revenue, cell.median_share, cell.potential), (100, 30, 1400)
        )
        self.assertEqual((cell.basis, cell.comparable_count), ("tier", 5))
        self.assertEqual(self.buyer.white_space_amount, 1400)
        # 70 % of the median are spent on tools by the others, 98 % by this one.
        self.assertEqual(self.cell(self.buyer, self.tools).potential, 0)

    def test_categories_above_contain_those_below(self):
        self.sell(self.buyer, {self.saws: 50, self.tools: 25})
        self.take()
        self.assertEqual(self.cell(self.buyer, self.tools).revenue, 4975)
        self.assertEqual(self.cell(self.buyer, self.saws).revenue, 50)
        self.assertEqual(
            (
                self.cell(self.buyer, self.tools).category_level,
                self.cell(self.buyer, self.saws).category_level,
            ),
            (1, 2),
        )

    def test_credit_notes_drafts_and_old_invoices(self):
        self.sell(self.buyer, {self.safety: 40}, refund=True)
        self.sell(self.buyer, {self.safety: 500}, self.today - timedelta(days=400))
        self.sell(self.buyer, {self.safety: 900}, self.today - timedelta(days=800))
        self.make_invoice(self.buyer.partner_id, 77, post=False)
        self.take()
        cell = self.cell(self.buyer, self.safety)
        self.assertEqual((cell.revenue, cell.revenue_before), (60, 500))
        self.assertEqual(cell.trend, -88)

    def test_the_segment_counts_where_the_tier_has_too_few(self):
        self.peers[0].tier_id = self.silver
        self.take()
        cell = self.cell(self.buyer, self.safety)
        self.assertEqual(
            (cell.basis, cell.comparable_count, cell.median_share), ("segment", 5, 30)
        )
        self.peers[1].segment_id = False
        self.take()
        cell = self.cell(self.buyer, self.safety)
        self.assertEqual((cell.basis, cell.potential), ("none", 0))

    def test_the_own_group_is_left_out(self):
        daughter = self.make_buyer("Bauhof Süd GmbH", parent_id=self.buyer.id)
        self.sell(daughter, {self.safety: 1000})
        self.take()
        cell = self.cell(self.buyer, self.safety)
        self.assertEqual((cell.comparable_count, cell.median_share), (5, 30))
        # For the others the group has two members: 2, 20, 30, 40, 50 and 100 %.
        other = self.cell(self.peers[0], self.safety)
        self.assertEqual((other.comparable_count, other.median_share), (6, 35))

    def test_only_what_changes_is_written(self):
        cell = self.cell(self.buyer, self.safety)
        self.cr.execute(
            "SELECT xmin FROM key_account_white_space WHERE id=%s", [cell.id]
        )
        before = self.cr.fetchone()
        self.take()
        self.cr.execute(
            "SELECT xmin FROM key_account_white_space WHERE id=%s", [cell.id]
        )
        self.assertEqual(self.cr.fetchone(), before)
        self.assertEqual(cell.date, self.today)

    def test_what_is_gone_is_deleted(self):
        self.buyer.action_end()
        self.take()
        self.assertFalse(self.cell(self.buyer, self.safety))

    def test_a_cell_makes_an_opportunity(self):
        rival = self.env["key.account.competitor"].create({"name": "Alpenwerkzeug"})
        self.env["key.account.share"].create(
            {
                "account_id": self.buyer.id,
                "competitor_id": rival.id,
                "category_id": self.tools.id,
                "share": 60,
            }
        )
        held = self.cell(self.buyer, self.drills)
        self.assertEqual((held.competitor_id, held.competitor_share), (rival, 60))
        found = self.env["key.account.white.space"].search(
            [("competitor_id", "in", rival.ids)]
        )
        self.assertEqual(found.category_id, self.tools | self.drills)
        cell = self.as_user(self.kam, self.cell(self.buyer, self.safety))
        context = cell.action_new_opportunity()["context"]
        lead = self.as_user(self.kam)["crm.lead"].with_context(**context).create({})
        self.assertEqual(
            (lead.expected_revenue, lead.key_account_category_id, lead.partner_id),
            (1400, self.safety, self.buyer.partner_id),
        )
        cell.invalidate_recordset()
        self.assertEqual((cell.opportunity_count, cell.opportunity_amount), (1, 1400))
        self.assertEqual(
            self.env["crm.lead"].search(cell.action_view_opportunities()["domain"]),
            lead,
        )

    def test_the_matrix_shows_what_the_user_may_see(self):
        page = self.as_user(self.kam)["key.account.white.space.page"]
        matrix = page.get_matrix(account_id=self.buyer.id)
        self.assertEqual([row["id"] for row in matrix["rows"]], self.buyer.ids)
        self.assertEqual(
            [column["name"] for column in matrix["columns"]],
            ["Arbeitsschutz", "Werkzeuge"],
        )
        self.assertEqual(matrix["rows"][0]["cells"][0]["potential"], 1400)
        below = page.get_matrix(account_id=self.buyer.id, parent_id=self.tools.id)
        self.assertEqual([each["name"] for each in below["columns"]], ["Bohrer"])
        colleague = self.as_user(self.kam2)["key.account.white.space.page"]
        self.assertFalse(colleague.get_matrix(account_id=self.buyer.id)["rows"])
        with self.assertRaises(AccessError):
            self.as_user(self.clerk)["key.account.white.space.page"].get_matrix()
        with self.assertRaises(AccessError):
            self.as_user(self.clerk)["key.account.white.space.page"].refresh()

    def test_queries_are_constant(self):
        page = self.env["key.account.white.space.page"]

        def take_page():
            page.get_matrix()

        counts = []
        for more in (2, 6):
            for number in range(more):
                buyer = self.make_buyer(f"Mehr {more}-{number}")
                self.sell(buyer, {self.safety: 100})
            self.take()
            # New accounts made the registry forget what it keeps.
            take_page()
            counts.append(self.count_queries(take_page))
        self.assertEqual(*counts)

    def test_cells_are_the_servers(self):
        cell = self.as_user(self.director, self.cell(self.buyer, self.safety))
        with self.assertRaises(AccessError):
            cell.write({"potential": 1.0})
        with self.assertRaises(AccessError):
            cell.unlink()
