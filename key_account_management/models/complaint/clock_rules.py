# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The clocks of complaints: plain arithmetic, no database.

A clock has a target in working hours. What was used before a pause is kept, so that
the deadline after it is what is left, planned from the moment of going on.
"""

#: Severity -> share of the tier's hours: what is critical gets half the time.
SEVERITY_FACTORS = {"minor": 1.0, "major": 1.0, "critical": 0.5}
#: Working hours beyond the deadline, as a share of the target, before a director is
#: told: the first level is the deadline itself.
DIRECTOR_SHARE = 0.5


def target_hours(hours, severity):
    """Return the working hours that a clock allows.

    :param float hours: by tier or company
    :param str severity: ``minor``, ``major`` or ``critical``
    """
    if hours < 0:
        raise ValueError("hours can't be negative")
    return hours * SEVERITY_FACTORS[severity]


def remaining_hours(target, used):
    """Return the working hours left; never below zero."""
    return max(target - used, 0.0)


def merge(intervals):
    """Return intervals in order, with those that touch or overlap made one.

    :param intervals: iterable of (start, end)
    """
    merged = []
    for start, end in sorted(intervals):
        if end <= start:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def subtract(intervals, pauses):
    """Return what is left of intervals outside of pauses.

    :param intervals: iterable of (start, end), working time
    :param pauses: iterable of (start, end)
    """
    left = merge(intervals)
    for pause_start, pause_end in merge(pauses):
        cut = []
        for start, end in left:
            cut.append((start, min(end, pause_start)))
            cut.append((max(start, pause_end), end))
        left = merge(cut)
    return left


def hours_of(intervals):
    """Return how many hours intervals are long together."""
    seconds = sum((end - start).total_seconds() for start, end in merge(intervals))
    return seconds / 3600.0


def outcome(deadline, stopped):
    """Return ``met`` or ``missed`` for a clock that was stopped.

    :param deadline: the moment until which it was to stop, empty while paused
    :param stopped: the moment at which it did
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
