# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from odoo.addons.key_account_management.tests.common import KeyAccountCommon

TEXT = "Mag keine Anrufe"


@tagged("post_install", "-at_install")
class TestStakeholder(KeyAccountCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.key_account_data_minimum = 0
        cls.boss = cls.env["res.partner"].create(
            {
                "name": "Dr. Petra Lang",
                "parent_id": cls.nordwind.id,
                "function": "Geschäftsführerin",
                "email": "lang@nordwind.example",
            }
        )
        cls.who = cls.make_stakeholder(cls.anna, buying_role="buyer")

    @classmethod
    def make_stakeholder(cls, partner, account=None, **values):
        return cls.env["key.account.stakeholder"].create(
            {
                "account_id": (account or cls.account).id,
                "partner_id": partner.id,
                **values,
            }
        )

    def meet(self, *partners, days_ago=1, **values):
        start = fields.Datetime.now() - timedelta(days=days_ago)
        return self.env["calendar.event"].create(
            {
                "name": "Termin",
                "start": start,
                "stop": start + timedelta(hours=1),
                "partner_ids": [partner.id for partner in partners],
                **values,
            }
        )

    def gaps(self):
        return (
            self.env["key.account.stakeholder.gap"]
            ._get_gaps(self.account)
            .get(self.account.id, [])
        )

    def test_contacts_give_name_position_and_owner(self):
        who = self.make_stakeholder(self.boss)
        self.assertEqual(
            (who.name, who.position, who.owner_id, who.is_placeholder),
            ("Dr. Petra Lang", "Geschäftsführerin", self.kam, False),
        )
        chair = self.make_stakeholder(
            self.env["res.partner"], name="Technische Leitung", buying_role="decider"
        )
        self.assertTrue(chair.is_placeholder)
        chair.partner_id = self.env["res.partner"].create(
            {"name": "Jan Ott", "parent_id": self.nordwind.id}
        )
        self.assertEqual((chair.name, chair.is_placeholder), ("Jan Ott", False))

    def test_coverage_comes_from_what_happened(self):
        self.assertEqual(self.who.coverage, "none")
        # What we say to ourselves, and a meeting that is to come or was declined.
        self.account.message_post(body=TEXT)
        self.meet(self.kam.partner_id, days_ago=3)
        self.meet(self.anna, self.kam.partner_id, days_ago=-3)
        declined = self.meet(self.anna, self.kam.partner_id, days_ago=4)
        declined.attendee_ids.filtered(
            lambda each: each.partner_id == self.anna
        ).state = "declined"
        self.who._refresh_coverage()
        self.assertEqual((self.who.coverage, self.who.contact_days), ("none", 0))
        self.meet(self.anna, self.kam.partner_id, days_ago=10)
        self.who._refresh_coverage()
        self.assertEqual((self.who.coverage, self.who.contact_days), ("brief", 1))
        self.account.message_post(
            body=TEXT, author_id=self.anna.id, message_type="email"
        )
        self.who._refresh_coverage()
        self.assertEqual(self.who.coverage, "multiple")
        self.assertEqual(self.who.last_contact_date, self.today)
        for days in (20, 21, 22):
            self.meet(self.anna, days_ago=days)
        # Older than the months that count.
        self.meet(self.anna, days_ago=400)
        self.who._refresh_coverage()
        self.assertEqual((self.who.coverage, self.who.contact_days), ("deep", 5))

    def test_a_call_counts(self):
        activity = self.anna.activity_schedule(
            "mail.mail_activity_data_call", user_id=self.kam.id
        )
        self.as_user(self.kam, activity).action_feedback(feedback="Preise besprochen")
        self.who._refresh_coverage()
        self.assertEqual(self.who.coverage, "brief")

    def test_a_call_with_a_stakeholder_is_contact_with_the_account(self):
        self.assertFalse(self.account._get_last_contacts())
        activity = self.who.activity_schedule(
            "mail.mail_activity_data_call", user_id=self.kam.id
        )
        self.as_user(self.kam, activity).action_feedback(feedback="Besprochen")
        self.who._refresh_coverage()
        self.assertEqual((self.who.coverage, self.who.contact_days), ("brief", 1))
        self.assertEqual(
            self.account._get_last_contacts(), {self.account.id: self.today}
        )

    def test_gaps_name_themselves(self):
        self.meet(self.anna)
        self.who._refresh_coverage()
        gaps = self.gaps()
        self.assertIn("No decider is known.", gaps)
        self.assertIn("We know one contact alone: Anna Seidel.", gaps)
        boss = self.make_stakeholder(self.boss, buying_role="decider")
        self.assertEqual(self.gaps()[-1], "No contact for 90 days: Dr. Petra Lang.")
        self.meet(self.boss)
        boss._refresh_coverage()
        self.assertEqual(self.gaps(), [])
        chair = self.make_stakeholder(self.env["res.partner"], name="Technik")
        self.assertEqual(self.gaps(), ["Not known yet: Technik."])
        chair.unlink()
        boss.attitude = "champion"
        self.boss.active = False
        self.assertIn("Our champion has left: Dr. Petra Lang.", self.gaps())
        self.who.attitude = "champion"
        self.assertNotIn("Our champion has left: Dr. Petra Lang.", self.gaps())

    def test_my_day_names_the_gaps(self):
        day = self.as_user(self.kam)["key.account.day"]
        signals = day._day_signals(self.as_user(self.kam, self.account), self.today)
        (signal,) = (each for each in signals if each.kind == "stakeholder")
        self.assertEqual(signal.reason, "No decider is known.")
        action = signal.record.action_view_stakeholders()
        self.assertEqual(action["params"], {"account_id": self.account.id})

    def test_who_leaves_keeps_the_history(self):
        self.who.write({"attitude": "supporter", "influence": "5"})
        self.anna.parent_id = self.bergmann
        self.assertEqual(self.who.left_date, self.today)
        self.assertEqual(
            (self.who.attitude, self.who.name), ("supporter", "Anna Seidel")
        )
        self.anna.parent_id = self.nordwind
        self.assertFalse(self.who.left_date)
        self.anna.action_archive()
        self.assertTrue(self.who.left_date)
        self.anna.unlink()
        self.assertEqual(
            (self.who.name, self.who.is_placeholder), ("Anna Seidel", True)
        )

    def test_contacts_of_the_whole_group_and_of_nobody_else(self):
        top = self.make_account(self.rheintal)
        self.make_account(self.rheintal_sued, parent_id=top.id)
        below = self.env["res.partner"].create(
            {"name": "Uwe Kern", "parent_id": self.rheintal_lager.id}
        )
        self.assertTrue(self.make_stakeholder(below, top))
        with self.assertRefused("Anna Seidel", "Rheintal", exception=ValidationError):
            self.make_stakeholder(self.anna, top)

    def test_nobody_reports_to_themselves(self):
        boss = self.make_stakeholder(self.boss)
        self.who.reports_to_id = boss
        with self.assertRaises(ValidationError):
            boss.reports_to_id = self.who
        other = self.make_account(self.bergmann)
        person = self.env["res.partner"].create(
            {"name": "Kai Berg", "parent_id": self.bergmann.id}
        )
        with self.assertRefused("same group", exception=ValidationError):
            boss.reports_to_id = self.make_stakeholder(person, other)

    def test_the_page(self):
        self.account.action_add_stakeholders()
        self.assertEqual(self.account.stakeholder_count, 2)
        self.meet(self.boss, self.kam.partner_id)
        page = self.as_user(self.kam)["key.account.stakeholder.page"]
        found = page.get_page(self.account.id)
        members = {member["name"]: member for member in found["members"]}
        self.assertEqual(set(members), {"Anna Seidel", "Dr. Petra Lang"})
        self.assertEqual(members["Dr. Petra Lang"]["coverage"], "brief")
        key = f"{self.boss.id}-{self.kam.id}"
        self.assertEqual(found["contacts"][key]["days"], 1)
        with self.assertRaises(AccessError):
            self.as_user(self.kam2)["key.account.stakeholder.page"].get_page(
                self.account.id
            )

    def test_queries_are_constant(self):
        page = self.env["key.account.stakeholder.page"]
        day = self.env["key.account.day"]

        def take():
            page.get_page(self.account.id)
            day._day_signals(self.account, self.today)

        take()
        few = self.count_queries(take)
        for number in range(8):
            person = self.env["res.partner"].create(
                {"name": f"Person {number}", "parent_id": self.nordwind.id}
            )
            self.make_stakeholder(person)
        self.assertLessEqual(self.count_queries(take), few)

    def test_colleagues_and_the_servers_fields(self):
        with self.assertRaises(AccessError):
            self.as_user(self.kam2, self.who).read(["attitude"])
        with self.assertRaises(AccessError):
            self.as_user(self.clerk, self.who).read(["attitude"])
        mine = self.as_user(self.kam, self.who)
        for values in (
            {"coverage": "deep"},
            {"left_date": self.today},
            {"last_contact_date": self.today},
        ):
            with self.assertRaises(AccessError):
                mine.write(values)
        mine.action_leave()
        self.assertTrue(self.who.left_date)
        mine.action_return()
        self.assertFalse(self.who.left_date)
        # The chatter of a stakeholder is as closed as the stakeholder.
        message = self.who.message_post(body=TEXT)
        with self.assertRaises(AccessError):
            self.as_user(self.kam2, message).read(["body"])
