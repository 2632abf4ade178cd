# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Several bonuses for one line: what each of them pays, without the ORM.

The order of the bonuses is part of what was agreed (their priority), so the result
doesn't depend on which of them is worked out first.
"""

from fractions import Fraction
from typing import NamedTuple

from .rebate_rules import ZERO, Item, entitlement


class Claim(NamedTuple):
    """A bonus in one of its periods."""

    terms: object
    base: Fraction = ZERO


class Sold(NamedTuple):
    """Something sold, as each bonus that matches it sees it: units can differ."""

    #: Dict of key -> :class:`~.rebate_rules.Item`.
    items: dict


class Paid(NamedTuple):
    """What a bonus pays for, what reaches its steps, and what comes of it."""

    #: List of the number of a row and its item, net of what earlier bonuses pay.
    taken: list
    reached: list
    earned: Fraction
    #: Which part of what it would earn alone.
    share: Fraction = Fraction(1)


def stacked(rule, claims, rows):
    """Return the rows that each bonus is for, and what they earn.

    :param str rule: ``add`` each one pays in full; ``best`` a row counts for the bonus
        that is worth most to the customer; ``priority`` for the first one; ``deduct``
        what the earlier ones pay is taken off the revenue
    :param claims: dict of key -> :class:`Claim`, in the order of priority
    :param rows: :class:`Sold` in the order of time
    :return: dict of key -> :class:`Paid`
    """
    rows = list(enumerate(rows))
    if rule == "best":
        return _best(claims, rows)
    if rule == "deduct":
        return _deduct(claims, rows)
    found = {}
    for key, claim in claims.items():
        taken = [
            (number, row.items[key])
            for number, row in rows
            if key in row.items
            and (rule == "add" or key == next(k for k in claims if k in row.items))
        ]
        found[key] = _paid(claim, taken)
    return found


def _paid(claim, taken):
    items = [item for _number, item in taken]
    return Paid(taken, items, entitlement(claim.terms, items, claim.base))


def _weight(claim, item):
    """Return what a bonus is spread by: what it pays for."""
    terms = claim.terms
    by = {"percent": "revenue", "unit": "quantity"}.get(terms.reward, terms.by)
    return item.of(by)


def _weigh(claim, items):
    return sum((_weight(claim, item) for item in items), ZERO)


def _rate(claim, paid):
    weight = _weigh(claim, paid.reached)
    return paid.earned / weight if weight else ZERO


def _best(claims, rows):
    """Let each row count once, for the bonus that is worth most on its like.

    The steps are reached by everything that a bonus matches. Of rows that the same
    bonuses match, all count for the one that pays most for them together.
    """
    alone = stacked("add", claims, [row for _number, row in rows])
    rates = {key: _rate(claims[key], alone[key]) for key in claims}
    alike = {}
    for number, row in rows:
        alike.setdefault(frozenset(row.items), []).append((number, row))
    taken = {key: [] for key in claims}
    for keys, of_keys in alike.items():
        pays = {
            key: rates[key]
            * _weigh(claims[key], (row.items[key] for _number, row in of_keys))
            for key in claims
            if key in keys
        }
        best = max(pays, key=pays.get)
        taken[best] += [(number, row.items[best]) for number, row in of_keys]
    found = {}
    for key, claim in claims.items():
        reached = alone[key].reached
        weight = _weigh(claim, (item for _number, item in taken[key]))
        whole = _weigh(claim, reached)
        share = weight / whole if whole else ZERO
        found[key] = Paid(taken[key], reached, alone[key].earned * share, share)
    return found


def _deduct(claims, rows):
    """Take what earlier bonuses pay off the revenue of the later ones."""
    paid = dict.fromkeys((number for number, _row in rows), ZERO)
    found = {}
    for key, claim in claims.items():
        taken = [
            (number, Item(item.revenue - paid[number], item.quantity))
            for number, row in rows
            if (item := row.items.get(key))
        ]
        found[key] = _paid(claim, taken)
        rate = _rate(claim, found[key])
        for number, item in taken:
            paid[number] += rate * _weight(claim, item)
    return found
