# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The arithmetic of points, without ORM: lots, debts, expiry and proportions.

A *lot* is what is left of one earning. A *debt* is a claw-back that found nothing to
take. The balance is the sum of all lots less all debts, and the two never stand side
by side: whatever comes in pays the debts first.

Points are counted in hundredths inside, so that nothing is lost to binary fractions.
"""

from datetime import date
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

#: Points have two decimals, as in core's loyalty rules.
DIGITS = 2
#: Key of points that belong to a document as a whole, not to one of its products.
WHOLE = "all"


class Lot(NamedTuple):
    """What is left of one earning."""

    id: int
    day: date
    expiry: date | None
    left: float


def to_units(points):
    """Return points as a whole number of hundredths."""
    return round(points * 10**DIGITS)


def to_points(units):
    """Return hundredths as points."""
    return round(units / 10**DIGITS, DIGITS)


def expiry_date(day, months):
    """Return the last day on which points earned on a day can be spent.

    :param date day: when they were earned
    :param int months: how long they live, 0 for ever
    :return: a date, or None for points that never expire
    """
    return day + relativedelta(months=months) if months else None


def oldest_first(lots):
    """Sort lots in the order in which they are used up.

    What lapses first goes first; in a program with one lifetime that is the oldest.
    """
    return sorted(lots, key=lambda lot: (lot.expiry or date.max, lot.day, lot.id))


def consume(lots, points, first=()):
    """Take points from lots, oldest first.

    :param lots: the ``Lot`` to take from
    :param float points: how many, above zero
    :param first: ids of lots to take from before all others
    :return: (dict of lot id -> points taken, points that nothing covered)
    """
    wanted = to_units(points)
    first = set(first)
    taken = {}
    ordered = oldest_first(lots)
    ordered.sort(key=lambda lot: lot.id not in first)
    for lot in ordered:
        take = min(wanted, to_units(lot.left))
        if take > 0:
            taken[lot.id] = to_points(take)
            wanted -= take
    return taken, to_points(wanted)


def settle_debts(lots, debts):
    """Pay debts from lots, oldest first on both sides.

    :param lots: the ``Lot`` there are
    :param debts: list of (id, points owed), oldest first
    :return: dict of id (of a lot or a debt) -> points to take off it
    """
    changes = {}
    owed = to_points(sum(to_units(points) for _id, points in debts))
    if not owed:
        return changes
    taken, uncovered = consume(lots, owed)
    changes.update(taken)
    available = to_units(owed) - to_units(uncovered)
    for debt_id, points in debts:
        paid = min(available, to_units(points))
        if paid:
            changes[debt_id] = to_points(paid)
            available -= paid
    return changes


def expired(lots, day):
    """Return what has lapsed before a day.

    :param date day: today; a lot can still be spent on its last day
    :return: the lots that have lapsed and still hold points, oldest first
    """
    return [
        lot
        for lot in oldest_first(lots)
        if lot.expiry and lot.expiry < day and to_units(lot.left) > 0
    ]


def due_after_lapses(credited, lapses):
    """Return how many points of an earning a credit takes back.

    Points that have lapsed needn't be taken back once more. What was taken back before
    they lapsed stays taken: these were other points.

    :param float credited: points that fall away by credits in all
    :param lapses: list of (points taken back before, points that lapsed then), the
        oldest first
    """
    due = max(credited, 0.0)
    for taken, lapsed in lapses:
        if due > taken:
            due = max(taken, due - lapsed)
    return due


def restore(allocations, points):
    """Give points back to the lots that they were taken from, the last ones first.

    :param allocations: list of (lot id, points), oldest first; negative where points
        went back before
    :param float points: how many to give back
    :return: dict of lot id -> points to put back; never more than was taken
    """
    net = {}
    for lot_id, taken in allocations:
        net[lot_id] = net.get(lot_id, 0) + to_units(taken)
    wanted = to_units(points)
    back = {}
    for lot_id in reversed(list(net)):
        give = min(wanted, net[lot_id])
        if give > 0:
            back[lot_id] = to_points(give)
            wanted -= give
    return back


def points_left(points, amounts, credited):
    """Return which part of a document's points is still deserved after its credits.

    Each product loses in proportion to its amount that was credited; a credit for
    something that isn't on the document takes a share of everything.

    :param dict points: product key -> points earned with it, or ``WHOLE``
    :param dict amounts: product key -> amount on the document
    :param dict credited: product key -> amount credited, or ``WHOLE``
    :return: points, two decimals
    """
    total = sum(amounts.values())
    specific = {key: credited[key] for key in credited if amounts.get(key)}
    general = sum(credited.values()) - sum(specific.values())
    general_share = share_of(general, total)
    total_share = share_of(sum(credited.values()), total)
    left = 0.0
    for key, earned in points.items():
        if key == WHOLE:
            left += earned * (1 - total_share)
        else:
            share = share_of(specific.get(key, 0.0), amounts.get(key, 0.0))
            left += earned * (1 - share) * (1 - general_share)
    return to_points(to_units(left))


def share_of(part, whole):
    """Return a part as a share from 0 to 1, free of rounding noise at both ends."""
    if not whole:
        return 0.0
    share = part / whole
    if share > 1 - 1e-9:
        return 1.0
    return share if share > 1e-9 else 0.0


def paid_share(total, credited, paid):
    """Return which share of what remained of an invoice has been paid.

    :param float total: the invoice, taxes included
    :param float credited: settled by credit notes instead of money
    :param float paid: settled by money
    :return: 0 to 1
    """
    return share_of(paid, total - credited)


def deserved(left, share, moment, has_earned):
    """Return the points that a document deserves as things stand.

    :param float left: points after credits, see :func:`points_left`
    :param float share: paid share of the invoice, see :func:`paid_share`
    :param str moment: ``order_confirmed``, ``invoice_posted`` or ``invoice_paid``
    :param bool has_earned: whether it was paid in full before; then a payment that is
        taken back takes its share of the points, no more
    """
    if moment != "invoice_paid":
        return left
    if not has_earned and share < 1:
        return 0.0
    return to_points(to_units(left * share))


def spread(amounts_by_document, amount):
    """Spread a credit over documents, in the order given, none beyond its amount.

    :param amounts_by_document: list of (key, amount that can still be credited)
    :param float amount: what was credited
    :return: (dict of key -> amount, the rest)
    """
    parts = {}
    for key, open_amount in amounts_by_document:
        part = min(amount, open_amount)
        if part > 1e-9:
            parts[key] = part
            amount -= part
    return parts, max(amount, 0.0)
