# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Days as a company's calendar shows them, in Python and in SQL.

The database keeps moments in UTC. A day begins at midnight of the company, not at
midnight in Greenwich and not at midnight of the reader.
"""

from datetime import datetime, time

import pytz

from odoo.tools import SQL


def start_of_day(day, tz):
    """Return the first moment of a day in a time zone, in UTC as the database has it.

    :param date day:
    :param str tz: name of the zone
    """
    zone, midnight = pytz.timezone(tz), datetime.combine(day, time.min)
    # Where clocks change at midnight, it comes twice or not at all.
    moments = (
        zone.normalize(zone.localize(midnight, is_dst=is_dst))
        for is_dst in (True, False)
    )
    first = min(moment for moment in moments if moment.date() == day)
    return first.astimezone(pytz.utc).replace(tzinfo=None)


def day_sql(moment, tz):
    """Return the day of a moment in a time zone, as SQL.

    :param moment: SQL of a timestamp in UTC
    :param tz: name of the zone, or SQL for it, see :func:`company_tz_sql`
    """
    return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", moment, tz)


def company_tz_sql(company_id):
    """Return the time zone of a company as SQL, the same as the method of the company.

    :param company_id: SQL of the id
    """
    return SQL(
        """
        (SELECT COALESCE(NULLIF(hours.tz, ''), NULLIF(address.tz, ''), 'UTC')
           FROM res_company place
           JOIN res_partner address ON address.id = place.partner_id
      LEFT JOIN resource_calendar hours ON hours.id = place.resource_calendar_id
          WHERE place.id = %s)
        """,
        company_id,
    )
