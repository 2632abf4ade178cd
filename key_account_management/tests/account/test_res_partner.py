# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestResPartner(KeyAccountCommon):
    """Customers show their key account, tier and manager, and are found by them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rheintal_account = cls.make_account(
            cls.rheintal, tier_id=cls.silver.id, manager_id=cls.kam2.id
        )
        cls.no_tier = cls.make_account(cls.rheintal_sued, manager_id=cls.kam2.id)
        cls.ours = (
            cls.nordwind
            | cls.anna
            | cls.bergmann
            | cls.rheintal
            | cls.rheintal_sued
            | cls.rheintal_lager
        )

    def find(self, *condition, env=None):
        partners = (env or self.env)["res.partner"]
        found = partners.search([("id", "in", self.ours.ids), condition])
        return found.with_env(self.env)

    def test_fields_of_customer_and_contact(self):
        """A contact shows its company's values; other customers show none."""
        for partner in (self.nordwind, self.anna):
            partner = self.as_user(self.kam, partner)
            self.assertEqual(partner.key_account_id, self.account)
            self.assertEqual(partner.key_account_tier_id, self.gold)
            self.assertEqual(partner.key_account_manager_id, self.kam)
        for partner in (self.bergmann, self.rheintal_lager):
            self.assertFalse(partner.key_account_id)
            self.assertFalse(partner.key_account_tier_id)
            self.assertFalse(partner.key_account_manager_id)

    def test_fields_follow_the_account(self):
        """Changes of tier, manager or state show on the customer at once."""
        self.assertEqual(self.anna.key_account_tier_id, self.gold)
        self.change_tier(self.account, self.silver)
        self.account.manager_id = self.kam2
        self.assertEqual(self.anna.key_account_tier_id, self.silver)
        self.assertEqual(self.anna.key_account_manager_id, self.kam2)
        self.account.action_end()
        self.assertFalse(self.anna.key_account_id)
        self.account.action_activate()
        self.assertEqual(self.anna.key_account_id, self.account)
        self.account.active = False
        self.assertFalse(self.anna.key_account_id)
        self.assertFalse(self.anna.key_account_manager_id)

    def test_fields_are_of_the_current_company(self):
        """A customer shows the account of the current company."""
        other = self.make_account(
            self.nordwind,
            company_id=self.other_company.id,
            manager_id=self.other_director.id,
        )
        partner = self.anna.with_company(self.other_company)
        self.assertEqual(partner.key_account_id, other)
        self.assertEqual(partner.key_account_manager_id, self.other_director)
        self.assertFalse(partner.key_account_tier_id)
        self.assertEqual(self.anna.key_account_id, self.account)

    def test_clerk_sees_the_badge(self):
        """A clerk sees tier and manager of a customer, but not the account itself."""
        partner = self.as_user(self.clerk, self.anna)
        self.assertEqual(partner.key_account_tier_id, self.gold)
        self.assertEqual(partner.key_account_manager_id, self.kam)
        with self.assertRaises(AccessError):
            partner.read(["key_account_id"])
        self.assertEqual(
            self.find(
                "key_account_manager_id", "!=", False, env=self.as_user(self.clerk)
            ),
            self.ours - self.bergmann - self.rheintal_lager,
        )

    def test_clerk_searches_by_name_alone(self):
        """A clerk finds customers by the tier's name, but not by the tier's terms."""
        env = self.as_user(self.clerk)
        self.assertEqual(
            self.find("key_account_tier_id", "ilike", "gold", env=env),
            self.nordwind | self.anna,
        )
        with self.assertRaises(AccessError):
            self.find("key_account_tier_id.credit_limit", ">", 1000, env=env)

    def test_account_manager_does_not_search_foreign_accounts(self):
        """Searching customers doesn't reveal the contents of a colleague's account."""
        (self.account | self.rheintal_account).preferences = "Kauft nie im Mai"
        env = self.as_user(self.kam)
        found = self.find("key_account_id.preferences", "ilike", "im Mai", env=env)
        self.assertEqual(found, self.nordwind | self.anna)

    def test_search_by_account(self):
        """Customers and contacts are found by their account: =, in, !=, by name."""
        nordwind = self.nordwind | self.anna
        rheintal = self.rheintal
        both = [self.account.id, self.rheintal_account.id]
        for operator, value, expected in (
            ("=", self.account.id, nordwind),
            ("in", self.account.ids, nordwind),
            ("in", both, nordwind | rheintal),
            ("not in", both, self.ours - nordwind - rheintal),
            ("!=", self.account.id, self.ours - nordwind),
            ("=", False, self.bergmann | self.rheintal_lager),
            ("!=", False, nordwind | rheintal | self.rheintal_sued),
            (
                "in",
                [False, self.account.id],
                nordwind | self.bergmann | self.rheintal_lager,
            ),
            ("ilike", "nordw", nordwind),
            ("not ilike", "nordw", self.ours - nordwind),
        ):
            found = self.find("key_account_id", operator, value)
            self.assertEqual(found, expected, f"{operator} {value}")

    def test_search_by_tier(self):
        """Customers are found by tier, by having none, and by fields of the tier."""
        nordwind = self.nordwind | self.anna
        for operator, value, expected in (
            ("=", self.gold.id, nordwind),
            ("in", (self.gold | self.silver).ids, nordwind | self.rheintal),
            ("!=", self.gold.id, self.ours - nordwind),
            ("=", False, self.ours - nordwind - self.rheintal),
            ("!=", False, nordwind | self.rheintal),
            ("ilike", "gol", nordwind),
            ("ilike", "Gold", nordwind),
        ):
            found = self.find("key_account_tier_id", operator, value)
            self.assertEqual(found, expected, f"{operator} {value}")
        found = self.find("key_account_tier_id.credit_limit", ">", 1000)
        self.assertEqual(found, nordwind)

    def test_search_by_manager(self):
        """Customers are found by their account manager."""
        nordwind = self.nordwind | self.anna
        of_kam2 = self.rheintal | self.rheintal_sued
        for operator, value, expected in (
            ("=", self.kam.id, nordwind),
            ("in", self.kam2.ids, of_kam2),
            ("!=", self.kam.id, self.ours - nordwind),
            ("=", False, self.bergmann | self.rheintal_lager),
            ("ilike", "Reuter", nordwind),
        ):
            found = self.find("key_account_manager_id", operator, value)
            self.assertEqual(found, expected, f"{operator} {value}")

    def test_search_agrees_with_what_shows(self):
        """The search skips ended, archived and other companies' accounts."""
        self.make_account(
            self.bergmann,
            company_id=self.other_company.id,
            manager_id=self.other_director.id,
        )
        self.account.action_end()
        self.rheintal_account.active = False
        self.env.invalidate_all()
        self.assertEqual(self.find("key_account_id", "!=", False), self.rheintal_sued)
        for partner in self.ours:
            self.assertEqual(
                bool(partner.key_account_id),
                partner in self.find("key_account_id", "!=", False),
                partner.name,
            )

    def test_buttons(self):
        """The customer's buttons open the account or the wizard that makes one."""
        action = self.as_user(self.kam, self.anna).action_view_key_account()
        self.assertEqual(action["res_model"], "key.account")
        self.assertEqual(action["res_id"], self.account.id)
        with self.assertRefused("Bergmann Werkzeuge KG is not a key account"):
            self.bergmann.action_view_key_account()
        action = self.bergmann.action_make_key_account()
        wizard = self.env[action["res_model"]].with_context(**action["context"])
        self.assertEqual(wizard.create({}).partner_ids, self.bergmann)

    def test_manual_terms(self):
        """Terms count as manual only if a user has set them."""
        self.assertFalse(self.nordwind._get_manual_pricelist())
        self.assertFalse(self.nordwind._has_manual_payment_term(self.env.company))
        self.assertFalse(self.nordwind._has_manual_credit_limit())
        self.nordwind.property_product_pricelist = self.silver_list
        self.nordwind.property_payment_term_id = self.term_45
        self.assertTrue(self.anna._get_manual_pricelist())
        self.assertTrue(self.anna._has_manual_payment_term(self.env.company))
        self.silver_list.active = False
        self.assertFalse(self.anna._get_manual_pricelist())
