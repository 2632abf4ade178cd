# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import date, datetime, timedelta
from unittest.mock import patch

from odoo.tests import freeze_time, tagged
from odoo.tools import SQL

from ...models.tools import batches
from ...models.tools.company_day import company_tz_sql, day_sql, start_of_day
from ...models.tools.records import count_related, open_records
from ..common import KeyAccountCommon

SECOND = timedelta(seconds=1)
#: Zone, day, and its first moment in UTC; clocks change on some of the days.
STARTS = (
    ("UTC", date(2026, 3, 29), datetime(2026, 3, 29)),
    ("Europe/Berlin", date(2026, 3, 29), datetime(2026, 3, 28, 23)),
    ("Europe/Berlin", date(2026, 3, 30), datetime(2026, 3, 29, 22)),
    ("Europe/Berlin", date(2026, 10, 25), datetime(2026, 10, 24, 22)),
    ("Europe/Berlin", date(2026, 10, 26), datetime(2026, 10, 25, 23)),
    ("America/New_York", date(2026, 3, 8), datetime(2026, 3, 8, 5)),
    ("America/New_York", date(2026, 3, 9), datetime(2026, 3, 9, 4)),
    ("Pacific/Auckland", date(2026, 1, 1), datetime(2025, 12, 31, 11)),
    ("Pacific/Auckland", date(2026, 7, 1), datetime(2026, 6, 30, 12)),
    # Midnight comes twice.
    ("Atlantic/Azores", date(2026, 10, 25), datetime(2026, 10, 25, 0)),
    ("America/Havana", date(2026, 11, 1), datetime(2026, 11, 1, 4)),
    # There is no midnight.
    ("America/Santiago", date(2026, 9, 6), datetime(2026, 9, 6, 4)),
)


@tagged("post_install", "-at_install")
class TestCompanyDay(KeyAccountCommon):
    """Days, actions and batches: the small helpers on which much of the rest relies."""

    def select(self, expression):
        self.env.flush_all()
        return self.env.execute_query(SQL("SELECT %s", expression))[0][0]

    def set_zones(self, hours, address):
        company = self.env.company
        if hours:
            company.resource_calendar_id.tz = hours
        else:
            company.resource_calendar_id = False
        company.partner_id.tz = address

    def test_days_begin_at_midnight(self):
        """Python and SQL change the day at the same second, in summer and winter."""
        company = self.env.company
        for zone, day, start in STARTS:
            with self.subTest(zone=zone, day=day):
                self.set_zones(zone, False)
                self.assertEqual(start_of_day(day, zone), start)
                for moment, expected in (
                    (start, day),
                    (start - SECOND, day - timedelta(days=1)),
                ):
                    sql = SQL("%s::timestamp", moment)
                    of_company = company_tz_sql(company.id)
                    self.assertEqual(company._to_key_account_day(moment), expected)
                    self.assertEqual(self.select(day_sql(sql, zone)), expected)
                    self.assertEqual(self.select(day_sql(sql, of_company)), expected)

    def test_zone_of_company(self):
        """The zone is that of the working hours, else of the address, else UTC."""
        company = self.env.company
        for hours, address, zone in (
            ("Pacific/Auckland", "Europe/Berlin", "Pacific/Auckland"),
            (False, "Europe/Berlin", "Europe/Berlin"),
            (False, False, "UTC"),
        ):
            with self.subTest(hours=hours, address=address):
                self.set_zones(hours, address)
                self.assertEqual(company._get_key_account_tz(), zone)
                self.assertEqual(self.select(company_tz_sql(company.id)), zone)
                tz = company.with_user(self.kam)._get_key_account_tz()
                self.assertEqual(tz, zone)

    def test_today(self):
        """Today is the company's, near midnight too, whatever zone the user is in."""
        company = self.env.company.with_context(tz="America/New_York")
        for now, zone, today in (
            ("2026-10-24 21:59:59", "Europe/Berlin", date(2026, 10, 24)),
            ("2026-10-24 22:00:00", "Europe/Berlin", date(2026, 10, 25)),
            ("2026-10-25 22:59:59", "Europe/Berlin", date(2026, 10, 25)),
            ("2026-10-25 23:00:00", "Europe/Berlin", date(2026, 10, 26)),
            ("2026-12-31 11:00:00", "Pacific/Auckland", date(2027, 1, 1)),
        ):
            self.set_zones(zone, "America/New_York")
            with self.subTest(now=now), freeze_time(now):
                self.assertEqual(company._get_key_account_today(), today)
                self.assertEqual(company.browse()._get_key_account_today(), today)

    def test_open_records(self):
        """A menu's action is narrowed down to the records, without its filters."""
        xml_id = "key_account_management.key_account_action"
        domain = [("id", "=", self.account.id)]
        action = open_records(self.env, xml_id, domain)
        self.assertEqual(action["res_model"], "key.account")
        self.assertEqual((action["domain"], action["context"]), (domain, {}))
        found = self.env["key.account"].search(action["domain"])
        self.assertEqual(found, self.account)
        form = open_records(
            self.env, xml_id, domain, view_mode="form", res_id=self.account.id
        )
        self.assertEqual((form["view_mode"], form["domain"]), ("form", domain))
        self.assertEqual(form["res_id"], self.account.id)

    def test_count_related(self):
        """Related records are counted in one query, with 0 where there are none."""
        self.make_account(self.bergmann, tier_id=self.gold.id)
        tiers = self.gold | self.silver
        with self.assertQueryCount(1):
            counts = count_related(tiers, "key.account", "tier_id")
        self.assertEqual((counts[self.gold.id], counts[self.silver.id]), (2, 0))
        unsaved = self.gold.new(origin=self.gold)
        self.assertEqual(counts[unsaved.id], 2)
        self.assertEqual(counts[self.gold.new().id], 0)
        only = [("partner_id", "=", self.bergmann.id)]
        counts = count_related(tiers, "key.account", "tier_id", only)
        self.assertEqual(counts, {self.gold.id: 1})

    def test_batches(self):
        """Batches cover each record once and stop when the time is up."""
        partners = self.nordwind | self.bergmann | self.rheintal
        for times, whole, sizes in (
            ([60.0, 60.0, 60.0], True, [2, 1]),
            ([60.0, 0.0], False, [2]),
        ):
            done = []
            with (
                patch.object(batches, "retrying", lambda work, env: work()),
                patch.object(
                    type(self.env["ir.cron"]), "_commit_progress", side_effect=times
                ),
            ):
                self.assertIs(batches.in_batches(partners, 2, done.append), whole)
            self.assertEqual([len(batch) for batch in done], sizes)
            self.assertEqual(
                self.env["res.partner"].union(*done), partners[: sum(sizes)]
            )
