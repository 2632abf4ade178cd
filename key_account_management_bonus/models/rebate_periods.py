# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The periods of a bonus, without the ORM."""

from datetime import date, timedelta

from odoo.addons.key_account_management.models.tools.calendar_months import add_months

MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
LAST_DAY = date(9999, 12, 31)


def period_of(day, kind, start, end=None, year_start=None):
    """Return the first and the last day of the period that a day is in.

    A bonus that begins or ends in mid-period has a shorter one there.

    :param date day:
    :param str kind: ``month``, ``quarter``, ``half``, ``year`` or ``free``
    :param date start: first day of the bonus
    :param date end: its last day, None for an open end
    :param date year_start: first day of the year that the day is in; 1 January of it
        without it
    :return: pair of days, None where the bonus isn't in force
    """
    last = end or LAST_DAY
    if not start <= day <= last:
        return None
    if kind == "free":
        return start, last
    first = year_start or day.replace(month=1, day=1)
    months = MONTHS[kind]
    number = 0
    while add_months(first, (number + 1) * months) <= day:
        number += 1
    period_start = add_months(first, number * months)
    period_end = add_months(first, (number + 1) * months) - timedelta(days=1)
    return max(period_start, start), min(period_end, last)


def year_before(period):
    """Return the same days a year before, the last of a month as the last."""
    return tuple(add_months(day, -12) for day in period)


def periods_between(first, last, find):
    """Return the periods that touch the days from first to last, in order.

    :param find: function of a day that returns its period or None
    """
    periods, day = [], first
    while day <= last:
        period = find(day)
        if not period:
            break
        periods.append(period)
        if period[1] >= last:
            break
        day = period[1] + timedelta(days=1)
    return periods
