# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The price waterfall: from list price to pocket margin, plain arithmetic.

The steps between are what the customer's terms cost; each total is the sum of all
steps before it, so the last one is what is left.
"""

#: Steps in their order, and whether they are totals.
STEPS = (
    ("list", True),
    ("special", False),
    ("discount", False),
    ("reward", False),
    ("invoiced", True),
    ("credit_note", False),
    ("bonus", False),
    ("complaint", False),
    ("pocket", True),
    ("cost", False),
    ("margin", True),
)


def line_amounts(list_price, rule_price, net_price, quantity):
    """Split the way from list price to net price of an order line.

    :param float list_price: unit price for everybody
    :param float rule_price: unit price by the special price list
    :param float net_price: unit price charged, after discount
    :param float quantity: how many units
    """
    return {
        "list": list_price * quantity,
        "special": (rule_price - list_price) * quantity,
        "discount": (net_price - rule_price) * quantity,
    }


def make_steps(amounts, round_amount):
    """Return the steps with their totals.

    :param amounts: dict of step -> amount, deductions negative; "list" is the start
    :param round_amount: function that rounds to the currency
    :return: list of (step, amount, is_total); what is nothing is left out
    """
    steps, running = [], 0.0
    for name, is_total in STEPS:
        if name == "list":
            running = round_amount(amounts.get("list", 0.0))
            steps.append((name, running, True))
        elif is_total:
            steps.append((name, running, True))
        else:
            amount = round_amount(amounts.get(name, 0.0))
            running = round_amount(running + amount)
            if amount:
                steps.append((name, amount, False))
    return steps
