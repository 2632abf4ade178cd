# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import Command

from ..common import KeyAccountCommon


class ComplaintCommon(KeyAccountCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls.env["resource.calendar"].create(
            {
                "name": "Mo-Fr 8-12, 13-17",
                "tz": "Europe/Berlin",
                "company_id": cls.env.company.id,
                "attendance_ids": [
                    Command.create(
                        {
                            "name": f"{day} {start}",
                            "dayofweek": str(day),
                            "hour_from": start,
                            "hour_to": start + 4,
                            "day_period": "morning" if start == 8 else "afternoon",
                        }
                    )
                    for day in range(5)
                    for start in (8, 13)
                ],
            }
        )
        cls.env.company.resource_calendar_id = cls.calendar
        cls.env.user.tz = cls.calendar.tz
        cls.today = cls.env.company._get_key_account_today()
        cls.gold.write({"response_hours": 4, "resolution_hours": 24})
        cls.nordwind.email = "einkauf@nordwind.example"
        cls.handler = cls._make_handler()

    @classmethod
    def _make_handler(cls):
        user = cls.clerk.copy({"name": "Heike Paulsen", "login": "heike.paulsen"})
        user.group_ids += cls.env.ref(
            "key_account_management.group_key_account_complaint"
        )
        return user

    @classmethod
    def complain(cls, partner=None, env=None, **values):
        return (env or cls.env)["key.account.complaint"].create(
            {
                "subject": "Drei Schrauber defekt",
                "partner_id": (partner or cls.nordwind).id,
                **values,
            }
        )

    def say(self, complaint, body, subtype="mail.mt_comment", **values):
        """Post a message as a user would type it."""
        return complaint.message_post(
            body=body, message_type="comment", subtype_xmlid=subtype, **values
        )

    @classmethod
    def stage(cls, kind):
        return cls.env["key.account.complaint.stage"]._first(kind)
