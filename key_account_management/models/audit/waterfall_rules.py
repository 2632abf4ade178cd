# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The price waterfall: from list price to pocket margin, plain arithmetic.

The steps in between are what the customer's terms cost; each total is the sum of all
steps before it, so the last one is what is left.
"""

#: What is left up to here; all other steps come in between.
TOTALS = ("list", "invoiced", "pocket", "margin")


def line_amounts(list_price, rule_price, net_price, quantity):
    """Split the way from list price to net price of an order line.

    :param float list_price: unit price for every customer
    :param float rule_price: unit price by the special price list
    :param float net_price: unit price charged, after discount
    :param float quantity: how many units
    """
    return {
        "list": list_price * quantity,
        "special": (rule_price - list_price) * quantity,
        "discount": (net_price - rule_price) * quantity,
    }


def add_up(names, amounts, round_amount):
    """Return the steps with their totals.

    Totals are rounded, and a step is what lies between them: so the last total is what
    was really invoiced, and the steps add up to it.

    :param names: the steps in their order, "list" is the first
    :param amounts: dict of step -> amount, deductions negative
    :param round_amount: function that rounds to the currency
    :return: list of (step, amount, is_total); steps without an amount are left out
    """

    def rounded(amount):
        # Without the noise of floats, which would turn half a cent to either side.
        return round_amount(round(amount, 6))

    steps, exact = [], amounts.get("list", 0.0)
    for name in names:
        before = rounded(exact)
        if name in TOTALS:
            steps.append((name, before, True))
            continue
        exact += amounts.get(name, 0.0)
        amount = round_amount(rounded(exact) - before)
        if amount:
            steps.append((name, amount, False))
    return steps
