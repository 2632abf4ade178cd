# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from ...models.tools.groups import DIRECTOR
from ..common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestAbsence(KeyAccountCommon):
    """The deputy is in charge from the first to the last day of an absence."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.resource_calendar_id.tz = "Europe/Berlin"
        cls.account.deputy_id = cls.kam2
        cls.kam.write(
            {
                "key_account_absence_start": date(2026, 7, 6),
                "key_account_absence_end": date(2026, 7, 17),
            }
        )
        cls.present = cls.make_account(cls.bergmann)
        cls.env.flush_all()

    def in_charge(self, tz="Europe/Berlin"):
        """Return who is in charge; the field and the search must agree."""
        self.env.invalidate_all()
        account = self.as_user(self.all_user, self.account).with_context(tz=tz)
        acting = account.acting_manager_id
        self.assertEqual(account.is_manager_absent, acting == self.kam2)
        found = account.search(
            [("id", "=", account.id), ("acting_manager_id", "=", acting.id)]
        )
        self.assertEqual(found, account, "Shown and found differ.")
        other = self.kam if acting == self.kam2 else self.kam2
        self.assertFalse(
            account.search(
                [("id", "=", account.id), ("acting_manager_id", "in", other.ids)]
            )
        )
        return acting.with_env(self.env)

    def test_before_during_and_after(self):
        """The manager is in charge before the first day and after the last."""
        for day, user in (
            ("2026-07-05", self.kam),
            ("2026-07-06", self.kam2),
            ("2026-07-10", self.kam2),
            ("2026-07-17", self.kam2),
            ("2026-07-18", self.kam),
        ):
            with freeze_time(f"{day} 10:00:00"):
                self.assertEqual(self.in_charge(), user, day)

    def test_day_begins_at_the_companys_midnight(self):
        """The deputy takes over at midnight in Berlin for users in any time zone."""
        for tz in ("Europe/Berlin", "America/New_York", "Asia/Tokyo"):
            for moment, user in (
                ("2026-07-05 21:59:00", self.kam),
                ("2026-07-05 22:01:00", self.kam2),
                ("2026-07-17 21:59:00", self.kam2),
                ("2026-07-17 22:01:00", self.kam),
            ):
                with freeze_time(moment):
                    self.assertEqual(self.in_charge(tz), user, (tz, moment))

    def test_absence_until_further_notice(self):
        """The deputy stays in charge as long as the absence has no last day."""
        self.kam.key_account_absence_end = False
        with freeze_time("2027-03-01 10:00:00"):
            self.assertEqual(self.in_charge(), self.kam2)

    def test_search(self):
        """Searching by the person in charge finds the accounts of that day."""
        ours = [("id", "in", (self.account | self.present).ids)]

        def find(operator, value):
            return self.as_user(self.all_user)["key.account"].search(
                [*ours, ("acting_manager_id", operator, value)], order="id"
            )

        with freeze_time("2026-07-10 10:00:00"):
            self.assertEqual(find("=", self.kam.id), self.present)
            self.assertEqual(find("in", [self.kam2.id]), self.account)
            self.assertEqual(find("!=", self.kam.id), self.account)
            self.assertEqual(find("not in", [self.kam2.id]), self.present)
            self.assertEqual(find("ilike", "Vogt"), self.account)
            self.assertFalse(find("=", False))
            self.assertEqual(find("!=", False), self.account | self.present)
        with freeze_time("2026-08-10 10:00:00"):
            self.assertEqual(find("=", self.kam.id), self.account | self.present)
            self.assertFalse(find("ilike", "Vogt"))

    def test_account_without_deputy(self):
        """An account without a deputy stays with its manager during an absence."""
        with freeze_time("2026-07-10 10:00:00"):
            self.assertEqual(self.present.acting_manager_id, self.kam)
            self.assertFalse(self.present.is_manager_absent)
            self.account.deputy_id = False
            self.assertEqual(self.account.acting_manager_id, self.kam)

    def test_one_absence_for_all_accounts(self):
        """An absence applies to all accounts of the manager."""
        self.present.deputy_id = self.all_user
        with freeze_time("2026-07-10 10:00:00"):
            self.assertEqual(self.present.acting_manager_id, self.all_user)
            self.assertEqual(self.account.acting_manager_id, self.kam2)

    def test_own_absence(self):
        """Users enter their own absence in their preferences, but not a colleague's."""
        self.as_user(self.kam, self.kam).write(
            {"key_account_absence_end": date(2026, 7, 20)}
        )
        self.assertEqual(self.kam.key_account_absence_end, date(2026, 7, 20))
        with self.assertRaises(AccessError):
            self.as_user(self.kam, self.kam2).write(
                {"key_account_absence_start": date(2026, 7, 6)}
            )

    def test_absence_dates_in_order(self):
        """An absence can't end before it begins, and needs a first day."""
        with self.assertConstraint("res.users", "can't end before it begins"):
            self.kam.key_account_absence_end = date(2026, 7, 5)
        with self.assertConstraint("res.users", "needs a first day"):
            self.kam.key_account_absence_start = False

    def test_absent_users_are_not_asked(self):
        """An absent director isn't asked for a decision; the other one is."""
        second = self.director.copy({"login": "dir2", "name": "Horst Maier"})
        chosen = self.env.company.key_account_decider_ids = self.director | second
        users = self.as_user(self.clerk)["res.users"]
        with freeze_time("2026-07-10 10:00:00"):
            first = users._choose_key_account_decider(DIRECTOR, self.env.company)
            self.assertIn(first.with_env(self.env), chosen)
            first.with_env(self.env).key_account_absence_start = date(2026, 7, 10)
            other = users._choose_key_account_decider(DIRECTOR, self.env.company)
            self.assertEqual(other.with_env(self.env), chosen - first)
