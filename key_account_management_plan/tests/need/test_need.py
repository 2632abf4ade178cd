# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.key_account_management.tests.common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestNeed(KeyAccountCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.key_account_data_minimum = 0
        cls.who = cls.env["key.account.stakeholder"].create(
            {"account_id": cls.account.id, "partner_id": cls.anna.id}
        )
        cls.need = cls.env["key.account.need"].create(
            {"stakeholder_id": cls.who.id, "name": "Zwei Lieferungen je Woche"}
        )

    def make_occasion(self, user=None, **values):
        start = fields.Datetime.now() + timedelta(days=20)
        return self.as_user(user or self.kam)["key.account.occasion"].create(
            {"name": "Frühjahrsmesse", "start": start, **values}
        )

    def test_a_need_becomes_an_opportunity_and_is_met(self):
        self.assertEqual(
            (self.need.account_id, self.need.state), (self.account, "open")
        )
        need = self.as_user(self.kam, self.need)
        context = need.action_new_opportunity()["context"]
        lead = self.as_user(self.kam)["crm.lead"].with_context(**context).create({})
        self.assertEqual(
            (lead.name, lead.partner_id), (need.name, need.stakeholder_id.partner_id)
        )
        self.assertEqual((need.lead_id, need.state), (lead, "worked_on"))
        with self.assertRefused("already"):
            need.action_new_opportunity()
        lead.action_set_won()
        self.assertEqual(need.state, "done")

    def test_an_objection_is_answered(self):
        objection = self.need.create(
            {"account_id": self.account.id, "name": "Zu teuer", "kind": "objection"}
        )
        objection.answer = "Rechnung über die Lebensdauer gezeigt"
        self.assertEqual(objection.state, "done")

    def test_stakeholders_are_invited_account_by_account(self):
        other = self.make_account(self.bergmann)
        person = self.env["res.partner"].create(
            {"name": "Kai Berg", "parent_id": self.bergmann.id}
        )
        theirs = self.who.create({"account_id": other.id, "partner_id": person.id})
        self.who.create({"account_id": other.id, "name": "Technik"})
        hidden = self.make_account(self.rheintal, manager_id=self.kam2.id)
        foreign = self.env["res.partner"].create(
            {"name": "Uwe Kern", "parent_id": self.rheintal.id}
        )
        self.who.create({"account_id": hidden.id, "partner_id": foreign.id})
        occasion = self.make_occasion()
        occasion.action_invite()
        invitations = occasion.invitation_ids
        self.assertEqual(
            invitations.stakeholder_id.ids, (self.who | theirs).sorted().ids
        )
        self.assertEqual(len(invitations.event_id), 2, "customers don't see each other")
        event = invitations.filtered(
            lambda i: i.account_id.id == self.account.id
        ).event_id
        self.assertEqual(event.sudo().partner_ids, self.anna | self.kam.partner_id)
        # Again: those who are new alone.
        occasion.action_invite()
        self.assertEqual(occasion.invitation_ids, invitations)
        attendee = event.sudo().attendee_ids.filtered(
            lambda each: each.partner_id == self.anna
        )
        attendee.do_accept()
        occasion.invalidate_recordset()
        self.assertEqual((occasion.invited_count, occasion.accepted_count), (2, 1))

    def test_a_new_date_or_place_moves_the_meetings(self):
        occasion = self.make_occasion()
        occasion.action_invite()
        later = occasion.start + timedelta(days=1)
        occasion.write(
            {"start": later, "stop": later + timedelta(hours=5), "location": "Halle 4"}
        )
        meeting = occasion.invitation_ids.event_id
        self.assertEqual(
            (meeting.start, meeting.stop, meeting.location),
            (later, later + timedelta(hours=5), "Halle 4"),
        )

    def test_who_invites_reads_what_is_wanted(self):
        Preference = self.env["key.account.preference"]
        for person, name in ((False, "Alle"), (self.anna, "Anna"), (self.kam, "Fremd")):
            partner = person and (person.partner_id if person == self.kam else person)
            Preference.create(
                {
                    "account_id": self.account.id,
                    "kind": "gifts",
                    "name": name,
                    "partner_id": partner and partner.id,
                }
            )
        occasion = self.make_occasion()
        occasion.action_invite()
        told = occasion.invitation_ids.preferences
        self.assertEqual(told, "Gifts: Alle\nGifts: Anna (Anna Seidel)")

    def test_a_filter_that_finds_nobody_or_is_none(self):
        with self.assertRefused("finds no"):
            self.make_occasion(
                stakeholder_domain="[('buying_role', '=', 'coach')]"
            ).action_invite()
        with self.assertRefused("can't be read"):
            self.make_occasion(stakeholder_domain="[('foo'").action_invite()
        with self.assertRefused("can't be read"):
            self.make_occasion(stakeholder_domain="[('nix', '=', 1)]").action_invite()

    def test_a_follow_up_is_proposed(self):
        occasion = self.make_occasion(start=fields.Datetime.now() - timedelta(days=2))
        occasion.action_invite()
        day = self.as_user(self.kam)["key.account.day"]
        account = self.as_user(self.kam, self.account)

        def signals():
            found = day._day_signals(account, self.today)
            return [each for each in found if each.kind == "follow_up"]

        (signal,) = signals()
        signal.record.action_follow_up()
        self.assertIn("Frühjahrsmesse", self.who.activity_ids.summary)
        self.assertFalse(signals())

    def test_colleagues_and_the_servers_fields(self):
        occasion = self.make_occasion()
        occasion.action_invite()
        invitation = occasion.invitation_ids
        for record in (self.need, invitation):
            with self.assertRaises(AccessError):
                self.as_user(self.kam2, record).read(["display_name"])
        with self.assertRaises(AccessError):
            invitation.write({"followed_date": self.today})
        with self.assertRaises(AccessError):
            invitation.write({"event_id": False})
        with self.assertRaises(AccessError):
            invitation.create(
                {"occasion_id": occasion.id, "stakeholder_id": self.who.id}
            )
        other = self.make_account(self.bergmann, manager_id=self.kam2.id)
        theirs = self.who.create({"account_id": other.id, "name": "Einkauf"})
        for values in (
            {"account_id": other.id, "stakeholder_id": False},
            {"stakeholder_id": theirs.id},
        ):
            with self.assertRaises(AccessError):
                self.as_user(self.kam, self.need).write(values)
