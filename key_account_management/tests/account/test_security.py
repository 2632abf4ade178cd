# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import KeyAccountCommon

ALL = {"read", "write", "create", "unlink"}
EDIT = {"read", "write", "create"}


@tagged("post_install", "-at_install")
class TestAccess(KeyAccountCommon):
    """What each role can do with the records of our own models."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal_user = cls._create_new_portal_user(
            login="anna.portal",
            name="Anna Seidel",
            partner_id=cls.anna.id,
            company_id=cls.env.company.id,
        )
        cls.account.team_member_ids = [(0, 0, {"user_id": cls.all_user.id})]
        cls.foreign = cls.make_account(cls.bergmann, manager_id=cls.kam2.id)
        cls.foreign.team_member_ids = [(0, 0, {"user_id": cls.director.id})]
        cls.change_tier(cls.foreign, cls.silver)

    def allowed(self, user, record):
        return {
            operation
            for operation in ("read", "write", "create", "unlink")
            if self.as_user(user, record).has_access(operation)
        }

    def test_key_account(self):
        """Each role can edit exactly the accounts that it should."""
        for user, own, foreign in (
            (self.kam, EDIT, set()),
            (self.kam2, set(), EDIT),
            (self.all_user, EDIT, EDIT),
            (self.director, ALL, ALL),
            (self.clerk, set(), set()),
            (self.accountant, set(), set()),
            (self.outsider, set(), set()),
            (self.portal_user, set(), set()),
            (self.other_director, set(), set()),
        ):
            self.assertEqual(self.allowed(user, self.account), own, user.name)
            self.assertEqual(self.allowed(user, self.foreign), foreign, user.name)

    def test_product_manager_keeps_price_lists(self):
        """An account manager who is a product manager edits ordinary lists."""
        ordinary = self.env["product.pricelist"].create({"name": "Für alle"})
        with self.assertRaises(AccessError):
            self.as_user(self.kam, ordinary).name = "Andere"
        self.kam.group_ids += self.env.ref("product.group_product_manager")
        mine = self.as_user(self.kam, ordinary)
        mine.name = "Andere"
        mine.item_ids = [(0, 0, {"compute_price": "percentage", "percent_price": 5})]
        self.assertEqual(len(ordinary.item_ids), 1)

    def test_tier_change(self):
        """Users who see the account can edit its tier history, but not delete it."""
        own, foreign = self.account.tier_change_ids, self.foreign.tier_change_ids
        for user, on_own, on_foreign in (
            (self.kam, EDIT, set()),
            (self.all_user, EDIT, EDIT),
            (self.director, EDIT, EDIT),
            (self.clerk, set(), set()),
            (self.portal_user, set(), set()),
            (self.other_director, set(), set()),
        ):
            self.assertEqual(self.allowed(user, own), on_own, user.name)
            self.assertEqual(self.allowed(user, foreign), on_foreign, user.name)

    def test_team_member(self):
        """Users who can edit the account can change its team."""
        own, foreign = self.account.team_member_ids, self.foreign.team_member_ids
        for user, on_own, on_foreign in (
            (self.kam, ALL, set()),
            (self.all_user, ALL, ALL),
            (self.director, ALL, ALL),
            (self.clerk, set(), set()),
            (self.portal_user, set(), set()),
            (self.other_director, set(), set()),
        ):
            self.assertEqual(self.allowed(user, own), on_own, user.name)
            self.assertEqual(self.allowed(user, foreign), on_foreign, user.name)

    def test_tier_and_segment(self):
        """All users of the app read tiers and segments; directors edit them."""
        segment = self.env["key.account.segment"].create({"name": "Fachhandel"})
        for user, on_tier, on_segment in (
            (self.kam, {"read"}, {"read"}),
            (self.all_user, {"read"}, {"read"}),
            (self.director, ALL, ALL),
            (self.clerk, set(), set()),
            (self.portal_user, set(), set()),
            (self.other_director, set(), ALL),
        ):
            self.assertEqual(self.allowed(user, self.gold), on_tier, user.name)
            self.assertEqual(self.allowed(user, segment), on_segment, user.name)

    def test_wizards(self):
        """The wizards are open to users of the app only."""
        wizards = (
            self.as_user(self.kam)["key.account.create"].create({}),
            self.as_user(self.kam)["key.account.handover"].create(
                {"account_ids": self.account.ids}
            ),
        )
        for wizard in wizards:
            self.assertIn("write", self.allowed(self.kam, wizard))
            for user in (self.clerk, self.portal_user):
                self.assertFalse(self.allowed(user, wizard))

    def test_lists_show_what_is_allowed(self):
        """Search and export return only accounts that the user can see."""
        everything = [("company_id", "=", self.env.company.id)]
        for user, accounts in (
            (self.kam, self.account),
            (self.kam2, self.foreign),
            (self.all_user, self.account | self.foreign),
            (self.director, self.account | self.foreign),
            (self.other_director, self.env["key.account"]),
        ):
            found = self.as_user(user)["key.account"].search(everything)
            self.assertEqual(found.sorted("id"), accounts, user.name)
        self.assertFalse(
            self.as_user(self.kam)["key.account.tier.change"].search(
                [("account_id", "=", self.foreign.id)]
            )
        )

    def test_deputy_and_team_see_the_account(self):
        """Deputy and team members see the account without further rights."""
        self.assertFalse(self.as_user(self.kam2, self.account).has_access("read"))
        self.account.deputy_id = self.kam2
        self.assertTrue(self.as_user(self.kam2, self.account).has_access("write"))
        self.assertFalse(self.as_user(self.kam, self.foreign).has_access("read"))
        theirs = self.as_user(self.foreign.manager_id, self.foreign)
        theirs.team_member_ids = [(0, 0, {"user_id": self.kam.id})]
        self.assertTrue(self.as_user(self.kam, self.foreign).has_access("write"))

    def test_no_one_joins_a_foreign_team(self):
        """An account manager can't join the team of a colleague's account."""
        as_kam = self.as_user(self.kam)
        with mute_logger("odoo.addons.base.models.ir_rule"):
            with self.assertRaises(AccessError):
                as_kam["key.account.team.member"].create(
                    {"account_id": self.foreign.id, "user_id": self.kam.id}
                )
            own = as_kam["key.account.team.member"].create(
                {"account_id": self.account.id, "user_id": self.kam.id}
            )
            with self.assertRaises(AccessError):
                own.account_id = self.foreign
            with self.assertRaises(AccessError):
                as_kam["key.account.team.member"].with_context(
                    default_account_id=self.foreign.id
                ).create({"user_id": self.kam.id})
            with self.assertRaises(AccessError):
                self.as_user(self.kam, self.foreign).manager_id = self.kam
        self.assertFalse(self.as_user(self.kam, self.foreign).has_access("read"))
        self.assertEqual(own.account_id, self.account)

    def test_proposal_for_a_foreign_account_is_refused(self):
        """Users can't propose a tier for an account that they don't see."""
        before = self.foreign.activity_ids
        with mute_logger("odoo.addons.base.models.ir_rule"):
            with self.assertRaises(AccessError):
                self.as_user(self.kam)["key.account.tier.change"].create(
                    {
                        "account_id": self.foreign.id,
                        "to_tier_id": self.prospect.id,
                        "reason": "Umsatz",
                    }
                )
        self.assertEqual(self.foreign.activity_ids, before)

    def test_handover_of_a_foreign_account_is_refused(self):
        """The wizard doesn't hand over a colleague's account."""
        with mute_logger("odoo.addons.base.models.ir_rule"):
            with self.assertRaises(AccessError):
                self.as_user(self.kam)["key.account.handover"].create(
                    {
                        "account_ids": self.foreign.ids,
                        "mode": "permanent",
                        "user_id": self.kam.id,
                    }
                ).action_hand_over()
        self.assertEqual(self.foreign.manager_id, self.kam2)

    def test_chatter_of_a_foreign_account(self):
        """The chatter of an account is closed to users who don't see the account."""
        note = "Preise vertraulich besprochen"
        message = self.foreign.message_post(body=note)
        self.assertFalse(self.as_user(self.kam, message).has_access("read"))
        self.assertTrue(self.as_user(self.kam2, message).has_access("read"))

    def test_nothing_leaks_to_the_other_company(self):
        """A director of another company sees nothing of ours, not even on customers."""
        env = self.as_user(self.other_director)
        for model in ("key.account", "key.account.tier.change", "sale.report"):
            self.assertFalse(
                env[model].search([("company_id", "=", self.env.company.id)])
            )
        self.assertNotIn(self.gold, env["key.account.tier"].search([]))
        partner = self.nordwind.with_env(env)
        self.assertFalse(partner.key_account_id)
        self.assertFalse(partner.key_account_tier_id)
        self.assertFalse(partner.key_account_manager_id)
        self.assertFalse(partner.key_account_ids)
        self.assertFalse(
            env["res.partner"].search([("key_account_manager_id", "=", self.kam.id)])
        )


@tagged("post_install", "-at_install")
class TestDocumentAccess(KeyAccountCommon):
    """The account team sees its customers' documents; clerks work as before."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.foreign = cls.make_account(
            cls.rheintal, tier_id=cls.gold.id, manager_id=cls.kam2.id
        )

        def documents(partner):
            order = cls.make_order(partner, user_id=cls.clerk.id)
            order.action_confirm()
            invoice = cls.make_invoice(partner, 50, invoice_user_id=cls.clerk.id)
            lead = cls.env["crm.lead"].create(
                {
                    "name": "Filiale Kiel",
                    "type": "opportunity",
                    "partner_id": partner.id,
                    "user_id": cls.clerk.id,
                }
            )
            return [order, order.order_line, invoice, invoice.invoice_line_ids, lead]

        cls.own_documents = documents(cls.anna)
        cls.foreign_documents = documents(cls.rheintal)
        cls.ordinary_documents = documents(cls.bergmann)
        cls.env.flush_all()

    def test_team_sees_documents_by_others(self):
        """The team sees orders, invoices and opportunities that colleagues wrote."""
        for document in self.own_documents:
            self.assertTrue(
                self.as_user(self.kam, document).has_access("read"), document
            )
            self.assertFalse(
                self.as_user(self.kam2, document).has_access("read"), document
            )
        order = self.as_user(self.kam, self.own_documents[0])
        self.assertEqual(order.order_line.price_unit, 180.0)
        invoice = self.as_user(self.kam, self.own_documents[2])
        self.assertEqual(invoice.amount_untaxed, 50.0)

    def test_other_customers_documents_stay_closed(self):
        """The team sees no documents of other accounts or of ordinary customers."""
        for document in self.foreign_documents + self.ordinary_documents:
            self.assertFalse(
                self.as_user(self.kam, document).has_access("read"), document
            )

    def test_deputy_and_team_see_documents(self):
        """A new deputy or team member sees the customer's documents at once."""
        self.foreign.deputy_id = self.kam
        for document in self.foreign_documents:
            self.assertTrue(
                self.as_user(self.kam, document).has_access("read"), document
            )

    def test_analyses_show_own_customers(self):
        """Sales and invoice analyses show the team its own customers' figures."""
        for model in ("sale.report", "account.invoice.report"):
            rows = self.as_user(self.kam)[model].search(
                [("company_id", "=", self.env.company.id)]
            )
            self.assertEqual(rows.key_account_id, self.account, model)
            self.assertTrue(rows)

    def test_counts_show_what_is_allowed(self):
        """The smart buttons count colleagues' documents for the team."""
        account = self.as_user(self.kam, self.account)
        self.assertEqual(account.sale_order_count, 1)
        self.assertEqual(account.invoice_count, 1)
        self.assertEqual(account.opportunity_count, 1)

    def test_no_bills_are_opened(self):
        """The team doesn't see the bills of a key account that is a supplier, too."""
        bill = self.make_invoice(
            self.nordwind, 10, move_type="in_invoice", invoice_date=self.today
        )
        self.assertFalse(self.as_user(self.kam, bill).has_access("read"))

    def test_clerk_sells_at_the_gold_price(self):
        """A clerk outside the app writes and confirms an order at the Gold price."""
        env = self.as_user(self.clerk)
        order = self.make_order(self.nordwind.with_env(env), 2, env=env)
        self.assertEqual(order.amount_untaxed, 360.0)
        values = order.web_read(
            {
                "key_account_id": {"fields": {"display_name": {}}},
                "key_account_tier_id": {"fields": {"display_name": {}}},
                "key_account_manager_id": {"fields": {"display_name": {}}},
                "key_account_acting_manager_id": {"fields": {"display_name": {}}},
                "key_account_pricelist_origin": {},
            }
        )[0]
        self.assertEqual(
            values["key_account_id"]["display_name"], "Nordwind Handels GmbH"
        )
        self.assertEqual(values["key_account_tier_id"]["display_name"], "Gold")
        for fname in ("key_account_manager_id", "key_account_acting_manager_id"):
            self.assertEqual(values[fname]["display_name"], "Jonas Reuter")
        self.assertIn("Tier Gold", values["key_account_pricelist_origin"])
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        with self.assertRaises(AccessError):
            env["key.account"].search([])
        with self.assertRaises(AccessError):
            order.key_account_id.read(["preferences"])
        with self.assertRaises(AccessError):
            order.key_account_tier_id.read(["credit_limit"])

    def test_clerk_groups_orders_by_tier(self):
        """A clerk can group orders by tier and manager."""
        orders = self.as_user(self.clerk)["sale.order"]
        groups = orders.formatted_read_group(
            [("company_id", "=", self.env.company.id)],
            ["key_account_tier_id"],
            ["__count"],
        )
        counts = {
            group["key_account_tier_id"] and group["key_account_tier_id"][1]: group[
                "__count"
            ]
            for group in groups
        }
        self.assertEqual(counts, {"Gold": 2, False: 1})

    def test_accountant_posts_at_the_tiers_terms(self):
        """An accountant outside the app posts an invoice at the tier's terms."""
        env = self.as_user(self.accountant)
        invoice = self.make_invoice(self.nordwind.with_env(env), 80, env=env)
        self.assertEqual(invoice.invoice_payment_term_id, self.term_45)
        values = invoice.web_read({"key_account_id": {"fields": {"display_name": {}}}})[
            0
        ]
        self.assertEqual(
            values["key_account_id"]["display_name"], "Nordwind Handels GmbH"
        )
        refund = invoice._reverse_moves(cancel=True)
        self.assertEqual(refund.sudo().key_account_id, self.account)

    def test_portal_user_reads_no_tier(self):
        """A customer's portal user reads the order, but not its tier."""
        portal_user = self._create_new_portal_user(
            login="anna.portal",
            name="Anna Seidel",
            partner_id=self.anna.id,
            company_id=self.env.company.id,
        )
        order = self.as_user(portal_user, self.own_documents[0])
        invoice = self.as_user(portal_user, self.own_documents[2])
        self.assertEqual(order.read(["amount_total"])[0]["amount_total"], 180.0)
        for document in (order, invoice):
            for fname in (
                "key_account_id",
                "key_account_tier_id",
                "key_account_manager_id",
                "key_account_acting_manager_id",
            ):
                self.assertNotIn(fname, document.fields_get())
                with self.assertRaises(AccessError):
                    document.read([fname])
                with self.assertRaises(AccessError):
                    document.search([(fname, "!=", False)])
        with self.assertRaises(AccessError):
            order.read(["key_account_pricelist_origin"])
        partner = self.as_user(portal_user, self.anna)
        with self.assertRaises(AccessError):
            partner.read(["key_account_tier_id"])
        with self.assertRaises(AccessError):
            partner.read(["key_account_manager_id"])
