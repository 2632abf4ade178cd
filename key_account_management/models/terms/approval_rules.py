# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What makes approved terms worse for the company: plain comparison, no database.

Terms are a dict of name -> [label, value, direction]. A value is a number, or None
for "without limit". The direction says which change costs the company something:
``higher``, ``lower``, or ``any`` for every change; ``kept`` values are frozen with
the others, but no change of them is worse. None is the worst both ways. Prices have the
direction ``prices``, see ``price_effect``. A fourth element is the value as text, for
values that tell a reader nothing, such as ids.
"""

from .price_effect import is_uncertain, lowered


def is_worse(old, new, worse):
    """Tell whether a value got worse.

    :param old: the approved value, a number or text, None for without limit
    :param new: the present value
    :param str worse: ``higher``, ``lower`` or ``any``
    """
    if old == new or worse == "kept" or old is None and worse != "any":
        return False
    if worse == "any" or new is None:
        return True
    return new > old if worse == "higher" else new < old


def worsened(old_terms, new_terms):
    """Return what got worse, as a list of (label, old value, new value).

    Terms that didn't exist at the approval count as worse; terms that are gone don't.
    """
    found = []
    for name, term in new_terms.items():
        label, value, worse = term[:3]
        if worse == "prices":
            old = old_terms.get(name)
            found += lowered(old[1], value) if old else []
            if old and is_uncertain(old[1], value):
                found.append((label, None, None))
        elif name not in old_terms:
            found.append((label, None, shown(term)))
        elif is_worse(old_terms[name][1], value, worse):
            found.append((label, shown(old_terms[name]), shown(term)))
    return found


def shown(term):
    """Return the value of a term as a reader understands it."""
    return term[3] if len(term) > 3 else term[1]
