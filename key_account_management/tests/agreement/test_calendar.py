# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import date, timedelta
from unittest.mock import patch

from dateutil.relativedelta import relativedelta

from odoo import Command
from odoo.tests import BaseCase, freeze_time, tagged

from ...models.tools.calendar_months import add_months
from .common import AgreementCommon


@tagged("post_install", "-at_install")
class TestCalendarMonths(BaseCase):
    def test_last_days_stay_last_days(self):
        """The last day of a month stays the last one; others stay where they are."""
        for day, months, expected in (
            (date(2026, 1, 31), 1, date(2026, 2, 28)),
            (date(2026, 2, 28), 1, date(2026, 3, 31)),
            (date(2026, 1, 30), 1, date(2026, 2, 28)),
            (date(2026, 1, 30), 2, date(2026, 3, 30)),
            (date(2028, 2, 29), 12, date(2029, 2, 28)),
            (date(2029, 2, 28), 36, date(2032, 2, 29)),
            (date(2026, 6, 30), -1, date(2026, 5, 31)),
            (date(2026, 6, 29), -1, date(2026, 5, 29)),
            (date(2026, 3, 31), 0, date(2026, 3, 31)),
        ):
            self.assertEqual(add_months(day, months), expected, (day, months))


@tagged("post_install", "-at_install")
class TestAgreementCalendar(AgreementCommon):
    """What the days do to agreements: renewals, followers, amendments, failures."""

    def renewing(self, end, months, **values):
        return self.in_force(
            date_start=end - relativedelta(years=1),
            date_end=end,
            renewal="automatic",
            renewal_months=months,
            **values,
        )

    def nights(self, agreement, *days):
        """Return the ends after each of these days."""
        ends = []
        for day in days:
            with freeze_time(f"{day} 12:00:00"):
                agreement.sudo()._take_a_day()
                ends.append(agreement.date_end)
        return ends

    def test_renewals_do_not_drift(self):
        """Renewals are counted from the first end, and last days stay last days."""
        with freeze_time("2026-01-15 12:00:00"):
            last = self.renewing(date(2026, 1, 31), 1)
        self.assertEqual(
            self.nights(last, date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)),
            [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)],
        )
        last.sudo().termination_date = last.date_end
        with freeze_time("2027-01-15 12:00:00"):
            last.sudo()._take_a_day()
            thirtieth = self.renewing(date(2027, 1, 30), 1, pricelist_id=False)
        self.assertEqual(
            self.nights(thirtieth, date(2027, 1, 30), date(2027, 2, 28)),
            [date(2027, 2, 28), date(2027, 3, 30)],
        )

    def test_leap_day(self):
        """Yearly from 29 February it is the end of February, in leap years the 29th."""
        with freeze_time("2028-01-15 12:00:00"):
            agreement = self.renewing(date(2028, 2, 29), 12)
        ends = self.nights(
            agreement,
            date(2028, 2, 29),
            date(2029, 2, 28),
            date(2030, 2, 28),
            date(2031, 2, 28),
        )
        self.assertEqual(
            ends,
            [
                date(2029, 2, 28),
                date(2030, 2, 28),
                date(2031, 2, 28),
                date(2032, 2, 29),
            ],
        )

    def test_notice_by_the_last_day_of_a_month(self):
        """One month before the end of June is the end of May."""
        agreement = self.agreement(date_end=date(2027, 6, 30), notice_months=1)
        self.assertEqual(agreement.notice_date, date(2027, 5, 31))

    def test_renewal_stops_before_the_next_agreement(self):
        """An agreement isn't renewed into the time of the one that follows."""
        end = self.today + timedelta(days=10)
        agreement = self.renewing(end, 12)
        follower = self.in_force(
            date_start=end + timedelta(days=1),
            date_end=end + timedelta(days=300),
            pricelist_id=self.list_2027.id,
        )
        for days, state in ((10, "active"), (11, "expired")):
            with freeze_time(f"{self.today + timedelta(days=days)} 12:00:00"):
                agreement.sudo()._take_a_day()
            self.assertEqual((agreement.date_end, agreement.state), (end, state))
        self.assertIn(follower.display_name, agreement.message_ids[0].body)

    def test_renewal_fills_the_gap_before_the_next_agreement(self):
        """With a gap in between, it is renewed up to the day before."""
        end = self.today + timedelta(days=10)
        agreement = self.renewing(end, 12)
        start = end + timedelta(days=31)
        self.in_force(date_start=start, date_end=False, pricelist_id=self.list_2027.id)
        self.assertEqual(self.nights(agreement, end), [start - timedelta(days=1)])

    def test_amendment_goes_on_with_open_obligations(self):
        """What is open moves to the amendment; what is done isn't asked for again."""
        due = self.today + timedelta(days=20)
        agreement = self.in_force(
            obligation_ids=[
                Command.create({"name": name, "user_id": self.kam.id, "date_due": due})
                for name in ("Muster", "Schulung", "Audit")
            ]
        )
        samples, training, audit = agreement.obligation_ids.sorted("id")
        samples.action_done()
        amendment = agreement.browse(agreement.action_amend()["res_id"])
        self.assertEqual(
            set(amendment.obligation_ids.mapped("name")), {"Schulung", "Audit"}
        )
        training.action_done()
        amendment.action_submit_approval()
        self.assertEqual(amendment.state, "active")
        self.assertEqual((training.state, audit.state), ("done", "amended"))
        states = {o.name: o.state for o in amendment.obligation_ids}
        self.assertEqual(states, {"Schulung": "done", "Audit": "open"})
        open_ones = audit.search([("state", "in", ("open", "missed"))])
        mine = open_ones.filtered(lambda o: o.account_id == self.account)
        self.assertEqual(mine.agreement_id, amendment)
        todos = (agreement | amendment).activity_ids.filtered(
            lambda a: a.summary == "Audit"
        )
        self.assertEqual(todos.res_id, amendment.id)

    def test_list_that_gives_no_prices_any_more(self):
        """The account manager is told, and the agreement says why."""
        agreement = self.in_force()
        self.assertFalse(agreement.pricelist_issue)
        before = agreement.activity_ids
        self.list_2026.sudo().key_account_date_end = self.today - timedelta(days=1)
        self.assertIn("is not valid on", agreement.pricelist_issue)
        told = agreement.activity_ids - before
        self.assertEqual(told.user_id, self.kam)
        self.assertIn("No special prices", told.summary)
        self.list_2026.sudo().key_account_date_end = False
        self.assertFalse(agreement.pricelist_issue)
        self.list_2026._write_approval("draft")
        self.assertIn("is not approved", agreement.pricelist_issue)
        self.assertEqual(len(agreement.activity_ids - before), 2)

    def test_one_that_fails_does_not_stop_the_others(self):
        """The others go on; a director sees what failed, until it succeeds."""
        ends = self.today - timedelta(days=1)
        fine = self.in_force(pricelist_id=False)
        broken = self.in_force(pricelist_id=False)
        (fine | broken).sudo().date_end = ends
        Agreement = self.env.registry["key.account.agreement"]
        expire = Agreement._expire

        def fail(agreements, today):
            if broken in agreements:
                raise ValueError("Kaputt")
            return expire(agreements, today)

        Failure = self.as_user(self.director, self.env["key.account.failure"])
        with patch.object(Agreement, "_expire", fail):
            self.run_cron()
            self.run_cron()
        self.assertEqual((fine.state, broken.state), ("expired", "active"))
        failure = Failure.search([("res_id", "=", broken.id)])
        self.assertEqual(failure.model, "key.account.agreement")
        self.assertEqual((failure.count, failure.reason), (2, "Kaputt"))
        self.assertEqual(failure.name, broken.display_name)
        self.assertEqual(len(failure.activity_ids), 1)
        self.assertEqual(failure.action_open()["res_id"], broken.id)
        self.run_cron()
        self.assertEqual(broken.state, "expired")
        self.assertFalse(failure.exists())

    def test_failures_of_what_is_gone(self):
        """A failure of a record that was deleted isn't listed for ever."""
        draft = self.agreement()
        Failure = self.env["key.account.failure"].sudo()
        Failure._keep(draft, {draft.id: ValueError("Kaputt")})
        mine = Failure.search([("res_id", "=", draft.id)])
        Failure._gc_gone()
        self.assertTrue(mine.exists())
        draft.unlink()
        Failure._gc_gone()
        self.assertFalse(mine.exists())

    def test_banner_after_an_amendment(self):
        """An order keeps its list, and the banner doesn't call it chosen by hand."""
        agreement = self.in_force()
        order = self.make_order(self.nordwind)
        by_hand = self.make_order(self.nordwind)
        by_hand.pricelist_id = self.silver_list
        amendment = agreement.browse(agreement.action_amend()["res_id"])
        amendment.write({"date_start": self.today, "pricelist_id": self.list_2027.id})
        amendment.action_submit_approval()
        self.env.invalidate_all()
        self.assertEqual(order.pricelist_id, self.list_2026)
        self.assertIn(
            "Earlier terms of the key account", order.key_account_pricelist_origin
        )
        self.assertIn(
            "Chosen by hand on this order", by_hand.key_account_pricelist_origin
        )
