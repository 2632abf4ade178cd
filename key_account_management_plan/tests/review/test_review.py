# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.key_account_management.tests.common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestReview(KeyAccountCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.key_account_data_minimum = 0
        cls.who = cls.env["key.account.stakeholder"].create(
            {"account_id": cls.account.id, "partner_id": cls.anna.id}
        )
        cls.gold.review_interval_days = 90

    def plan(self, user=None):
        """Return the wizard as the account's button opens it."""
        account = self.as_user(user or self.kam, self.account)
        action = account.action_plan_review()
        return account.env["key.account.review.plan"].browse(action["res_id"])

    def make_review(self, **values):
        return self.env["key.account.review"].create(
            {"account_id": self.account.id, **values}
        )

    def promise(self, review, name="Neue Preisliste", **values):
        return self.env["key.account.promise"].create(
            {
                "review_id": review.id,
                "name": name,
                "user_id": self.kam.id,
                "date": self.today + timedelta(days=14),
                **values,
            }
        )

    def test_free_times_are_proposed_and_people_invited(self):
        plan = self.plan()
        self.assertEqual(plan.stakeholder_ids, self.as_user(self.kam, self.who))
        self.assertEqual(plan.user_ids.id, self.kam.id)
        starts = plan.slot_ids.mapped("start")
        self.assertEqual(len(starts), 5)
        to_day = self.env.company._to_key_account_day
        self.assertEqual(len({to_day(start) for start in starts}), 5)
        # Somebody is busy then: another time of that day, or another day.
        self.env["calendar.event"].create(
            {
                "name": "Messe",
                "start": starts[0],
                "stop": starts[0] + timedelta(hours=1),
                "partner_ids": [Command.set(self.anna.ids)],
            }
        )
        again = plan.browse(plan.action_propose()["res_id"])
        self.assertNotIn(starts[0], again.slot_ids.mapped("start"))
        action = again.slot_ids[1].action_choose()
        review = self.env["key.account.review"].browse(action["res_id"])
        event = review.event_id
        self.assertEqual(
            (event.res_model, event.res_id), ("key.account", self.account.id)
        )
        self.assertEqual(event.start, again.slot_ids[1].start)
        self.assertEqual(event.partner_ids, self.anna | self.kam.partner_id)
        self.assertEqual(review.date, to_day(event.start))
        event.start += timedelta(days=7)
        event.stop += timedelta(days=7)
        self.assertEqual(review.date, to_day(event.start), "moved in the calendar")

    def test_a_time_that_is_over_is_refused(self):
        plan = self.plan()
        plan.slot_ids[0].start = fields.Datetime.now() - timedelta(days=1)
        with self.assertRefused("still to come"):
            plan.slot_ids[0].action_choose()

    def test_the_agenda_begins_with_promises(self):
        first = self.make_review(date=self.today - timedelta(days=90))
        self.promise(first, name="Muster <b>senden</b>")
        self.promise(
            first, name="Logistikplan", side="customer", stakeholder_id=self.who.id
        )
        kept = self.promise(first, name="Preisliste")
        kept.action_done()
        first.minutes = "<p>Gut</p>"
        first.action_hold()
        second = self.make_review(date=self.today)
        self.assertEqual(second.previous_id, first)
        self.assertEqual(
            second.previous_promise_ids.mapped("name"),
            ["Muster <b>senden</b>", "Logistikplan"],
        )
        agenda = str(second.agenda)
        self.assertIn("Muster &lt;b&gt;senden&lt;/b&gt; (Jonas Reuter", agenda)
        self.assertIn("Logistikplan (Anna Seidel", agenda)
        self.assertNotIn("Preisliste", agenda)
        self.assertLess(agenda.index("Muster"), agenda.index("Orders and deliveries"))

    def test_promises_are_activities(self):
        review = self.make_review()
        promise = self.promise(review)
        activity = promise.activity_id
        self.assertEqual(
            (activity.user_id, activity.date_deadline, activity.res_id),
            (self.kam, promise.date, self.account.id),
        )
        promise.date += timedelta(days=3)
        self.assertEqual(activity.date_deadline, promise.date)
        self.as_user(self.kam, activity).action_feedback(feedback="Gesendet")
        self.assertEqual((promise.state, promise.date_done), ("done", self.today))
        promise.action_undo()
        self.assertEqual(promise.state, "open")
        self.assertTrue(promise.activity_id)
        theirs = self.promise(review, side="customer")
        self.assertEqual(
            theirs.activity_id.summary, "Ask the customer: Neue Preisliste"
        )
        theirs.unlink()
        self.assertFalse(
            self.account.activity_ids.filtered(lambda a: "Ask" in (a.summary or ""))
        )

    def test_my_day_has_promises_that_are_due(self):
        review = self.make_review()
        ours = self.promise(review, date=self.today)
        self.promise(review, date=self.today + timedelta(days=5))
        theirs = self.promise(review, side="customer", date=self.today)
        day = self.as_user(self.kam)["key.account.day"]
        account = self.as_user(self.kam, self.account)
        found = {
            signal.kind: signal.record.id
            for signal in day._day_signals(account, self.today)
            if signal.kind.startswith("review_")
        }
        self.assertEqual(
            found, {"review_promise": ours.id, "review_their_promise": theirs.id}
        )
        self.as_user(self.kam, ours).action_done()
        kinds = [signal.kind for signal in day._day_signals(account, self.today)]
        self.assertNotIn("review_promise", kinds)

    def test_the_monthly_report_names_promises(self):
        review = self.make_review()
        self.promise(review, "Muster schicken")
        kept = self.promise(review, "Rückruf")
        kept.sudo().date_done = self.today
        old = self.promise(review, "Lange her")
        old.sudo().date_done = self.today - timedelta(days=60)
        period = (self.today.replace(day=1), self.today)
        sections = self.account._report_sections(period)
        [part] = [each for each in sections if each["key"] == "promises"]
        self.assertTrue(part["internal"])
        self.assertEqual(
            {row[1]: row[5] for row in part["rows"]},
            {"Muster schicken": False, "Rückruf": self.today},
        )

    def test_a_review_that_was_held_sets_the_next_one(self):
        review = self.make_review()
        with self.assertRefused("minutes"):
            review.action_hold()
        review.minutes = "<p>Umsatz besprochen</p>"
        review.action_hold()
        self.assertEqual(review.state, "held")
        self.assertEqual(self.account.next_review_date, self.today + timedelta(days=90))

    def test_minutes_are_on_the_meeting_for_those_with_access(self):
        plan = self.plan()
        action = plan.slot_ids[0].action_choose()
        review = self.env["key.account.review"].browse(action["res_id"])
        event = self.as_user(self.kam, review.event_id)
        event.key_account_minutes = "<p>Vertraulich</p>"
        self.assertIn("Vertraulich", review.minutes)
        colleague = self.as_user(self.kam2, review.event_id)
        self.assertFalse(colleague.key_account_minutes)
        self.assertFalse(colleague.has_key_account_review)
        with self.assertRaises(AccessError):
            self.as_user(self.clerk, review.event_id).read(["key_account_minutes"])

    def test_the_briefing_fits_what_the_user_may_read(self):
        review = self.make_review()
        self.promise(review, name="<script>alert(1)</script>")
        rival = self.env["key.account.competitor"].create(
            {"name": "Alpenwerkzeug", "answer": "Wir reparieren vor Ort"}
        )
        self.env["key.account.share"].create(
            {"account_id": self.account.id, "competitor_id": rival.id, "share": 40}
        )
        self.env["key.account.target"].create(
            {
                "account_id": self.account.id,
                "target_revenue": 1000.0,
                "date_from": self.today.replace(month=1, day=1),
            }
        )
        report = "key_account_management_plan.report_key_account_briefing"
        Report = self.as_user(self.kam)["ir.actions.report"]
        html = Report._render_qweb_html(report, self.account.ids)[0].decode()
        for text in ("Nordwind", "Anna Seidel", "Alpenwerkzeug", "vor Ort", "1,000"):
            self.assertIn(text, html)
        self.assertNotIn("<script>alert(1)", html)
        with self.assertRaises(AccessError):
            self.as_user(self.kam2)["ir.actions.report"]._render_qweb_html(
                report, self.account.ids
            )

    def test_colleagues_and_the_servers_fields(self):
        review = self.make_review()
        promise = self.promise(review)
        for record in (review, promise):
            with self.assertRaises(AccessError):
                self.as_user(self.kam2, record).read(["display_name"])
        for record, values in (
            (review, {"state": "held"}),
            (review, {"event_id": False}),
            (promise, {"state": "done"}),
            (promise, {"date_done": self.today}),
            (promise, {"activity_id": False}),
        ):
            with self.assertRaises(AccessError):
                self.as_user(self.kam, record).write(values)
        other = self.make_review()
        with self.assertRaises(UserError):
            self.as_user(self.kam, promise).review_id = other.id
        with self.assertRaises(AccessError):
            self.plan(self.kam2)
