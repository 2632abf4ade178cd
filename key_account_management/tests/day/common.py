# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from ..complaint.common import ComplaintCommon


class DayCommon(ComplaintCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.next_review_date = False
        # Their data is incomplete, which has tests of its own.
        cls.account.company_id.key_account_data_minimum = 0
        # Contact of today: nothing is waiting, unless a test says so.
        cls.write_to_customer(cls.account, "Guten Tag")
        cls.account.action_refresh_figures()

    @classmethod
    def write_to_customer(cls, record, body):
        record.message_post(
            body=body, message_type="comment", subtype_xmlid="mail.mt_comment"
        )

    def day(self, user=None, *args):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.as_user(user or self.kam, self.env["key.account.day.page"]).get_day(
            *args
        )

    def rows(self, kind=None, user=None, *args):
        rows = self.day(user, *args)["rows"]
        return [row for row in rows if kind in (None, row["kind"])]

    def row(self, kind, user=None, *args):
        rows = self.rows(kind, user, *args)
        self.assertEqual(len(rows), 1, rows)
        return rows[0]

    def take(self, row, user=None):
        """Do the step of a row as the web client does."""
        step = row["step"]
        record = self.as_user(user or self.kam)[step["model"]].browse(step["id"])
        return getattr(record, step["name"])()
