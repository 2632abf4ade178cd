# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from .common import ComplaintCommon

UTC = ZoneInfo("UTC")
BERLIN = ZoneInfo("Europe/Berlin")


def plain_deadline(start, hours, holidays=()):
    """Walk through the working week minute by minute: slow but simple."""
    moment, left = start, round(hours * 60)
    while left > 0:
        local = moment.replace(tzinfo=UTC).astimezone(BERLIN)
        if (
            local.weekday() < 5
            and (8 <= local.hour < 12 or 13 <= local.hour < 17)
            and local.date() not in holidays
        ):
            left -= 1
        moment += timedelta(minutes=1)
    return moment


@tagged("post_install", "-at_install")
class TestComplaintClock(ComplaintCommon):
    """Deadlines count working hours and pause while we wait for the customer."""

    def test_deadlines_against_plain_reference(self):
        """Deadlines equal the reference across weekends, holidays and clock changes."""
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Ostermontag",
                "calendar_id": self.calendar.id,
                "company_id": self.env.company.id,
                "date_from": "2026-04-05 22:00:00",
                "date_to": "2026-04-06 21:59:59",
            }
        )
        holidays = (fields.Date.to_date("2026-04-06"),)
        rng = Random(6)
        starts = [
            datetime(2026, month, day, rng.randrange(24), rng.randrange(60))
            # Around 29 March, Easter and 25 October 2026.
            for month, day in ((3, 27), (3, 28), (3, 29), (4, 3), (10, 23), (10, 25))
        ]
        for start in starts:
            with self.subTest(start=start), freeze_time(start):
                complaint = self.complain()
                self.assertEqual(
                    complaint.response_deadline, plain_deadline(start, 4, holidays)
                )
                self.assertEqual(
                    complaint.resolution_deadline, plain_deadline(start, 24, holidays)
                )

    def test_pauses_stop_the_clock(self):
        """The hours before and after a pause add up to the target."""
        with freeze_time("2026-03-02 08:00:00"):  # Monday, 9:00 in Berlin
            complaint = self.complain()
        with freeze_time("2026-03-02 09:00:00"):
            complaint.action_wait()
            self.assertFalse(complaint.response_deadline)
            self.assertEqual(complaint.response_state, "paused")
            self.assertFalse(complaint.is_late)
        with freeze_time("2026-03-06 15:00:00"):  # Friday, 16:00
            complaint.action_go_on()
        # One hour used, three left: one on Friday, two on Monday from 8:00.
        self.assertEqual(complaint.response_deadline, datetime(2026, 3, 9, 9, 0))
        self.assertEqual(complaint.clock_ids.mapped("pause_count"), [1, 1])
        with freeze_time("2026-03-09 08:30:00"):
            complaint.action_respond()
        self.assertEqual(complaint.response_state, "met")
        self.assertAlmostEqual(complaint.response_hours, 3.5, places=4)
        self.assertEqual(complaint.stage_kind, "open")

    def test_random_pauses_against_plain_reference(self):
        """After random pauses the deadline still equals the reference."""
        rng = Random(8)
        with freeze_time("2026-10-19 07:13:00") as clock:
            complaint = self.complain()
            used = 0
            moment = datetime(2026, 10, 19, 7, 13)
            for turn in range(6):
                nxt = moment + timedelta(minutes=rng.randrange(30, 700))
                if turn % 2 == 0:
                    minutes = 0
                    while plain_deadline(moment, (minutes + 1) / 60) <= nxt:
                        minutes += 1
                    used += minutes
                clock.move_to(nxt)
                if turn % 2 == 0:
                    complaint.action_wait()
                else:
                    complaint.action_go_on()
                moment = nxt
            self.assertLess(used, 24 * 60)
            self.assertEqual(
                complaint.resolution_deadline,
                plain_deadline(moment, 24 - used / 60),
            )

    def test_waiting_does_not_reset_a_missed_deadline(self):
        """A missed deadline stays missed after a pause."""
        with freeze_time("2026-03-02 08:00:00"):
            complaint = self.complain()
        with freeze_time("2026-03-04 08:00:00"):
            self.assertTrue(complaint.is_late)
            self.assertIn(complaint, complaint.search([("is_late", "=", True)]))
            complaint.action_wait()
            complaint.action_respond()
        self.assertEqual(complaint.response_state, "missed")
        self.assertEqual(complaint.resolution_state, "paused")

    def test_severity_and_tier(self):
        """Critical halves the hours; without a tier the company's hours apply."""
        with freeze_time("2026-03-02 07:00:00"):  # 8:00
            complaint = self.complain()
            self.assertEqual(complaint.response_deadline, datetime(2026, 3, 2, 11, 0))
            complaint.severity = "critical"
            self.assertEqual(complaint.response_deadline, datetime(2026, 3, 2, 9, 0))
            other = self.complain(self.bergmann)
        self.assertEqual(other.response_deadline, datetime(2026, 3, 2, 16, 0))
        self.assertFalse(other.account_id)

    def test_escalation_once_per_level(self):
        """The team lead is told at the deadline, the director half a target later."""
        self.env.company.key_account_decider_ids = self.director
        with freeze_time("2026-03-02 07:00:00"):
            complaint = self.complain()
        clock = complaint.clock_ids.filtered(lambda clock: clock.kind == "response")
        for moment, levels in (
            ("2026-03-02 10:59:00", []),
            ("2026-03-02 11:00:00", [1]),
            ("2026-03-02 11:30:00", [1]),
            ("2026-03-02 14:00:00", [1, 2]),
            ("2026-03-02 15:00:00", [1, 2]),
        ):
            with freeze_time(moment):
                clock._escalate(fields.Datetime.now())
            self.assertEqual(
                sorted(clock.escalation_ids.mapped("level")), levels, moment
            )
        told = clock.escalation_ids.sorted("level").user_id
        self.assertEqual(told, self.kam | self.director)
        self.assertEqual(len(complaint.activity_ids), 2)
        with self.assertConstraint(
            "key.account.complaint.escalation", "once per level"
        ):
            clock.escalation_ids[0].sudo().copy({"clock_id": clock.id, "level": 1})
        with freeze_time("2026-03-02 16:00:00"), self.enter_registry_test_mode():
            self.env.ref(
                "key_account_management.ir_cron_escalate_complaints"
            ).method_direct_trigger()
        self.assertEqual(len(clock.escalation_ids), 2)

    def test_days_and_hours_are_the_companys(self):
        """Activities and actions are dated in the company's time zone, Berlin."""
        self.env.user.tz = "America/New_York"
        night = datetime(2026, 3, 2, 23, 30)
        with freeze_time("2026-03-02 07:00:00"):
            complaint = self.complain()
        with freeze_time(night):
            complaint.clock_ids._escalate(night)
        activity = complaint.activity_ids[:1]
        self.assertEqual(activity.date_deadline, fields.Date.to_date("2026-03-03"))
        # 4 hours from 8:00 in Berlin end there at 12:00.
        self.assertIn("12:00", activity.note)
        self.assertIn("answer to complaint", activity.note)
        with freeze_time(night):
            action = self.env["key.account.complaint.action"].create(
                {"complaint_id": complaint.id, "name": "Charge sperren"}
            )
            self.assertEqual(action.date_deadline, activity.date_deadline)
            action.action_done()
        self.assertEqual(action.done_on, activity.date_deadline)
