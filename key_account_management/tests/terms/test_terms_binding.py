# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tests import tagged

from ..common import KeyAccountCommon

FEATURE = "product.group_product_pricelist"


@tagged("post_install", "-at_install")
class TestPriceListBinding(KeyAccountCommon):
    """Linking lists to key accounts changes nothing for ordinary customers."""

    def setUp(self):
        super().setUp()
        self.feature = self.env.ref(FEATURE)

    def switch_feature(self, enabled):
        employees = self.env.ref("base.group_user")
        if enabled:
            employees._apply_group(self.feature)
        else:
            employees._remove_group(self.feature)
            self.feature.user_ids = False
        self.env.invalidate_all()

    def is_enabled(self):
        return self.env["res.groups"]._is_feature_enabled(FEATURE)

    def ordinary_order(self):
        self.env.invalidate_all()
        order = self.make_order(self.bergmann)
        return order.pricelist_id, order.order_line.price_unit, order.amount_total

    def test_ordinary_customer_pays_what_core_charges(self):
        """With Gold customers around, ordinary ones keep list, price and terms."""
        order = self.make_order(self.bergmann)
        self.assertEqual(order.pricelist_id, self.pricelist)
        self.assertAlmostEqual(order.order_line.price_unit, 200.0)
        self.assertFalse(order.payment_term_id)
        self.assertFalse(order.key_account_id)
        self.assertFalse(order.key_account_pricelist_origin)

    def test_list_made_for_a_tier_is_for_key_accounts_only(self):
        """A new list linked to a tier or account is for key accounts only."""
        own_list = self.make_pricelist("Nordwind Sonderpreise", 25)
        self.assertFalse(own_list.key_account_only)
        self.account.pricelist_id = own_list
        self.assertTrue(own_list.key_account_only)
        self.assertTrue(self.gold_list.key_account_only)
        self.assertFalse(self.pricelist.key_account_only)

    def test_gold_list_as_the_first_list(self):
        """Ordinary customers don't get the Gold list, even if it comes first."""
        before = self.ordinary_order()
        self.gold_list.sequence = -1
        self.assertEqual(self.ordinary_order(), before)

    def test_gold_list_as_the_only_list(self):
        """If the Gold list is the only one, ordinary customers pay full price."""
        self.pricelist.active = False
        self.silver_list.active = False
        pricelist, price, amount = self.ordinary_order()
        self.assertFalse(pricelist)
        self.assertAlmostEqual(price, 200.0)
        self.assertAlmostEqual(amount, 200.0)
        order = self.make_order(self.nordwind)
        self.assertEqual(order.pricelist_id, self.gold_list)

    def test_default_list_bound_to_a_tier_stays_the_default(self):
        """The default list stays the default when a tier uses it, too."""
        tier = self.env["key.account.tier"].create(
            {
                "name": "Bronze",
                "company_id": self.env.company.id,
                "pricelist_id": self.pricelist.id,
            }
        )
        self.assertFalse(self.pricelist.key_account_only)
        self.assertEqual(self.ordinary_order()[0], self.pricelist)
        tier.pricelist_id = self.gold_list
        self.silver.pricelist_id = self.pricelist
        self.assertFalse(self.pricelist.key_account_only)
        self.assertEqual(self.ordinary_order()[0], self.pricelist)

    def test_list_on_earlier_orders_stays_a_default(self):
        """A list of earlier orders stays available to ordinary customers."""
        autumn = self.make_pricelist("Herbstpreise", 3)
        self.make_order(self.bergmann, pricelist_id=autumn.id)
        self.account.pricelist_id = autumn
        self.assertFalse(autumn.key_account_only)

    def test_list_of_a_country_stays_a_default(self):
        """A list for Austria still applies to customers from Austria."""
        austria = self.env.ref("base.at")
        group = self.env["res.country.group"].create(
            {"name": "Österreich", "country_ids": austria.ids}
        )
        country_list = self.make_pricelist(
            "Preise Österreich", 2, country_group_ids=group.ids
        )
        self.bergmann.country_id = austria
        self.assertEqual(self.ordinary_order()[0], country_list)
        self.account.pricelist_id = country_list
        self.assertFalse(country_list.key_account_only)
        self.assertEqual(self.ordinary_order()[0], country_list)

    def test_key_account_list_set_by_hand_on_a_customer(self):
        """A list for key accounts only can be set on a customer by hand."""
        self.bergmann.property_product_pricelist = self.gold_list
        self.assertEqual(self.ordinary_order()[0], self.gold_list)

    def test_feature_off_until_a_list_is_bound(self):
        """Tiers without lists leave Odoo's price list feature off."""
        (self.gold | self.silver).pricelist_id = False
        self.switch_feature(False)
        self.assertFalse(self.is_enabled())
        self.env["key.account.tier"].create({"name": "Bronze", "credit_limit": 100.0})
        self.make_account(self.rheintal, tier_id=self.gold.id)
        self.silver.payment_term_id = self.term_45
        self.assertFalse(self.is_enabled())
        order = self.make_order(self.nordwind)
        self.assertFalse(order.pricelist_id)
        self.assertAlmostEqual(order.order_line.price_unit, 200.0)

    def test_binding_switches_the_feature_on(self):
        """Linking a list makes it apply at once, without changing the settings."""
        (self.gold | self.silver).pricelist_id = False
        for owner in (self.gold, self.account):
            self.switch_feature(False)
            self.gold_list.key_account_only = False
            # The director isn't an administrator; ordinary customers see no change.
            before = self.ordinary_order()
            self.as_user(self.director, owner).pricelist_id = self.gold_list.id
            self.assertTrue(self.is_enabled())
            self.assertTrue(self.gold_list.key_account_only)
            self.assertTrue(self.clerk.has_group(FEATURE))
            self.env.invalidate_all()
            order = self.make_order(self.nordwind)
            self.assertAlmostEqual(order.order_line.price_unit, 180.0)
            self.assertEqual(self.ordinary_order()[1:], before[1:])
            owner.pricelist_id = False

    def test_creating_with_a_list_switches_the_feature_on(self):
        """Creating a tier or account with a list has the same effect."""
        for model, values in (
            (
                "key.account.tier",
                {"name": "Bronze", "company_id": self.env.company.id},
            ),
            ("key.account", {"partner_id": self.rheintal.id}),
        ):
            self.switch_feature(False)
            self.silver_list.key_account_only = False
            self.as_user(self.director)[model].create(
                {**values, "pricelist_id": self.silver_list.id}
            )
            self.assertTrue(self.is_enabled())
            self.assertTrue(self.silver_list.key_account_only)

    def test_copy_of_a_list_is_an_ordinary_list(self):
        """A copy of a key account list is an ordinary list."""
        self.assertFalse(self.gold_list.copy().key_account_only)

    def test_shared_tier_takes_a_list_of_one_company(self):
        """The shared tiers of the addon accept a list that belongs to one company."""
        shared = self.env["key.account.tier"].create(
            {"name": "Platin", "company_id": False, "sequence": 1}
        )
        shared.pricelist_id = self.make_pricelist("Platin", 30)
        self.assertTrue(shared.pricelist_id.company_id)
        self.change_tier(self.account, shared)
        order = self.make_order(self.nordwind)
        self.assertEqual(order.pricelist_id, shared.pricelist_id)
        other = self.env["res.company"].create({"name": "Alpen Handel AG"})
        shared.pricelist_id.company_id = other
        self.env.invalidate_all()
        order = self.make_order(self.nordwind)
        self.assertNotEqual(order.pricelist_id, shared.pricelist_id)

    def test_tier_of_a_company_refuses_a_list_of_another(self):
        """A company's tier refuses another company's list; the error names both."""
        other = self.env["res.company"].create({"name": "Alpen Handel AG"})
        pricelist = self.make_pricelist("Alpen", 10, company_id=other.id)
        self.gold.company_id = self.env.company
        with self.assertRefused("Alpen Handel AG"):
            self.gold.pricelist_id = pricelist
