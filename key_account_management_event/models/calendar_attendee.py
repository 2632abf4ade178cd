# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models


class CalendarAttendee(models.Model):
    """An answer in the calendar takes or frees the seat at the event."""

    _inherit = "calendar.attendee"

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") in ("accepted", "declined"):
            # sudo: those invited answer themselves, by the link in their mail. What
            # is registered is their own seat alone.
            self.env["key.account.invitation"].sudo().search(
                [
                    ("event_id", "in", self.event_id.ids),
                    ("stakeholder_id.partner_id", "in", self.partner_id.ids),
                    ("occasion_id.occasion_event_id", "!=", False),
                ]
            )._take_seats()
        return result
