# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What bonuses are worth, written from the rules and kept apart from the product.

Line by line, with plain loops over documents that the test itself has made.
"""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction


def number(value):
    return Fraction(str(value))


def rounded(value):
    cents = Decimal(value.numerator) / Decimal(value.denominator)
    return float(cents.quantize(Decimal("0.01"), ROUND_HALF_UP))


class Line:
    """An invoice line: who bought it when, for how much, and how many."""

    def __init__(self, customer, day, place, product, revenue, quantity):
        self.customer, self.day, self.place = customer, day, place
        self.product, self.revenue, self.quantity = product, revenue, quantity


class RebateReference:
    """The bonuses of a group of two, over the lines of its documents."""

    def __init__(self):
        self.documents = {}
        self.bonuses = []

    def lines(self):
        """Return the lines of posted documents; credits stand at their invoice."""
        for document in self.documents.values():
            if document["posted"]:
                first = document
                while first["origin"]:
                    first = self.documents[first["origin"]]
                for product, revenue, quantity in document["lines"]:
                    yield Line(
                        document["customer"],
                        first["day"],
                        (first["day"], first["id"], product),
                        product,
                        revenue,
                        quantity,
                    )

    def matches(self, bonus, line):
        return line.customer in bonus["customers"] and (
            not bonus["products"] or line.product in bonus["products"]
        )

    def within(self, bonus, line, period):
        return self.matches(bonus, line) and period[0] <= line.day <= period[1]

    def measure(self, bonus, line):
        return line.revenue if bonus["by"] == "revenue" else line.quantity

    def paid_for(self, bonus, line):
        """Return the measure that a bonus is spread by."""
        by = {"percent": "revenue", "unit": "quantity"}[bonus["reward"]]
        return line.revenue if by == "revenue" else line.quantity

    def base(self, bonus, period):
        before = [day.replace(year=day.year - 1) for day in period]
        return sum(
            (
                self.measure(bonus, line)
                for line in self.lines()
                if self.within(bonus, line, before)
            ),
            Fraction(0),
        )

    def steps(self, bonus, period):
        if not bonus["growth"]:
            return bonus["steps"]
        base = self.base(bonus, period)
        if base > 0:
            return [(base + base * bound / 100, rate) for bound, rate in bonus["steps"]]
        zero = bonus["growth_zero"]
        steps = [(Fraction(0), rate) for _bound, rate in bonus["steps"]]
        return {"none": [], "first": steps[:1], "all": steps}[zero]

    def pay(self, bonus, rate, line):
        weight = self.paid_for(bonus, line)
        return weight * rate / 100 if bonus["reward"] == "percent" else weight * rate

    def earned(self, bonus, lines, period):
        """Return what lines earn: see how far each one reaches into each step."""
        steps = self.steps(bonus, period)
        reached = sum((self.measure(bonus, line) for line in lines), Fraction(0))
        amount = Fraction(0)
        if bonus["mode"] == "retroactive":
            rates = [rate for bound, rate in steps if reached >= bound]
            if rates:
                amount = sum(self.pay(bonus, rates[-1], line) for line in lines)
        else:
            same = {"percent": "revenue", "unit": "quantity"}[bonus["reward"]] == (
                bonus["by"]
            )
            ends = [bound for bound, _rate in steps[1:]] + [None]
            for (bound, rate), end in zip(steps, ends, strict=False):
                if same:
                    top = reached if end is None else min(reached, end)
                    part = max(top - bound, Fraction(0))
                    amount += part * rate / (100 if bonus["reward"] == "percent" else 1)
                else:
                    amount += self.walk(bonus, lines, bound, end, rate)
        if amount <= 0 or amount < bonus["minimum"]:
            return Fraction(0)
        return min(amount, bonus["maximum"]) if bonus["maximum"] else amount

    def walk(self, bonus, lines, bound, end, rate):
        """Return what the part of the lines between two bounds pays, in time."""
        position, amount = Fraction(0), Fraction(0)
        places = {}
        for line in sorted(lines, key=lambda line: line.place):
            places.setdefault(line.place, []).append(line)
        for together in places.values():
            size = sum(self.measure(bonus, line) for line in together)
            worth = sum(self.pay(bonus, rate, line) for line in together)
            low, high = min(position, position + size), max(position, position + size)
            if size:
                inside = (high if end is None else min(high, end)) - max(low, bound)
                amount += worth * max(inside, 0) / abs(size)
            elif bound <= position and (end is None or position < end):
                amount += worth
            position += size
        return amount

    def worth(self, bonus, period):
        """Return what a bonus is worth in a period beside the others, rounded."""
        mine = [line for line in self.lines() if self.within(bonus, line, period)]
        rule = bonus["rule"]
        if rule == "add":
            return rounded(self.earned(bonus, mine, period))
        rivals = [other for other in self.bonuses if other["rule"] == rule]
        if rule == "priority":
            mine = [
                line
                for line in mine
                if next(b for b in rivals if self.within_any(b, line)) is bonus
            ]
            return rounded(self.earned(bonus, mine, period))
        shares = self.best_shares() if rule == "best" else self.deducted()
        return rounded(shares[id(bonus), period])

    def best_shares(self):
        """Return what each bonus pays where lines count for the best one only."""
        alone, rates = {}, {}
        for bonus, period in self.all_periods():
            lines = [line for line in self.lines() if self.within(bonus, line, period)]
            earned = self.earned(bonus, lines, period)
            weight = sum((self.paid_for(bonus, line) for line in lines), Fraction(0))
            alone[id(bonus), period] = Fraction(0)
            rates[id(bonus), period] = earned / weight if weight else Fraction(0)
        alike = {}
        for line in self.lines():
            keys = tuple(
                (number, period)
                for number, bonus in enumerate(self.bonuses)
                for period in bonus["periods"]
                if self.within(bonus, line, period)
            )
            alike.setdefault(keys, []).append(line)
        for keys, lines in alike.items():
            best = None
            for number, period in keys:
                bonus = self.bonuses[number]
                weight = sum(
                    (self.paid_for(bonus, line) for line in lines), Fraction(0)
                )
                pays = rates[id(bonus), period] * weight
                if best is None or pays > best[0]:
                    best = (pays, bonus, period)
            if best:
                alone[id(best[1]), best[2]] += best[0]
        return alone

    def deducted(self):
        """Return what each bonus pays of what the earlier ones leave."""
        lines, found = list(self.lines()), {}
        for bonus, period in self.all_periods():
            mine = [line for line in lines if self.within(bonus, line, period)]
            earned = self.earned(bonus, mine, period)
            weight = sum((self.paid_for(bonus, line) for line in mine), Fraction(0))
            found[id(bonus), period] = earned
            for line in mine if weight else ():
                line.revenue -= earned * self.paid_for(bonus, line) / weight
        return found

    def all_periods(self):
        return [
            (bonus, period) for bonus in self.bonuses for period in bonus["periods"]
        ]

    def within_any(self, bonus, line):
        return any(self.within(bonus, line, period) for period in bonus["periods"])
