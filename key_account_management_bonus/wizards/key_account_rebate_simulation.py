# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import formatLang

from ..models.key_account_rebate_worth import when
from ..models.rebate_periods import MONTHS
from ..models.rebate_rules import ZERO, Item, entitlement, exact, to_amount, total

#: Points of the curve, and its size.
POINTS, WIDTH, HEIGHT = 60, 640, 260
RESULTS = (
    "revenue",
    "drafted",
    "present",
    "difference",
    "margin_before",
    "margin_after",
    "rate",
    "curve",
)


class KeyAccountRebateSimulation(models.TransientModel):
    """What a drafted bonus would have cost on the invoices of a year."""

    _name = "key.account.rebate.simulation"
    _description = "Bonus Simulation"

    rebate_id = fields.Many2one(
        "key.account.rebate", string="Bonus", required=True, readonly=True
    )
    currency_id = fields.Many2one(related="rebate_id.currency_id")
    date_from = fields.Date(string="Invoices From", required=True)
    date_to = fields.Date(string="Until", required=True)
    growth = fields.Float(
        string="Expected Growth (%)", help="Revenue and quantity in the next year."
    )
    revenue = fields.Monetary(compute="_compute_result")
    drafted = fields.Monetary(string="Bonus as Drafted", compute="_compute_result")
    present = fields.Monetary(
        string="Bonuses Today",
        compute="_compute_result",
        help="What the bonuses in force of the account pay for these invoices.",
    )
    difference = fields.Monetary(
        string="Customer Gains", compute="_compute_result", help="Drafted minus today."
    )
    margin_before = fields.Monetary(string="Margin Today", compute="_compute_result")
    margin_after = fields.Monetary(
        string="Margin as Drafted", compute="_compute_result"
    )
    rate = fields.Float(string="Share of Revenue (%)", compute="_compute_result")
    curve = fields.Html(compute="_compute_result", sanitize=False)

    @api.depends("rebate_id", "date_from", "date_to", "growth")
    def _compute_result(self):
        for wizard in self:
            wizard.update(wizard._get_result())

    def _get_result(self):
        """Return what comes of it: the invoices of the days through both terms.

        The draft stands in the place of what it amends, else of all bonuses that the
        account has today.
        """
        self.ensure_one()
        self.rebate_id.check_access("read")
        # sudo: all invoices of an account that the user can read.
        rebate = self.rebate_id.sudo()
        if not self.date_from or not self.date_to or self.date_from > self.date_to:
            return dict.fromkeys(RESULTS, False)
        factor = 1 + exact(self.growth) / 100
        drafted, item = self._earn(rebate, factor)
        today = rebate.previous_id or rebate._find_meeting()
        today = today.filtered(lambda other: other.state == "active")
        present = sum((self._earn(other, factor)[0] for other in today), ZERO)
        margin = self._get_margin(rebate) * float(factor)
        return {
            "revenue": float(item.revenue),
            "drafted": float(drafted),
            "present": float(present),
            "difference": float(drafted - present),
            "margin_before": margin - float(present),
            "margin_after": margin - float(drafted),
            "rate": float(100 * drafted / item.revenue) if item.revenue > 0 else 0.0,
            "curve": self._draw(rebate, item),
        }

    def _get_margin(self, rebate):
        """Return what the invoices of the days leave before bonuses."""
        accounts = rebate._get_members()
        amounts = accounts._waterfall_amounts(self.date_from, self.date_to)
        amounts["rebate"] = 0.0
        chart = accounts._waterfall_chart(amounts, self.currency_id)
        return chart["steps"][-1]["amount"]

    def _earn(self, rebate, factor):
        """Return what the invoices earn in a bonus, period by period, and their sum.

        The year of the invoices is also the one that growth is counted from.
        """
        Basis = self.env["key.account.rebate.basis"]
        terms, earned, sold = rebate._get_rules(), ZERO, []
        first = self.date_from
        while first <= self.date_to:
            months = MONTHS.get(rebate.period, 12)
            end = first + relativedelta(months=months, days=-1)
            last = min(end, self.date_to)
            rows = Basis._collect([(0, rebate, first, last)], self.date_to)
            before = [row.item for row in sorted(rows, key=lambda row: when(row.place))]
            items = [
                Item(item.revenue * factor, item.quantity * factor) for item in before
            ]
            earned += to_amount(
                entitlement(terms, items, total(before).of(terms.by)),
                rebate.currency_id.rounding,
            )
            sold += items
            first = last + relativedelta(days=1)
        return earned, total(sold)

    def _draw(self, rebate, item):
        """Return the curve of the bonus over the revenue of a period, as SVG.

        Only numbers go into it: nothing that a user typed.
        """
        terms = rebate._get_rules()
        if terms.growth or not terms.steps:
            return False
        highest = max([step.bound for step in terms.steps] + [item.of(terms.by)])
        if highest <= 0:
            return False
        price = item.revenue / item.quantity if item.quantity else exact(1)
        points, end = [], highest * exact(1.25)
        places = [end * number / POINTS for number in range(POINTS + 1)]
        # A step goes straight up.
        for step in terms.steps:
            places += [max(step.bound - end / 100000, ZERO), step.bound]
        for measure in sorted(places):
            sold = (
                Item(measure, measure / price if price else exact(0))
                if terms.by == "revenue"
                else Item(measure * price, measure)
            )
            points.append((measure, entitlement(terms, [sold])))
        top = max(amount for _measure, amount in points) or exact(1)
        path = " ".join(
            f"{60 + float(measure / points[-1][0]) * (WIDTH - 80):.1f},"
            f"{HEIGHT - 30 - float(amount / top) * (HEIGHT - 50):.1f}"
            for measure, amount in points
        )
        now = 60 + float(item.of(terms.by) / points[-1][0]) * (WIDTH - 80)

        def text(value):
            return formatLang(self.env, float(value), digits=0)

        return (
            f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" role="img">'
            f'<line x1="60" y1="{HEIGHT - 30}" x2="{WIDTH - 20}" y2="{HEIGHT - 30}" '
            'stroke="#888"/>'
            f'<line x1="60" y1="20" x2="60" y2="{HEIGHT - 30}" stroke="#888"/>'
            f'<line x1="{now:.1f}" y1="20" x2="{now:.1f}" y2="{HEIGHT - 30}" '
            'stroke="#d1495b" stroke-dasharray="4"/>'
            f'<polyline points="{path}" fill="none" stroke="#1f6f8b" '
            'stroke-width="2"/>'
            f'<text x="55" y="25" text-anchor="end" font-size="11">{text(top)}</text>'
            f'<text x="{WIDTH - 20}" y="{HEIGHT - 12}" text-anchor="end" '
            f'font-size="11">{text(points[-1][0])}</text>'
            f'<text x="{now:.1f}" y="{HEIGHT - 12}" text-anchor="middle" '
            f'font-size="11">{text(item.of(terms.by))}</text></svg>'
        )
