# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tests import tagged

from ..common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestQueries(KeyAccountCommon):
    """The number of extra queries doesn't grow with lines or records."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        parent = cls.make_account(cls.rheintal, pricelist_id=cls.silver_list.id)
        customers = cls.env["res.partner"].create(
            [
                {"name": f"Filiale {number:02} GmbH", "is_company": True}
                for number in range(80)
            ]
        )
        # Keep orders below the credit limit, so that none gets a note about it.
        cls.gold.credit_limit = 1_000_000.0
        cls.branches = cls.env["key.account"].create(
            [
                {
                    "partner_id": customer.id,
                    "manager_id": cls.kam.id,
                    "tier_id": cls.gold.id,
                    # Every second branch inherits its terms from the parent.
                    "parent_id": parent.id if number % 2 else False,
                }
                for number, customer in enumerate(customers)
            ]
        )
        for partner in customers[:6]:
            cls.make_order(partner)
            cls.make_invoice(partner, 10, post=False)
        cls.env.flush_all()

    def count_order(self, partner, lines):
        """Return the queries for creating and for confirming an order."""
        orders = []
        quantities = [1] * lines
        create = self.count_queries(
            lambda: orders.append(self.make_order(partner, *quantities))
        )
        return create, self.count_queries(orders[0].action_confirm)

    def test_extra_queries_of_an_order(self):
        """A key account's order takes few extra queries, no more for 30 lines."""
        extra = []
        self.count_order(self.bergmann, 1)
        self.count_order(self.nordwind, 1)
        for lines in (1, 30):
            key_account = self.count_order(self.nordwind, lines)
            ordinary = self.count_order(self.bergmann, lines)
            extra.append(
                tuple(
                    mine - core
                    for mine, core in zip(key_account, ordinary, strict=True)
                )
            )
        self.assertLessEqual(extra[1][0], extra[0][0])
        self.assertLessEqual(extra[1][1], extra[0][1])
        self.assertLessEqual(extra[0][0], 20)
        self.assertLessEqual(extra[0][1], 20)

    def test_extra_queries_of_many_orders(self):
        """Importing 20 orders takes no more extra queries than importing 2."""
        ordinary = self.env["res.partner"].create(
            [{"name": f"Kunde {number:02}", "is_company": True} for number in range(24)]
        )

        def count_import(customers):
            return self.count_queries(
                lambda: self.env["sale.order"].create(
                    [{"partner_id": customer.id} for customer in customers]
                )
            )

        extra = []
        branches = self.branches.partner_id
        for customers in (branches[20:22], branches[22:24], branches[24:44]):
            key_accounts = count_import(customers)
            extra.append(key_accounts - count_import(ordinary[: len(customers)]))
        self.assertEqual(extra[1], extra[2], "20 orders take as many queries as 2.")

    def assertNoQueryPerRecord(self, compute):
        def count(user, number):
            branches = self.as_user(user, self.branches[:number])
            return self.count_queries(lambda: compute(branches))

        for user in (self.director, self.kam):
            count(user, 5)
            self.assertEqual(count(user, 5), count(user, 40), user.name)
            self.assertEqual(count(user, 5), count(user, 80), user.name)

    def test_queries_of_the_counts(self):
        """The smart button counts take as many queries for 80 accounts as for 5."""
        self.assertNoQueryPerRecord(
            lambda accounts: accounts.read(
                [
                    "sale_order_count",
                    "invoice_count",
                    "opportunity_count",
                    "activity_count",
                    "child_count",
                ]
            )
        )

    def test_queries_of_the_terms(self):
        """Reading the terms takes as many queries for 80 accounts as for 5."""
        self.assertNoQueryPerRecord(
            lambda accounts: accounts.read(
                [
                    "effective_pricelist_id",
                    "effective_pricelist_origin",
                    "effective_payment_term_id",
                    "effective_credit_limit",
                ]
            )
        )

    def test_queries_of_list_and_board(self):
        """Opening list or board takes as many queries for 80 accounts as for 5."""
        specification = {
            name: {"fields": {"display_name": {}}} if name.endswith("_id") else {}
            for name in (
                "partner_id",
                "tier_id",
                "tier_color",
                "manager_id",
                "acting_manager_id",
                "is_manager_absent",
                "parent_id",
                "effective_pricelist_id",
                "pending_tier_change_id",
                "user_in_team",
                "state",
            )
        }
        self.assertNoQueryPerRecord(lambda accounts: accounts.web_read(specification))

    def test_queries_of_the_customers(self):
        """The badge of 80 customers takes as many queries as the badge of 5."""
        self.assertNoQueryPerRecord(
            lambda accounts: accounts.env["res.partner"]
            .browse(accounts._origin.sudo().partner_id.ids)
            .read(["key_account_id", "key_account_tier_id", "key_account_manager_id"])
        )

    def test_queries_of_the_price_lists_of_customers(self):
        """The price lists of 80 customers take as many queries as those of 5."""
        partners = self.branches.partner_id

        def compute(customers):
            return self.env["product.pricelist"]._get_partner_pricelist_multi(
                customers.ids
            )

        compute(partners[:5])
        few = self.count_queries(lambda: compute(partners[:5]))
        many = self.count_queries(lambda: compute(partners))
        self.assertEqual(few, many)
        lists = compute(partners)
        self.assertEqual(lists[partners[0].id], self.gold_list)
        self.assertEqual(lists[partners[1].id], self.silver_list)
