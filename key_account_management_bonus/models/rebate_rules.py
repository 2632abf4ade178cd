# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The arithmetic of bonuses, without the ORM.

Rates are never rounded: everything is a fraction until :func:`to_amount` rounds an
amount, once, at the end.
"""

from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

ZERO = Fraction(0)
#: A step is near from that part of its bound on.
NEAR = Fraction(4, 5)


def exact(value):
    """Return a number as a fraction, a float as the decimal that it shows."""
    return Fraction(Decimal(str(value)) if isinstance(value, float) else value)


def to_amount(value, unit):
    """Round half away from zero to a multiple of a unit, and return a fraction.

    :param value: a fraction
    :param unit: the smallest amount, such as 0.01
    """
    unit = exact(unit)
    number = abs(value) / unit + Fraction(1, 2)
    rounded = (number.numerator // number.denominator) * unit
    return rounded if value >= 0 else -rounded


class Step(NamedTuple):
    """A step has a lower bound only: so there are no gaps and no overlaps."""

    bound: Fraction
    value: Fraction


class Terms(NamedTuple):
    """What was agreed: see ``key.account.rebate`` for the words."""

    steps: tuple
    #: ``revenue`` or ``quantity``: what the bounds are compared with.
    by: str = "revenue"
    #: ``percent`` of revenue, amount per ``unit``, or a ``fixed`` amount for the step.
    reward: str = "percent"
    #: ``retroactive``: the reached step is for everything; ``incremental``: each slice
    #: has its own step.
    mode: str = "retroactive"
    #: Whether the bounds are percent of growth against the year before.
    growth: bool = False
    #: With nothing in the year before: ``none`` of the steps is reached, the ``first``
    #: one, or ``all``.
    growth_zero: str = "none"
    minimum: Fraction = ZERO
    #: None for no cap.
    maximum: Fraction | None = None

    @property
    def follows_time(self):
        """Tell whether slices are cut along another measure than is paid for."""
        paid = {"percent": "revenue", "unit": "quantity"}.get(self.reward, self.by)
        return self.mode == "incremental" and paid != self.by


class Item(NamedTuple):
    """Something sold, returns and price corrections taken off."""

    revenue: Fraction
    quantity: Fraction = ZERO

    def of(self, by):
        return self.revenue if by == "revenue" else self.quantity


def make_terms(steps, **values):
    """Return terms from plain numbers.

    :param steps: pairs of bound and value, in any order
    """
    steps = sorted(Step(exact(bound), exact(value)) for bound, value in steps)
    for name in ("minimum", "maximum"):
        if values.get(name) is not None:
            values[name] = exact(values[name])
    return Terms(steps=tuple(steps), **values)


def total(items):
    """Add up items."""
    return Item(
        sum((item.revenue for item in items), ZERO),
        sum((item.quantity for item in items), ZERO),
    )


def bounds_of(terms, base=ZERO):
    """Return the steps with bounds in revenue or quantity.

    Growth only moves the bounds: 10 % on top of 1,000 begins at 1,100.

    :param base: what was reached in the year before, for growth
    """
    if not terms.growth:
        return terms.steps
    if base > 0:
        return tuple(
            Step(base * (1 + step.bound / 100), step.value) for step in terms.steps
        )
    if terms.growth_zero == "none":
        return ()
    at_zero = terms.steps[:1] if terms.growth_zero == "first" else terms.steps
    return tuple(Step(ZERO, step.value) for step in at_zero)


def reached_step(terms, measure, base=ZERO):
    """Return the number of the highest step reached, None for none of them.

    A bound is reached by what equals it.
    """
    reached = [
        number
        for number, step in enumerate(bounds_of(terms, base))
        if measure >= step.bound
    ]
    return reached[-1] if reached else None


def entitlement(terms, items, base=ZERO):
    """Return what these items earn, unrounded, within minimum and cap.

    :param items: :class:`Item` in the order of time
    :param base: see :func:`bounds_of`
    """
    steps = bounds_of(terms, base)
    whole = total(items)
    if terms.mode == "retroactive":
        number = reached_step(terms, whole.of(terms.by), base)
        earned = ZERO if number is None else _reward(terms, steps[number], whole)
    elif terms.reward == "fixed":
        earned = sum(
            (step.value for step in steps if whole.of(terms.by) >= step.bound), ZERO
        )
    else:
        slices = slice_items(steps, items if terms.follows_time else [whole], terms.by)
        earned = sum(
            (
                _reward(terms, step, part)
                for step, part in zip(steps, slices, strict=True)
            ),
            ZERO,
        )
    return limited(terms, earned)


def limited(terms, earned):
    """Return an amount within minimum and cap, never below zero."""
    if earned <= 0 or earned < terms.minimum:
        return ZERO
    return earned if terms.maximum is None else min(earned, terms.maximum)


def _reward(terms, step, item):
    if terms.reward == "percent":
        return item.revenue * step.value / 100
    if terms.reward == "unit":
        return item.quantity * step.value
    return step.value


def slice_each(steps, items, by):
    """Return for each item which parts of it are in the slices of which steps.

    What is given back leaves the slices that were reached last. Where the measure
    stands still, as for a price correction, all of it is in the present slice.

    :param items: in the order of time
    :param by: the measure along which slices are cut
    :return: list of lists of (number of the step, :class:`Item`)
    """
    found, position = [], ZERO
    for item in items:
        measure = item.of(by)
        low, high = sorted((position, position + measure))
        parts = []
        for number, step in enumerate(steps):
            end = steps[number + 1].bound if number + 1 < len(steps) else None
            if not measure:
                inside = step.bound <= position and (end is None or position < end)
                share = Fraction(int(inside))
            else:
                top = high if end is None else min(high, end)
                share = max(top - max(low, step.bound), ZERO) / abs(measure)
            if share:
                part = Item(item.revenue * share, item.quantity * share)
                parts.append((number, part))
        found.append(parts)
        position += measure
    return found


def slice_items(steps, items, by):
    """Return for each step what was sold in its slice, see :func:`slice_each`.

    :return: list of :class:`Item`, one for each step
    """
    found = [[] for _step in steps]
    for parts in slice_each(steps, items, by):
        for number, part in parts:
            found[number].append(part)
    return [total(parts) for parts in found]


def extended(items, by, forecast):
    """Return items with what is still expected, at the average of those so far.

    :param forecast: of the measure ``by``; a lower one than what was reached is none
    """
    whole = total(items)
    reached = whole.of(by)
    if reached <= 0 or forecast <= reached:
        return list(items)
    factor = (forecast - reached) / reached
    return [*items, Item(whole.revenue * factor, whole.quantity * factor)]


def accrued(terms, items, forecast=None, base=ZERO):
    """Return what is earned so far at the rate that the forecast reaches, unrounded.

    :param forecast: of the whole period; None for a rate on what was reached so far
    """
    if forecast is None:
        return entitlement(terms, items, base)
    ahead = extended(items, terms.by, forecast)
    reached, expected = total(items).of(terms.by), total(ahead).of(terms.by)
    if expected <= 0:
        return entitlement(terms, items, base)
    return entitlement(terms, ahead, base) * reached / expected


def missing(terms, measure, base=ZERO):
    """Return what is missing to the next step, and the number of that step.

    :return: pair, (None, None) where the highest one is reached
    """
    for number, step in enumerate(bounds_of(terms, base)):
        if step.bound > measure:
            return step.bound - measure, number
    return None, None


def is_near(measure, bound):
    """Tell whether a measure is near a bound: a fifth of it or less is missing."""
    return measure >= bound * NEAR


def split(amount, weights, unit):
    """Split an amount so that the parts add up to it (largest remainder).

    :param amount: a multiple of the unit
    :param weights: fractions; of equal remainders the first one gets the unit
    :param unit: the smallest amount
    :return: list of fractions
    """
    weights = [exact(weight) for weight in weights]
    if not sum(weights):
        weights = [abs(weight) for weight in weights]
    if not any(weights):
        weights = [Fraction(1)] * len(weights)
    if not weights:
        return []
    unit, whole = exact(unit), sum(weights)
    shares = [exact(amount) * weight / whole / unit for weight in weights]
    parts = [share.numerator // share.denominator for share in shares]
    left = int(exact(amount) / unit) - sum(parts)
    order = sorted(
        range(len(weights)), key=lambda number: (parts[number] - shares[number], number)
    )
    for number in order[:left]:
        parts[number] += 1
    return [part * unit for part in parts]
