# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.key_account_management.tests.common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestSeats(KeyAccountCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.key_account_data_minimum = 0
        cls.people = cls.env["res.partner"].create(
            [
                {
                    "name": name,
                    "email": f"{name}@kunde.example",
                    "parent_id": cls.anna.commercial_partner_id.id,
                }
                for name in ("bodo", "carla", "dirk")
            ]
        )
        cls.stakeholders = cls.env["key.account.stakeholder"].create(
            [
                {"account_id": cls.account.id, "partner_id": partner.id}
                for partner in cls.people
            ]
        )
        cls.kam.group_ids = [Command.link(cls.env.ref("event.group_event_user").id)]
        cls.occasion = (
            cls.env["key.account.occasion"]
            .with_user(cls.kam)
            .create(
                {"name": "Messe", "start": fields.Datetime.now() + timedelta(days=20)}
            )
        )
        cls.occasion.action_invite()
        cls.occasion.action_new_event()
        cls.event = cls.occasion.occasion_event_id.sudo()

    def invitation(self, number):
        return self.occasion.sudo().invitation_ids.filtered(
            lambda each: each.stakeholder_id == self.stakeholders[number]
        )

    def attendee(self, number):
        return self.invitation(number).event_id.attendee_ids.filtered(
            lambda each: each.partner_id == self.people[number]
        )

    def answers(self):
        self.env.invalidate_all()
        return [self.invitation(number).answer for number in range(3)]

    def test_who_accepts_has_a_seat_and_who_declines_frees_it(self):
        self.assertEqual(self.event.date_begin, self.occasion.start)
        # As the link in the mail does it: without a user.
        public = self.env.ref("base.public_user")
        self.attendee(0).with_user(public).sudo().do_accept()
        seat = self.invitation(0).registration_id
        self.assertEqual((seat.partner_id, seat.state), (self.people[0], "open"))
        self.assertEqual(seat.email, self.people[0].email)
        self.attendee(0).do_accept()
        self.assertEqual(self.event.registration_ids, seat, "one seat, however often")
        self.attendee(0).do_decline()
        self.assertEqual(seat.state, "cancel")
        self.attendee(0).do_accept()
        self.assertEqual(seat.state, "open")
        self.assertEqual(self.event.registration_ids, seat)

    def test_who_accepted_before_there_was_an_event(self):
        self.occasion.sudo().occasion_event_id = False
        self.attendee(1).do_accept()
        self.assertFalse(self.event.registration_ids)
        self.occasion.occasion_event_id = self.event
        self.assertEqual(self.event.registration_ids.partner_id, self.people[1])

    def test_a_full_event_lets_the_organizer_decide(self):
        self.event.write({"seats_limited": True, "seats_max": 1})
        self.attendee(0).do_accept()
        self.attendee(1).do_accept()
        states = self.event.registration_ids.sorted("id").mapped("state")
        self.assertEqual(states, ["open", "draft"])
        self.assertEqual(self.answers(), ["accepted", "accepted", "needsAction"])

    def test_registered_without_us_and_seen_at_the_desk(self):
        own = self.env["event.registration"].create(
            {"event_id": self.event.id, "partner_id": self.people[2].id}
        )
        self.assertEqual(self.invitation(2).registration_id, own)
        self.assertEqual(self.answers(), ["needsAction", "needsAction", "accepted"])
        own.action_set_done()
        self.assertEqual(self.answers()[2], "attended")
        self.assertEqual(self.occasion.accepted_count, 1)
        own.action_cancel()
        self.assertEqual(self.answers()[2], "declined")

    def test_a_new_date_moves_the_meetings(self):
        later = self.event.date_begin + timedelta(days=3)
        self.event.write({"date_begin": later, "date_end": later + timedelta(hours=5)})
        meeting = self.invitation(0).event_id
        self.assertEqual(
            (self.occasion.start, self.occasion.stop),
            (later, later + timedelta(hours=5)),
        )
        self.assertEqual(
            (meeting.start, meeting.stop), (later, later + timedelta(hours=5))
        )

    def test_from_the_event_to_its_occasion(self):
        event = self.event.with_user(self.kam)
        self.assertEqual(event.action_invite_stakeholders()["res_id"], self.occasion.id)
        other = self.event.copy()
        context = other.with_user(self.kam).action_invite_stakeholders()["context"]
        occasion = (
            self.env["key.account.occasion"]
            .with_user(self.kam)
            .with_context(**context)
            .create({})
        )
        self.assertEqual(
            (occasion.name, occasion.start, occasion.stop),
            (other.name, other.date_begin, other.date_end),
        )
        with self.assertRefused("already"):
            self.occasion.action_new_event()
        other.is_multi_slots = True
        with self.assertRefused("several slots"):
            self.occasion.occasion_event_id = other

    def test_no_user_gives_a_seat_by_hand(self):
        seat = self.env["event.registration"].create({"event_id": self.event.id})
        with self.assertRaises(AccessError):
            self.invitation(0).with_user(self.kam).write({"registration_id": seat.id})
        # Who only reads events opens none.
        desk = self.env.ref("event.group_event_registration_desk")
        self.kam2.group_ids = [Command.link(desk.id)]
        occasion = self.occasion.with_user(self.kam2).create(
            {"name": "Vorführung", "start": self.occasion.start}
        )
        with self.assertRaises(AccessError):
            occasion.action_new_event()
