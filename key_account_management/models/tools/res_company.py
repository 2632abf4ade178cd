# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import datetime, time

import pytz

from odoo import fields, models


def start_of_day(day, tz):
    """Return the first moment of a day in a time zone, in UTC as the database has it.

    :param date day:
    :param str tz: name of the zone
    """
    midnight = pytz.timezone(tz).localize(datetime.combine(day, time.min))
    return midnight.astimezone(pytz.utc).replace(tzinfo=None)


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_key_account_tz(self):
        """Return the name of the time zone in which the company's days begin."""
        self.ensure_one()
        return self.resource_calendar_id.tz or self.partner_id.tz or "UTC"

    def _to_key_account_time(self, moment):
        """Return a moment of the database as the company's clocks show it."""
        return fields.Datetime.context_timestamp(
            self.with_context(tz=self._get_key_account_tz()), moment
        )
