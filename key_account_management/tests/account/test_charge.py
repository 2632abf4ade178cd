# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestCharge(KeyAccountCommon):
    """Who decides on an account, and who becomes responsible for a customer."""

    def test_deputy_decides_during_the_absence(self):
        """A deputy works on the account and decides while the manager is away."""
        self.account.deputy_id = self.kam2
        deputy = self.as_user(self.kam2, self.account)
        deputy.preferences = "<p>Nie vor zehn anrufen</p>"
        for values in (
            {"credit_limit": 5.0},
            {"pricelist_mode": "best"},
            {"tier_locked_until": self.today, "tier_lock_reason": "Freundschaft"},
            {"payment_term_id": self.make_payment_term(10).id},
            {"manager_id": self.kam2.id, "deputy_id": False},
            {"deputy_id": False},
        ):
            with self.assertRefused("decides on this", exception=AccessError):
                deputy.write(values)
        with self.assertRaises(AccessError):
            self.as_user(self.kam2, self.kam).key_account_absence_start = self.today
        self.kam.key_account_absence_start = self.today
        self.env.invalidate_all()
        deputy.payment_term_mode = "inherit"

    def test_customers_of_colleagues(self):
        """Customers of colleagues take a user with access to all accounts."""
        Account = self.as_user(self.kam, self.env["key.account"])
        self.bergmann.user_id = self.kam2
        with self.assertRefused("looked after by Miriam Vogt", exception=AccessError):
            Account.create({"partner_id": self.bergmann.id})
        self.bergmann.user_id = self.kam
        account = Account.create({"partner_id": self.bergmann.id})
        with self.assertRefused("stays the account"):
            account.partner_id = self.make_customer("Fremd AG")
        ordered = self.make_customer("Ordered AG")
        self.make_order(ordered, 1, user_id=self.clerk.id)
        with self.assertRefused("looked after by Petra Hahn", exception=AccessError):
            Account.create({"partner_id": ordered.id})
        self.as_user(self.all_user, Account).create({"partner_id": ordered.id})
        Account.create({"partner_id": self.make_customer("Neu AG").id})

    def test_parent_of_a_colleague(self):
        """An account that the user can't read lends nothing."""
        parent = self.make_account(self.bergmann, manager_id=self.kam2.id)
        with self.assertRaises(AccessError):
            self.as_user(self.kam, self.account).parent_id = parent.id
        shop = self.make_customer("Filiale", parent_id=self.bergmann.id)
        shop.is_company = True
        account = self.as_user(self.kam, self.env["key.account"]).create(
            {"partner_id": shop.id}
        )
        self.assertFalse(account.parent_id)

    def test_team_takes_the_account_manager(self):
        """Others can ask to join; the account manager lets them in, on record."""
        self.as_user(self.kam, self.account).confidential_note = "<p>Geheim</p>"
        Member = self.as_user(self.director, self.env["key.account.team.member"])
        member = Member.create(
            {"account_id": self.account.id, "user_id": self.director.id}
        )
        as_director = self.as_user(self.director, self.account)
        self.assertFalse(as_director.user_in_team)
        self.assertFalse(as_director.confidential_note)
        with self.assertRefused("Only Jonas Reuter", exception=AccessError):
            member.action_accept()
        self.assertIn("wants to add", self.account.message_ids[0].body)
        self.as_user(self.kam, member).action_accept()
        self.env.invalidate_all()
        self.assertIn("Geheim", as_director.confidential_note)
        member.unlink()
        self.assertIn("left the account team", self.account.message_ids[0].body)
        mine = self.as_user(self.kam, member).create(
            {"account_id": self.account.id, "user_id": self.kam2.id}
        )
        self.assertTrue(mine.is_accepted)
        with self.assertRefused("Remove the colleague"):
            mine.user_id = self.clerk
        with self.assertRefused("decides on this", exception=AccessError):
            self.as_user(self.kam2, mine).create(
                {"account_id": self.account.id, "user_id": self.clerk.id}
            )

    def test_salesperson_changed_first(self):
        """Who is entered as salesperson doesn't make others' customers one's own."""
        ordered = self.make_customer("Ordered AG")
        self.make_order(ordered, 1, user_id=self.clerk.id).action_confirm()
        self.make_invoice(ordered, 10.0, invoice_user_id=self.clerk.id)
        ordered.user_id = self.kam
        self.make_order(ordered, 1, user_id=self.kam.id)
        self.make_order(ordered, 1, user_id=self.kam.id)
        Account = self.as_user(self.kam, self.env["key.account"])
        with self.assertRefused("looked after by Petra Hahn", exception=AccessError):
            Account.create({"partner_id": ordered.id})

    def test_confidential_note_takes_two(self):
        """No one puts themselves in charge to read the confidential note."""
        self.as_user(self.kam, self.account).confidential_note = "<p>Geheim</p>"
        mine = self.as_user(self.director, self.account)
        for name in ("deputy_id", "manager_id"):
            with self.assertRefused("confidential note", exception=AccessError):
                mine.write({name: self.director.id})
        mine.deputy_id = self.kam2
        self.as_user(self.kam, self.account).manager_id = self.director
        self.assertIn("Geheim", mine.confidential_note)

    def test_group_lends_what_the_role_grants(self):
        """A group whose terms are above the role takes somebody with the role."""
        parent = self.make_account(self.bergmann)
        parent.credit_limit = 50000.0
        mine = self.as_user(self.kam, self.account)
        with self.assertRefused("would get the terms", exception=AccessError):
            mine.parent_id = parent.id
        self.as_user(self.all_user, self.account).parent_id = parent.id
        self.account.parent_id = False
        parent.credit_limit = 0.0
        mine.parent_id = parent.id

    def test_portal_role_of_a_colleagues_contact(self):
        """What a contact sees on the portal is decided by the account's people."""
        self.as_user(self.kam, self.anna).key_account_portal_role = "service"
        for user in (self.kam2, self.clerk):
            with self.assertRaises(AccessError):
                self.as_user(user, self.anna).key_account_portal_role = False
        # Those who can't change it copy the contact with it.
        copied = self.as_user(self.clerk, self.anna).copy()
        self.assertEqual(copied.key_account_portal_role, "service")

    def test_payment_terms_by_hand(self):
        """Terms on the customer go before those of the account, so they take a role."""
        long, short = self.make_payment_term(90), self.make_payment_term(14)
        customer = self.as_user(self.clerk, self.nordwind)
        with self.assertRefused("90 days to pay", exception=AccessError):
            customer.property_payment_term_id = long
        customer.property_payment_term_id = short
        self.as_user(self.director, self.nordwind).property_payment_term_id = long
        self.as_user(self.clerk, self.bergmann).property_payment_term_id = long
