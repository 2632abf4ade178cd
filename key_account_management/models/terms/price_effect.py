# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Compares the prices that come out of a list, at two times: plain arithmetic.

The prices of a product are a list of [from quantity, from day, price, list price]: each
holds from its quantity and day up to the next ones, in the currency of the list. So two
lists of prices can be compared everywhere, though their rules begin at other quantities
and on other days.
"""

#: Differences below this are rounding.
TOLERANCE = 0.000001


def price_at(prices, quantity, day):
    """Return the entry that holds for a quantity on a day, the first one before all.

    :param prices: list of [from quantity, from day, price, list price]
    :param str day: ISO date
    """
    reached = [entry for entry in prices if entry[0] <= quantity and entry[1] <= day]
    return max(reached or prices[:1], key=lambda entry: (entry[0], entry[1]))


def lowered(old, new):
    """Return what became cheaper, as a list of (label, old price, new price).

    Each product once, where the difference is largest. A price that fell because the
    list price of the product fell isn't the list's doing.

    :param old: dict with ``prices``: product id -> prices, and ``names``; as JSON gives
        it back, so ids are text
    :param new: dict of the same form
    """
    found = []
    for product, prices in new["prices"].items():
        # What wasn't looked at before cost its list price at least.
        before = old["prices"].get(product) or [
            [quantity, day, usual, usual] for quantity, day, _price, usual in prices
        ]
        points = {(entry[0], entry[1]) for entry in [*before, *prices]}
        worst = None
        for quantity, day in sorted(points):
            was, now = price_at(before, quantity, day), price_at(prices, quantity, day)
            fall = was[2] - now[2]
            if fall <= TOLERANCE or share(now) >= share(was) - TOLERANCE:
                continue
            if worst is None or fall > worst[0]:
                worst = (fall, was[2], now[2])
        if worst:
            found.append((new["names"].get(product, product), worst[1], worst[2]))
    return found


def is_uncertain(old, new):
    """Tell whether prices could have fallen where they aren't looked at.

    That is so where only a part of the prices is looked at, and rules are gone that
    sheltered others, or those of the lists below have changed.

    :param old: dict with ``is_part``, ``own`` (ids of rules), ``below`` (fingerprint)
    :param new: dict of the same form
    """
    if not (old.get("is_part") or new.get("is_part")):
        return False
    if "below" not in old:
        # Approved before this was kept.
        return False
    return bool(set(old["own"]).difference(new["own"])) or old["below"] != new["below"]


def share(entry):
    """Return the price as a share of the list price, the price itself without one."""
    return entry[2] / entry[3] if entry[3] else entry[2]


def highest_discount(prices):
    """Return the highest discount off the list price in per cent, 0 at least."""
    return max(
        (
            100 * (1 - share(entry))
            for entries in prices.values()
            for entry in entries
            if entry[3]
        ),
        default=0.0,
    )
