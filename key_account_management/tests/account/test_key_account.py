# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from ..common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestKeyAccount(KeyAccountCommon):
    def test_one_account_per_customer_and_company(self):
        """A second account for the same customer is refused; the first stays."""
        with self.assertConstraint(
            "key.account", "is already a key account of the company"
        ):
            self.make_account(self.nordwind, manager_id=self.kam2.id)
        self.assertEqual(self.nordwind.key_account_ids, self.account)
        self.assertEqual(self.account.manager_id, self.kam)
        self.assertEqual(self.account.tier_id, self.gold)

    def test_archived_account_blocks_a_second_one(self):
        """A customer with an archived account can't get a second one."""
        self.account.active = False
        with self.assertConstraint("key.account", "ended or archived"):
            self.make_account(self.nordwind)

    def test_one_account_in_each_company(self):
        """Each of two companies may manage the same customer."""
        other = self.make_account(
            self.nordwind,
            company_id=self.other_company.id,
            manager_id=self.other_director.id,
        )
        self.assertNotEqual(other, self.account)
        self.assertFalse(other.tier_id)
        self.assertEqual(self.account.tier_id, self.gold)

    def test_contact_is_refused_with_the_name_of_its_company(self):
        """Choosing a contact is refused; the error names the company to choose."""
        with self.assertRefused(
            "Anna Seidel",
            "is a contact of Nordwind Handels GmbH",
            exception=ValidationError,
        ):
            self.make_account(self.anna)
        self.assertFalse(
            self.env["key.account"].search([("partner_id", "=", self.anna.id)])
        )

    def test_account_can_not_move_to_a_contact(self):
        """An existing account can't be moved to a contact."""
        with self.assertRefused("stays the account of its customer"):
            self.account.partner_id = self.anna
        with self.assertRefused("is a contact of", exception=ValidationError):
            self.account.sudo().partner_id = self.anna
        self.assertEqual(self.account.partner_id, self.nordwind)

    def test_error_in_a_batch_loses_nothing(self):
        """One bad customer in a batch stops the whole batch; existing accounts stay."""
        before = self.env["key.account"].search([])
        with self.assertRefused("is a contact of"):
            self.env["key.account"].create(
                [
                    {"partner_id": partner.id, "manager_id": self.kam.id}
                    for partner in (self.bergmann, self.rheintal, self.anna)
                ]
            )
        self.assertEqual(self.env["key.account"].search([]), before)

    def test_partner_of_another_company_is_refused(self):
        """A customer of another company only can't become a key account here."""
        donau = self.make_customer(
            "Donau Baustoffe GmbH", company_id=self.other_company.id
        )
        with self.assertRefused("Donau Baustoffe GmbH"):
            self.make_account(donau)

    def test_tier_of_another_company_is_refused(self):
        """No user can give an account a tier of another company."""
        tier = self.env["key.account.tier"].create(
            {"name": "Platin", "company_id": self.other_company.id}
        )
        with self.assertRefused("Platin"):
            self.make_account(self.bergmann, tier_id=tier.id)
        with self.assertRefused("Platin"):
            self.account.tier_id = tier
        self.assertEqual(self.account.tier_id, self.gold)
        self.assertEqual(len(self.account.tier_change_ids), 1)

    def test_archived_customer_is_refused(self):
        """An archived customer can't become a key account."""
        self.bergmann.active = False
        with self.assertRefused(
            "Bergmann Werkzeuge KG is archived", exception=ValidationError
        ):
            self.make_account(self.bergmann)

    def test_archived_customer_may_have_an_ended_account(self):
        """A customer whose account has ended can be archived."""
        self.account.action_end()
        self.nordwind.active = False
        self.assertEqual(self.account.state, "ended")
        with self.assertRefused("is archived", exception=ValidationError):
            self.account.action_activate()

    def test_customer_of_live_account_can_not_be_archived(self):
        """Archiving the customer of a live account is refused with advice."""
        with self.assertRefused(
            "End the key account before you archive", exception=ValidationError
        ):
            self.nordwind.action_archive()
        self.assertTrue(self.nordwind.active)

    def test_customer_of_live_account_can_not_become_a_contact(self):
        """The customer of a live account can't become a contact of another company."""
        with self.assertRefused("can't become a contact", exception=ValidationError):
            self.nordwind.write({"parent_id": self.bergmann.id, "is_company": False})
        self.assertFalse(self.nordwind.parent_id)

    def test_customer_may_join_a_group(self):
        """A company with an account of its own may get a parent company."""
        self.nordwind.parent_id = self.rheintal
        self.assertEqual(self.nordwind.commercial_partner_id, self.nordwind)
        self.assertEqual(self.account.partner_id, self.nordwind)

    def test_deputy_is_another_than_the_manager(self):
        """The deputy can't be the account manager."""
        with self.assertConstraint("key.account", "can't be the account manager"):
            self.account.deputy_id = self.kam
        self.account.invalidate_recordset()
        self.assertFalse(self.account.deputy_id)

    def test_portal_user_is_not_responsible(self):
        """A portal user can be neither manager nor deputy."""
        portal_user = self._create_new_portal_user(
            login="anna.seidel", name="Anna Seidel", company_id=self.env.company.id
        )
        for fname in ("manager_id", "deputy_id"):
            with self.assertRefused(
                "Anna Seidel is a portal user", exception=ValidationError
            ):
                self.account[fname] = portal_user
        self.assertEqual(self.account.manager_id, self.kam)

    def test_manager_of_another_company_is_refused(self):
        """The manager must work for the account's company."""
        with self.assertRefused("Leopold Gruber"):
            self.account.manager_id = self.other_director

    def test_group_can_not_be_circular(self):
        """Two accounts can't be each other's parent."""
        rheintal = self.make_account(self.rheintal)
        sued = self.make_account(self.rheintal_sued)
        self.assertEqual(sued.parent_id, rheintal)
        with self.assertRefused("A group can't be circular"):
            rheintal.parent_id = sued
        self.assertFalse(rheintal.parent_id)
        with self.assertRefused("A group can't be circular"):
            rheintal.parent_id = rheintal

    def test_group_can_not_be_circular_at_depth_three(self):
        """A grandparent can't move below its grandchild; the tree stays intact."""
        rheintal = self.make_account(self.rheintal)
        sued = self.make_account(self.rheintal_sued)
        lager = self.make_account(self.rheintal_lager)
        with self.assertRefused("A group can't be circular"):
            rheintal.parent_id = lager
        self.assertEqual(
            self.env["key.account"].search([("id", "child_of", rheintal.id)]),
            rheintal | sued | lager,
        )

    def test_parent_of_another_company_is_refused(self):
        """An account of another company can't be the group parent."""
        parent = self.make_account(
            self.rheintal,
            company_id=self.other_company.id,
            manager_id=self.other_director.id,
        )
        with self.assertRefused("Rheintal Baumarkt Holding AG"):
            self.account.parent_id = parent

    def test_group_parent_is_found(self):
        """A new account joins the group of the nearest parent with an account."""
        rheintal = self.make_account(self.rheintal)
        lager = self.make_account(self.rheintal_lager)
        self.assertEqual(lager.parent_id, rheintal, "The parent has none.")
        sued = self.make_account(self.rheintal_sued)
        self.assertEqual(sued.parent_id, rheintal)

    def test_group_parent_given_or_ended(self):
        """A group parent chosen by the user stays; an ended account isn't taken."""
        rheintal = self.make_account(self.rheintal)
        lager = self.make_account(self.rheintal_lager, parent_id=False)
        self.assertFalse(lager.parent_id)
        rheintal.action_end()
        self.assertFalse(self.make_account(self.rheintal_sued).parent_id)

    def test_group_parent_of_another_company_is_not_found(self):
        """An account of another company isn't proposed as group parent."""
        self.make_account(
            self.rheintal,
            company_id=self.other_company.id,
            manager_id=self.other_director.id,
        )
        self.assertFalse(self.make_account(self.rheintal_sued).parent_id)

    def test_group_parent_shows_in_the_form(self):
        """The form proposes the group parent when the customer is chosen."""
        rheintal = self.make_account(self.rheintal)
        form = Form(self.env["key.account"])
        form.partner_id = self.rheintal_sued
        self.assertEqual(form.parent_id, rheintal)

    def test_display_name_is_the_customers_name(self):
        """The account has the customer's name and follows its changes."""
        self.assertEqual(self.account.display_name, "Nordwind Handels GmbH")
        account = self.account.with_context(show_address=True, show_vat=True)
        self.assertEqual(account.display_name, "Nordwind Handels GmbH")
        self.nordwind.name = "Nordwind Handels SE"
        self.assertEqual(self.account.display_name, "Nordwind Handels SE")

    def test_found_by_name_and_customer_number(self):
        """An account is found by the customer's name and by the customer number."""
        KeyAccount = self.env["key.account"]
        for text in ("Nordwind", "K-10042"):
            found = [account_id for account_id, _ in KeyAccount.name_search(text)]
            self.assertEqual(found, self.account.ids)

    def test_account_with_history_can_not_be_deleted(self):
        """An account with a tier history can't be deleted by any user."""
        for account in (
            self.account,
            self.as_user(self.director, self.account),
            self.account.sudo(),
        ):
            with self.assertRefused("tier history can't be deleted"):
                account.unlink()
        self.assertTrue(self.account.exists())

    def test_account_made_by_mistake_can_be_deleted(self):
        """An account without any history can be deleted."""
        account = self.make_account(self.bergmann)
        self.as_user(self.director, account).unlink()
        self.assertFalse(account.exists())

    def test_customer_of_an_account_can_not_be_deleted(self):
        """A customer can't be deleted while it has an account, even an ended one."""
        self.account.action_end()
        with self.assertConstraint("key.account"):
            self.nordwind.child_ids.unlink()
            self.nordwind.unlink()

    def test_states(self):
        """The buttons of the form move the account through its states."""
        account = self.as_user(self.kam, self.account)
        account.action_set_at_risk()
        self.assertEqual(self.account.state, "at_risk")
        account.action_end()
        self.assertEqual(self.account.state, "ended")
        self.as_user(self.director, self.account).action_activate()
        self.assertEqual(self.account.state, "active")

    def test_activate_brings_an_archived_account_back(self):
        """Activating an archived account restores it."""
        self.account.write({"active": False, "state": "ended"})
        self.account.action_activate()
        self.assertTrue(self.account.active)
