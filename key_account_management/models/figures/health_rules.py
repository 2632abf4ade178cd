# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The health score: plain arithmetic, no database."""


def component_score(raw, worst, best):
    """Return 0 to 100 for a figure between the worst and the best value.

    Works both ways: the best may be the lower of the two (days to pay).

    :param float raw: the figure
    :param float worst: this and anything beyond it scores 0
    :param float best: this and anything beyond it scores 100
    """
    if worst == best:
        raise ValueError("the worst and the best value must differ")
    share = (raw - worst) / (best - worst)
    return 100.0 * min(max(share, 0.0), 1.0)


def total_score(parts):
    """Return the weighted mean of scores.

    :param parts: iterable of (score, weight)
    :raise ValueError: where the weights add up to nothing
    """
    parts = list(parts)
    weights = sum(weight for _score, weight in parts)
    if weights <= 0:
        raise ValueError("the weights must add up to more than zero")
    return sum(score * weight for score, weight in parts) / weights
