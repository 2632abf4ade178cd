# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Which tier a customer's figures earn: plain arithmetic, no database.

Criteria are a dict of figure name -> (entry threshold, keep threshold). A threshold of
zero is not used. High figures are good, except for those in ``LOW_IS_GOOD``.
"""

LOW_IS_GOOD = {"days_to_pay"}


def meets(figures, thresholds, unknown=False):
    """Tell whether the figures reach all thresholds that are used.

    :param dict figures: figure name -> value, None where there is no data
    :param dict thresholds: figure name -> threshold, 0 where it isn't used
    :param bool unknown: what no data counts as: it earns no tier and loses none
    """
    return all(
        unknown
        if figures[name] is None
        else figures[name] <= threshold
        if name in LOW_IS_GOOD
        else figures[name] >= threshold
        for name, threshold in thresholds.items()
        if threshold
    )


def has_criteria(criteria):
    """Tell whether figures can earn a tier at all, or it is only set by hand."""
    return any(entry for entry, _keep in criteria.values())


def entry_thresholds(criteria):
    """Return what it takes to enter a tier."""
    return {name: entry for name, (entry, _keep) in criteria.items()}


def keep_thresholds(criteria):
    """Return what it takes to stay; the same as to enter where nothing is set."""
    return {
        name: (keep or entry) if entry else 0
        for name, (entry, keep) in criteria.items()
    }


def earned_tier(figures, tiers):
    """Return the highest tier that the figures earn, or None.

    :param list tiers: (key, criteria), the highest first; those without criteria are
        never earned
    """
    for key, criteria in tiers:
        if has_criteria(criteria) and meets(figures, entry_thresholds(criteria)):
            return key
    return None


def tier_after_demotion(figures, tiers_below):
    """Return the tier to which a customer is demoted, or None.

    A tier without criteria takes every customer who falls that far. One with criteria
    takes those who would keep it.

    :param list tiers_below: (key, criteria) below the one lost, the highest first
    """
    for key, criteria in tiers_below:
        if meets(figures, keep_thresholds(criteria), unknown=True):
            return key
    return None


def shadows(higher, lower):
    """Tell whether every customer who earns the lower tier also earns the higher one.

    A higher tier may ask for less of one figure (large customers have thin margins),
    but not for less, or the same, of all of them.

    :param dict higher: criteria of the higher tier
    :param dict lower: criteria of the lower tier
    """
    if not (has_criteria(higher) and has_criteria(lower)):
        return False
    thresholds = entry_thresholds(higher)
    at_least = entry_thresholds(lower)
    return all(
        at_least[name] and meets(at_least, {name: threshold})
        for name, threshold in thresholds.items()
        if threshold
    )
