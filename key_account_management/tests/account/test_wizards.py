# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from ..common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestMakeKeyAccount(KeyAccountCommon):
    def wizard(self, partners, user=None):
        action = partners.action_make_key_account()
        env = self.as_user(user or self.director)
        return Form(env["key.account.create"].with_context(**action["context"]))

    def test_single_customer(self):
        """The wizard makes one customer a Gold key account and opens its form."""
        form = self.wizard(self.bergmann)
        self.assertEqual(form.partner_ids[:], self.bergmann)
        form.tier_id = self.gold
        form.manager_id = self.kam
        form.deputy_id = self.kam2
        form.state = "candidate"
        form.phase = "win"
        action = form.save().action_create_accounts()
        account = self.env["key.account"].search(
            [("partner_id", "=", self.bergmann.id)]
        )
        self.assertEqual(action["res_id"], account.id)
        self.assertRecordValues(
            account,
            [
                {
                    "tier_id": self.gold.id,
                    "manager_id": self.kam.id,
                    "deputy_id": self.kam2.id,
                    "state": "candidate",
                    "phase": "win",
                    "company_id": self.env.company.id,
                }
            ],
        )
        self.assertEqual(self.make_order(self.bergmann).amount_untaxed, 180.0)

    def test_contact_stands_for_its_company(self):
        """Selected contacts stand for their company, which gets one account."""
        contacts = self.env["res.partner"].create(
            [
                {"name": name, "parent_id": self.bergmann.id}
                for name in ("Uwe Bergmann", "Inge Bergmann")
            ]
        )
        form = self.wizard(contacts | self.bergmann)
        self.assertEqual(form.partner_ids[:], self.bergmann)
        form.save().action_create_accounts()
        self.assertTrue(self.bergmann.key_account_id)

    def test_bulk_skips_key_accounts(self):
        """In bulk, the wizard lists customers with an account and skips them."""
        form = self.wizard(self.anna | self.bergmann | self.rheintal)
        self.assertEqual(form.skipped_partner_ids[:], self.nordwind)
        form.tier_id = self.silver
        action = form.save().action_create_accounts()
        made = self.env["key.account"].search(action["domain"])
        self.assertEqual(made.partner_id, self.bergmann | self.rheintal)
        self.assertEqual(made.tier_id, self.silver)
        self.assertEqual(self.account.tier_id, self.gold)
        self.assertEqual(self.account.manager_id, self.kam)

    def test_ended_and_archived_accounts_are_skipped(self):
        """The wizard skips customers whose account has ended or is archived."""
        self.account.action_end()
        archived = self.make_account(self.rheintal)
        archived.active = False
        form = self.wizard(self.nordwind | self.rheintal | self.bergmann)
        self.assertEqual(form.skipped_partner_ids[:], self.nordwind | self.rheintal)
        form.save().action_create_accounts()
        self.assertTrue(self.bergmann.key_account_id)

    def test_colleagues_accounts_are_skipped(self):
        """The wizard tells an account manager that a colleague has the customer."""
        self.account.manager_id = self.kam2
        form = self.wizard(self.nordwind | self.bergmann, self.kam)
        self.assertEqual(form.skipped_partner_ids[:], self.nordwind)
        form.save().action_create_accounts()
        self.assertEqual(self.account.manager_id, self.kam2)
        self.assertEqual(self.bergmann.key_account_manager_id, self.kam)

    def test_all_skipped(self):
        """The wizard says so when all selected customers are key accounts already."""
        with self.assertRefused("already key accounts of Alpenhandel GmbH"):
            self.wizard(self.nordwind | self.anna).save().action_create_accounts()
        wizard = self.env["key.account.create"].create({})
        with self.assertRefused("Select at least one customer"):
            wizard.action_create_accounts()

    def test_account_manager_proposes_gold(self):
        """Gold chosen by an account manager becomes a proposal for a director."""
        form = self.wizard(self.bergmann, self.kam)
        form.tier_id = self.prospect
        self.assertFalse(form.tier_needs_approval)
        form.tier_id = self.gold
        self.assertTrue(form.tier_needs_approval)
        form.save().action_create_accounts()
        account = self.bergmann.key_account_ids
        self.assertEqual(account.manager_id, self.kam)
        self.assertFalse(account.tier_id)
        self.assertEqual(account.pending_tier_change_id.to_tier_id, self.gold)

    def test_one_error_stops_all_accounts(self):
        """No account is made if one of the customers is refused."""
        form = self.wizard(self.bergmann | self.rheintal)
        wizard = form.save()
        self.rheintal.write({"parent_id": self.nordwind.id, "is_company": False})
        with self.assertRefused("is a contact of Nordwind Handels GmbH"):
            wizard.action_create_accounts()
        self.assertFalse(self.bergmann.key_account_ids)


@tagged("post_install", "-at_install")
class TestHandOver(KeyAccountCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls.make_account(cls.bergmann, deputy_id=cls.all_user.id)
        cls.account.deputy_id = cls.kam2
        cls.accounts = cls.account | cls.second

    def hand_over(self, accounts, user=None, **values):
        env = self.as_user(user or self.kam)
        wizard = env["key.account.handover"].with_context(
            active_model="key.account", active_ids=accounts.ids
        )
        form = Form(wizard)
        self.assertEqual(form.account_ids[:], accounts)
        for fname, value in values.items():
            form[fname] = value
        return form.save().action_hand_over()

    def to_dos(self, account, user):
        return account.sudo().activity_ids.filtered(lambda a: a.user_id == user)

    def notes(self, account):
        return str(account.sudo().message_ids.mapped("body"))

    def test_absence_to_the_deputies(self):
        """During a holiday each account goes to its deputy, who gets a to-do."""
        self.hand_over(
            self.accounts,
            mode="absence",
            date_start=self.today,
            date_end=self.today + timedelta(days=14),
            note="Angebot Filiale Kiel läuft",
        )
        self.assertEqual(self.account.acting_manager_id, self.kam2)
        self.assertEqual(self.second.acting_manager_id, self.all_user)
        self.assertEqual(self.accounts.manager_id, self.kam)
        self.assertEqual(self.account.absence_end, self.today + timedelta(days=14))
        to_do = self.to_dos(self.account, self.kam2)
        self.assertEqual(len(to_do), 1)
        self.assertIn("Jonas Reuter", to_do.summary)
        self.assertIn("Filiale Kiel", to_do.note)
        self.assertEqual(to_do.date_deadline, self.today)
        self.assertEqual(len(self.to_dos(self.second, self.all_user)), 1)
        self.assertIn("Handed over to Miriam Vogt", self.notes(self.account))

    def test_absence_in_the_future(self):
        """An absence that begins next week changes nothing today."""
        start = self.today + timedelta(days=7)
        self.hand_over(self.account, mode="absence", date_start=start)
        self.assertEqual(self.account.acting_manager_id, self.kam)
        to_do = self.to_dos(self.account, self.kam2)
        self.assertEqual(to_do.date_deadline, start)

    def test_absence_to_a_named_colleague(self):
        """A colleague named in the wizard becomes deputy on all accounts."""
        self.hand_over(self.accounts, mode="absence", user_id=self.kam2)
        self.assertEqual(self.accounts.acting_manager_id, self.kam2)
        self.assertTrue(self.as_user(self.kam2, self.second).has_access("write"))

    def test_absence_without_deputy(self):
        """One account without a deputy stops the handover; the error names it."""
        self.second.deputy_id = False
        with self.assertRefused("Bergmann Werkzeuge KG has no deputy"):
            self.hand_over(self.accounts, mode="absence")
        self.assertFalse(self.account.absence_start)
        self.assertFalse(self.to_dos(self.account, self.kam2))

    def test_return(self):
        """The manager is in charge again after returning."""
        self.hand_over(self.accounts, mode="absence")
        self.hand_over(self.accounts, mode="return")
        self.assertEqual(self.accounts.acting_manager_id, self.kam)
        self.assertFalse(any(self.accounts.mapped("absence_start")))
        self.assertEqual(self.account.deputy_id, self.kam2)
        self.assertIn("Jonas Reuter is back in charge", self.notes(self.account))

    def test_absence_is_not_the_teams_to_enter(self):
        """A member of one account's team can't enter the manager's absence."""
        mine = self.as_user(self.kam, self.account)
        mine.team_member_ids = [Command.create({"user_id": self.kam2.id})]
        self.account.deputy_id = False
        with self.assertRefused("Only Jonas Reuter", exception=AccessError):
            self.hand_over(self.account, self.kam2, mode="absence", user_id=self.kam2)
        self.assertFalse(self.kam.key_account_absence_start)
        self.assertFalse(self.account.deputy_id)

    def test_deputy_may_hand_back(self):
        """The deputy can end the absence when the manager returns."""
        self.hand_over(self.account, mode="absence")
        self.hand_over(self.account, self.kam2, mode="return")
        self.assertEqual(self.account.acting_manager_id, self.kam)

    def test_for_good(self):
        """A permanent handover moves the account with its activities."""
        mine = self.as_user(self.kam, self.account).activity_schedule(
            "mail.mail_activity_data_call", user_id=self.kam.id
        )
        others = self.account.activity_schedule(
            "mail.mail_activity_data_call", user_id=self.all_user.id
        )
        self.hand_over(
            self.accounts,
            mode="permanent",
            user_id=self.kam2,
            note="Viel Erfolg",
        )
        self.assertEqual(self.accounts.manager_id, self.kam2)
        self.assertEqual(mine.user_id, self.kam2)
        self.assertEqual(others.user_id, self.all_user)
        to_do = self.to_dos(self.account, self.kam2) - mine
        self.assertIn("taken over from Jonas Reuter", to_do.summary)
        self.assertIn("Viel Erfolg", self.notes(self.account))
        self.assertTrue(self.as_user(self.kam2, self.second).has_access("write"))
        self.assertFalse(self.as_user(self.kam, self.second).has_access("read"))

    def test_for_good_to_the_deputy(self):
        """A deputy who takes over for good is no longer the deputy."""
        self.hand_over(self.account, mode="absence")
        self.hand_over(self.account, mode="permanent", user_id=self.kam2)
        self.assertEqual(self.account.manager_id, self.kam2)
        self.assertFalse(self.account.deputy_id)
        self.assertFalse(self.account.absence_start)
        self.assertEqual(self.account.acting_manager_id, self.kam2)

    def test_for_good_ends_the_old_managers_absence(self):
        """The new manager doesn't inherit the old manager's absence."""
        self.hand_over(self.second, mode="absence")
        self.hand_over(self.second, mode="permanent", user_id=self.kam2)
        self.assertEqual(self.second.acting_manager_id, self.kam2)

    def test_for_good_without_the_activities(self):
        """Activities stay with the old manager if the user says so."""
        mine = self.account.activity_schedule(
            "mail.mail_activity_data_call", user_id=self.kam.id
        )
        self.hand_over(
            self.account, mode="permanent", user_id=self.kam2, move_activities=False
        )
        self.assertEqual(mine.user_id, self.kam)

    def test_for_good_needs_a_new_manager(self):
        """A permanent handover needs a new manager."""
        wizard = self.as_user(self.kam)["key.account.handover"].create(
            {"account_ids": self.account.ids, "mode": "permanent"}
        )
        with self.assertRefused("Choose the new account manager"):
            wizard.action_hand_over()
        self.assertEqual(self.account.manager_id, self.kam)

    def test_for_good_to_the_manager_of_another_company(self):
        """The new manager must work for the company; otherwise nothing changes."""
        with self.assertRefused("Leopold Gruber"):
            self.hand_over(self.accounts, mode="permanent", user_id=self.other_director)
        self.assertEqual(self.accounts.manager_id, self.kam)
        self.assertFalse(self.to_dos(self.account, self.other_director))
