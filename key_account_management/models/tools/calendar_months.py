# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Arithmetic of months, without the ORM."""

from dateutil.relativedelta import relativedelta


def add_months(day, months):
    """Return the day that many months later (earlier for a negative number).

    A period that ends on the last day of a month goes on ending on the last day: a
    month after 28 February is 31 March. Count from the first day of a series, not from
    the one before: 30 January and two months is 30 March.

    :param day: a date
    :param int months: how many
    """
    moved = day + relativedelta(months=months)
    if (day + relativedelta(days=1)).day == 1:
        moved += relativedelta(day=31)
    return moved
