# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Arithmetic of months, without the ORM."""

from calendar import monthrange


def add_months(day, months):
    """Return the day that many months later (earlier for a negative number).

    A period that ends on the last day of a month goes on ending on the last day: a
    month after 28 February is 31 March. Count from the first day of a series, not from
    the one before: 30 January and two months is 30 March.

    :param day: a date
    :param int months: how many
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    length = monthrange(year, month + 1)[1]
    is_last = day.day == monthrange(day.year, day.month)[1]
    return day.replace(
        year=year, month=month + 1, day=length if is_last else min(day.day, length)
    )
