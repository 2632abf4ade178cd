# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Deadlines, and what is left to credit: plain arithmetic, no database.

A clock has a target in working hours. The hours used before a pause are kept, so the
new deadline is what is left, planned from the moment the clock goes on.
"""

#: Severity -> share of the tier's hours: critical complaints get half the time.
SEVERITY_FACTORS = {"minor": 1.0, "major": 1.0, "critical": 0.5}
#: Working hours past the deadline, as a share of the target, before a director is
#: told. The first level is the deadline itself.
DIRECTOR_SHARE = 0.5


def target_hours(hours, severity):
    """Return the working hours that a clock allows.

    :param float hours: by tier or company
    :param str severity: ``minor``, ``major`` or ``critical``
    """
    if hours < 0:
        raise ValueError("hours can't be negative")
    return hours * SEVERITY_FACTORS[severity]


def outcome(deadline, stopped):
    """Return ``met`` or ``missed`` for a clock that was stopped.

    :param deadline: when it was due to stop, empty while paused
    :param stopped: when it did
    """
    return "missed" if deadline and stopped > deadline else "met"


def escalation_levels(now, deadline, director_from):
    """Return the levels that have been reached: 1 team lead, 2 director.

    :param now: the moment
    :param deadline: of the clock, empty while paused
    :param director_from: the moment from which the director is told
    """
    levels = []
    if deadline and now >= deadline:
        levels.append(1)
        if director_from and now >= director_from:
            levels.append(2)
    return levels


def left_to_credit(invoiced, credited):
    """Return the quantity of each invoice line that isn't credited yet.

    A credit line that names its invoice line counts there. Others (made by hand or by
    Odoo's own reversal) are spread over the lines of the same kind, in order; what
    fits nowhere is left to the cap by amount.

    :param invoiced: list of (line id, kind, quantity); the kind is what a credit line
        without a link is matched by, e.g. the product
    :param credited: iterable of (line id or None, kind, quantity)
    :return: dict of line id -> quantity, never below zero
    """
    left = {line: quantity for line, _kind, quantity in invoiced}
    loose = {}
    for line, kind, quantity in credited:
        if line in left:
            left[line] -= quantity
        else:
            loose[kind] = loose.get(kind, 0.0) + quantity
    for line, kind, _quantity in invoiced:
        taken = min(max(left[line], 0.0), loose.get(kind, 0.0))
        left[line] -= taken
        if taken:
            loose[kind] -= taken
    return {line: max(quantity, 0.0) for line, quantity in left.items()}
