# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The periods in which customers earn and keep their tier: plain arithmetic."""

from dateutil.relativedelta import relativedelta

A_DAY = relativedelta(days=1)


def periods(period_of, today):
    """Return the period so far, and the whole one before it.

    A tier that was earned in one period is kept until the end of the next one.

    :param period_of: function of a day that returns the first and last of its period
    :param today: the company's day
    :return: list of (first day, last day)
    """
    first, _last = period_of(today)
    return [(first, today), period_of(first - A_DAY)]
