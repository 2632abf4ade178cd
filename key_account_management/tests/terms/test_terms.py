# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import datetime, time, timedelta

from odoo.tests import Form, tagged

from ..common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestPriceList(KeyAccountCommon):
    """An order's price list is the account's own, the group parent's or the tier's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own_list = cls.make_pricelist("Nordwind Sonderpreise", 25)
        cls.group_list = cls.make_pricelist("Rheintal Konzernpreise", 15)

    def assertPrice(self, order, price, pricelist):
        self.assertEqual(order.pricelist_id, pricelist)
        self.assertAlmostEqual(order.order_line.price_unit, price)
        self.assertAlmostEqual(order.amount_untaxed, price)

    def noon(self, day):
        return datetime.combine(day, time(12))

    def test_gold_price_on_the_line(self):
        """A new order of a Gold customer has the Gold price and shows its origin."""
        order = self.make_order(self.nordwind)
        self.assertPrice(order, 180.0, self.gold_list)
        self.assertIn("Goldpreise", order.key_account_pricelist_origin)
        self.assertIn("Tier Gold", order.key_account_pricelist_origin)

    def test_gold_price_in_the_form(self):
        """The form shows the price as soon as customer and product are chosen."""
        form = Form(self.as_user(self.kam)["sale.order"])
        form.partner_id = self.nordwind
        with form.order_line.new() as line:
            line.product_id = self.drill
            self.assertAlmostEqual(line.price_unit, 180.0)
        self.assertPrice(form.save(), 180.0, self.gold_list)

    def test_contact_orders_at_the_companys_terms(self):
        """An order of a contact has the prices of the company's tier."""
        order = self.make_order(self.anna)
        self.assertPrice(order, 180.0, self.gold_list)
        self.assertEqual(order.payment_term_id, self.term_45)

    def test_subsidiary_without_account_has_the_terms_of_its_group(self):
        """A subsidiary without an account of its own buys as the company above it."""
        self.make_account(self.rheintal, tier_id=self.gold.id)
        for partner in (self.rheintal_sued, self.rheintal_lager):
            self.assertPrice(self.make_order(partner), 180.0, self.gold_list)
        self.assertPrice(self.make_order(self.bergmann), 200.0, self.pricelist)

    def test_own_list_goes_before_all(self):
        """The account's own list goes before the group parent's and the tier's."""
        parent = self.make_account(self.rheintal, pricelist_id=self.group_list.id)
        self.account.write({"parent_id": parent.id, "pricelist_id": self.own_list.id})
        order = self.make_order(self.nordwind)
        self.assertPrice(order, 150.0, self.own_list)
        self.assertIn("This key account", order.key_account_pricelist_origin)

    def test_group_parents_list_goes_before_the_tiers(self):
        """The group parent's list goes before the tier's, and is named."""
        self.make_account(self.rheintal, pricelist_id=self.group_list.id)
        sued = self.make_account(self.rheintal_sued, tier_id=self.gold.id)
        order = self.make_order(self.rheintal_sued)
        self.assertPrice(order, 170.0, self.group_list)
        self.assertIn(
            "Group parent Rheintal Baumarkt Holding AG",
            order.key_account_pricelist_origin,
        )
        self.assertEqual(sued.effective_pricelist_id, self.group_list)

    def test_group_parents_tier_is_not_inherited(self):
        """A subsidiary inherits the parent's own list, not the parent tier's."""
        self.make_account(self.rheintal, tier_id=self.gold.id)
        self.make_account(self.rheintal_sued, tier_id=self.silver.id)
        self.assertPrice(self.make_order(self.rheintal_sued), 190.0, self.silver_list)

    def test_grandparents_list(self):
        """A list is inherited from any level, the nearest one first."""
        self.make_account(self.rheintal, pricelist_id=self.group_list.id)
        sued = self.make_account(self.rheintal_sued)
        self.make_account(self.rheintal_lager)
        self.assertPrice(self.make_order(self.rheintal_lager), 170.0, self.group_list)
        sued.pricelist_id = self.own_list
        self.env.invalidate_all()
        self.assertPrice(self.make_order(self.rheintal_lager), 150.0, self.own_list)

    def test_ended_parent_hands_nothing_down(self):
        """An ended or archived parent is skipped; one above it still counts."""
        parent = self.make_account(self.rheintal, pricelist_id=self.group_list.id)
        sued = self.make_account(self.rheintal_sued, pricelist_id=self.own_list.id)
        self.make_account(self.rheintal_lager, tier_id=self.gold.id)
        sued.action_end()
        self.env.invalidate_all()
        self.assertPrice(self.make_order(self.rheintal_lager), 170.0, self.group_list)
        parent.active = False
        self.env.invalidate_all()
        self.assertPrice(self.make_order(self.rheintal_lager), 180.0, self.gold_list)

    def test_list_set_by_hand_on_the_customer_stays(self):
        """A list set by hand on the customer goes before the account's terms."""
        self.account.pricelist_id = self.own_list
        self.nordwind.property_product_pricelist = self.silver_list
        order = self.make_order(self.nordwind)
        self.assertPrice(order, 190.0, self.silver_list)
        self.assertIn("Set by hand on the customer", order.key_account_pricelist_origin)
        self.assertPrice(self.make_order(self.anna), 190.0, self.silver_list)

    def test_manual_choice_on_the_order_stays(self):
        """A list chosen on the order stays when other fields change."""
        with Form(self.make_order(self.nordwind)) as form:
            form.pricelist_id = self.silver_list
            form.client_order_ref = "Bestellung 4711"
            form.payment_term_id = self.pay_terms_a
        order = form.record
        order.write({"date_order": self.noon(self.today), "user_id": self.kam2.id})
        order.partner_shipping_id = self.anna
        self.assertEqual(order.pricelist_id, self.silver_list)
        self.assertEqual(order.payment_term_id, self.pay_terms_a)
        self.assertIn(
            "Chosen by hand on this order", order.key_account_pricelist_origin
        )
        order.action_confirm()
        self.assertEqual(order.pricelist_id, self.silver_list)
        self.assertEqual(order.payment_term_id, self.pay_terms_a)

    def test_manual_price_stays_at_confirmation(self):
        """Confirming keeps a price that was changed by hand."""
        order = self.make_order(self.nordwind)
        with Form(order) as form, form.order_line.edit(0) as line:
            line.price_unit = 171.5
        order.order_line.product_uom_qty = 20
        order.action_confirm()
        self.assertAlmostEqual(order.order_line.price_unit, 171.5)

    def test_archived_list_is_skipped(self):
        """An archived list is skipped wherever it is set."""
        self.account.pricelist_id = self.own_list
        self.own_list.active = False
        self.assertPrice(self.make_order(self.nordwind), 180.0, self.gold_list)
        self.gold_list.active = False
        self.env.invalidate_all()
        order = self.make_order(self.nordwind)
        self.assertPrice(order, 200.0, self.pricelist)
        self.assertIn("As for every customer", order.key_account_pricelist_origin)

    def test_candidate_ended_and_archived_accounts(self):
        """A candidate has terms; an ended or archived account has none."""
        self.account.state = "candidate"
        self.assertPrice(self.make_order(self.nordwind), 180.0, self.gold_list)
        self.account.action_end()
        self.env.invalidate_all()
        order = self.make_order(self.nordwind)
        self.assertPrice(order, 200.0, self.pricelist)
        self.assertFalse(order.key_account_id)
        self.assertFalse(order.key_account_pricelist_origin)
        self.account.write({"state": "active", "active": False})
        self.env.invalidate_all()
        self.assertPrice(self.make_order(self.nordwind), 200.0, self.pricelist)

    def test_archived_account_stays_out_where_archived_is_shown(self):
        """An archived account gives no terms, even if archived records are shown."""
        self.account.active = False
        env = self.env(context=dict(self.env.context, active_test=False))
        order = self.make_order(self.nordwind, env=env)
        self.assertFalse(order.key_account_id)
        self.assertPrice(order, 200.0, self.pricelist)
        partner = self.nordwind.with_env(env)
        self.assertFalse(partner.key_account_id)
        self.assertFalse(
            partner.search(
                [("id", "=", partner.id), ("key_account_manager_id", "!=", False)]
            )
        )

    def test_order_of_the_other_company(self):
        """Another company's order has none of this company's terms."""
        order = self.as_user(self.other_director)["sale.order"].create(
            {"partner_id": self.nordwind.id}
        )
        self.assertEqual(order.company_id, self.other_company)
        self.assertFalse(order.key_account_id)
        self.assertNotEqual(order.pricelist_id, self.gold_list)
        self.assertNotEqual(order.payment_term_id, self.term_45)

    def test_list_at_the_orders_date(self):
        """A backdated order has the list of the tier on its date."""
        day = self.today - timedelta(days=60)
        bergmann = self.make_account(self.bergmann)
        self.change_tier(bergmann, self.silver, day)
        self.change_tier(bergmann, self.gold, day + timedelta(days=30))
        for days, price, pricelist in (
            (-1, 200.0, self.pricelist),
            (0, 190.0, self.silver_list),
            (29, 190.0, self.silver_list),
            (30, 180.0, self.gold_list),
        ):
            order = self.make_order(
                self.bergmann, date_order=self.noon(day + timedelta(days=days))
            )
            self.assertPrice(order, price, pricelist)

    def test_price_update_button(self):
        """Updating the prices of an older quotation uses its current list."""
        order = self.make_order(self.bergmann)
        self.make_account(self.bergmann, tier_id=self.gold.id)
        self.assertPrice(order, 200.0, self.pricelist)
        order.pricelist_id = self.gold_list
        order.action_update_prices()
        self.assertPrice(order, 180.0, self.gold_list)

    def test_effective_terms_on_the_account(self):
        """The account shows which terms apply and where they come from."""
        account = self.as_user(self.kam, self.account)
        self.assertEqual(account.effective_pricelist_id, self.gold_list)
        self.assertEqual(account.effective_pricelist_origin, "Tier Gold")
        self.assertEqual(account.effective_payment_term_id, self.term_45)
        self.assertEqual(account.effective_credit_limit, 5000.0)
        self.account.write({"pricelist_id": self.own_list.id, "credit_limit": 9000.0})
        self.assertEqual(account.effective_pricelist_id, self.own_list)
        self.assertEqual(account.effective_pricelist_origin, "This key account")
        self.assertEqual(account.effective_credit_limit, 9000.0)
        bergmann = self.make_account(self.bergmann)
        self.assertFalse(bergmann.effective_pricelist_id)
        self.assertFalse(bergmann.effective_pricelist_origin)

    def test_list_in_use_by_an_account_can_not_be_deleted(self):
        """A list that a tier or an account uses can't be deleted."""
        self.account.pricelist_id = self.own_list
        for pricelist in (self.own_list, self.gold_list):
            with self.assertConstraint("product.pricelist"):
                pricelist.unlink()
