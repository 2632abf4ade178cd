# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What is left to credit of an invoice: plain arithmetic, no database."""


def left_to_credit(invoiced, credited):
    """Return the quantity of each invoice line that isn't credited yet.

    A credit line that names its invoice line counts there; others (made by hand or by
    Odoo's own reversal) are spread over the lines of the same kind, in order; what
    doesn't fit anywhere is left to the cap by amount.

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
