# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""How matters of the day are ranked, without the ORM.

Urgency (rising to the deadline and past it), times the value at stake (damped, so that
one giant doesn't fill the page), times the weight of the tier.
"""

from math import log10
from typing import NamedTuple

#: With this many days left, a matter is half as urgent as on its last day.
HALF_LIFE = 7
#: For each of these periods that it is late, it is as urgent again.
LATE = 14
#: But no more than three times.
MOST = 3.0
#: Without a deadline.
ANY_TIME = 0.5
#: Amount in company currency from which on the value counts more than the rest.
UNIT = 1000


class Score(NamedTuple):
    """The factors of a rank."""

    urgency: float
    value: float
    tier: float

    @property
    def total(self):
        return self.urgency * self.value * self.tier


def urgency(days_left):
    """Return the factor of a deadline.

    :param days_left: below zero when it has passed, None without a deadline
    """
    if days_left is None:
        return ANY_TIME
    if days_left >= 0:
        return HALF_LIFE / (HALF_LIFE + days_left)
    return min(1 - days_left / LATE, MOST)


def damped(value):
    """Return the factor of a value at stake: ten times as much counts one more."""
    return 1 + log10(1 + max(value, 0) / UNIT)


def tier_weight(rank, number):
    """Return the factor of a tier: 2 for the best one, 1 for a customer without one.

    :param rank: 0 for the best tier, None without one
    :param number: of tiers
    """
    return 1.0 if rank is None else 2 - rank / number


def score(days_left, value, rank, number):
    """Return the :class:`Score` of a matter."""
    return Score(urgency(days_left), damped(value), tier_weight(rank, number))
