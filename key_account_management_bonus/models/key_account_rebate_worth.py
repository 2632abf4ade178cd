# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from fractions import Fraction
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.key_account_management.models.agreement.key_account_agreement_lifecycle import (  # noqa: E501
    IN_FORCE,
)
from odoo.addons.key_account_management.models.figures.key_account_kpi import (
    MOVE_CUSTOMER,
)

from .key_account_rebate_basis import LINE_TAXES, Bucket
from .rebate_periods import LAST_DAY, periods_between, year_before
from .rebate_rules import ZERO, Item, accrued, entitlement, split, to_amount, total
from .rebate_stacking import Claim, Sold, stacked


class Worth(NamedTuple):
    """What a bonus is worth in one of its periods."""

    rebate: object
    period: tuple
    terms: object
    #: What was reached in the year before, for growth.
    base: Fraction
    #: Dict of bucket -> item of what it pays for.
    parts: dict
    #: What reaches the steps, in the order of time.
    items: list
    #: Unrounded.
    earned: Fraction
    share: Fraction = Fraction(1)

    @property
    def reached(self):
        return total(self.items).of(self.terms.by)

    @property
    def amount(self):
        """Return what is earned, rounded to the currency."""
        return to_amount(self.earned, self.rebate.currency_id.rounding)

    def settled(self, settled):
        """Return what was settled for the period.

        :param settled: of many bonuses, see ``_get_settled``
        """
        cells = settled.get((self.rebate.id, self.period[0]), {})
        return sum(cells.values(), ZERO)

    def accrued(self, forecast=None):
        """Return what is earned at the rate of the forecast, rounded."""
        if forecast is None:
            return self.amount
        worth = accrued(self.terms, self.items, forecast, self.base) * self.share
        return to_amount(worth, self.rebate.currency_id.rounding)

    def cells(self, amount):
        """Split an amount over members, then taxes, then analytic distributions.

        :return: dict of bucket -> fraction; they add up to the amount
        """
        unit = self.rebate.currency_id.rounding
        by = self.terms.by
        if not self.parts:
            # A fixed amount for nothing sold.
            customer = self.rebate.account_id.partner_id.id
            return {Bucket(customer, customer): amount}
        return _split_by(
            amount,
            self.parts,
            unit,
            [
                (lambda bucket: (bucket.customer, bucket.bill_to), by),
                (lambda bucket: bucket.taxes, "revenue"),
                (lambda bucket: bucket.analytic, "revenue"),
            ],
        )


def _split_by(amount, parts, unit, levels):
    """Split an amount level by level: see :meth:`Worth.cells`."""
    if not levels or len(parts) == 1:
        return dict.fromkeys(parts, amount)
    (key_of, by), *deeper = levels
    groups = {}
    for bucket in sorted(parts, key=str):
        groups.setdefault(key_of(bucket), {})[bucket] = parts[bucket]
    weights = [total(group.values()).of(by) for group in groups.values()]
    found = {}
    for group, share in zip(groups.values(), split(amount, weights, unit), strict=True):
        found |= _split_by(share, group, unit, deeper)
    return found


class KeyAccountRebateWorth(models.AbstractModel):
    """Works out what bonuses are worth on a day, many of them together."""

    _name = "key.account.rebate.worth"
    _description = "Worth of Bonuses"

    def _get_periods(self, first, last):
        """Return the periods of a bonus that touch these days."""
        self.ensure_one()
        end = self.effective_end or LAST_DAY
        return periods_between(
            max(first, self.date_start), min(last, end), self._get_period
        )

    @api.model
    def _measure(self, claims, day, detail=False):
        """Return what bonuses are worth in their periods, as of a day.

        :param claims: list of (rebate, (first day, last day))
        :param day: invoices and payments up to this day
        :param bool detail: also by customer, billed partner and taxes
        :return: list of :class:`Worth`, one for each claim
        """
        alone, shared = {}, {}
        for number, (rebate, period) in enumerate(claims):
            place = alone if rebate.stacking == "add" else shared
            place[number] = (rebate, period)
        found = self._measure_alone(alone, day, detail)
        beside = {}
        for number, (rebate, period) in shared.items():
            key = (rebate.id, period)
            if key not in beside:
                beside |= self._measure_shared(rebate, period, day, detail)
            found[number] = beside[key]._replace(rebate=rebate)
        return [found[number] for number in range(len(claims))]

    @api.model
    def _get_bases(self, claims, day):
        """Return what was reached in the year before, by number of the claim."""
        growing = [
            (number, rebate, *year_before(period))
            for number, (rebate, period) in claims.items()
            if rebate.is_growth
        ]
        bases = {}
        for row in self.env["key.account.rebate.basis"]._collect(growing, day):
            by = claims[row.claim][0].basis
            bases[row.claim] = bases.get(row.claim, ZERO) + row.item.of(by)
        return bases

    @api.model
    def _measure_alone(self, claims, day, detail):
        bases = self._get_bases(claims, day)
        rows = {number: [] for number in claims}
        for row in self.env["key.account.rebate.basis"]._collect(
            [(number, rebate, *period) for number, (rebate, period) in claims.items()],
            day,
            detail,
        ):
            rows[row.claim].append(row)
        found = {}
        rebates = {rebate for rebate, _period in claims.values()}
        rules = {rebate: rebate._get_rules() for rebate in rebates}
        for number, (rebate, period) in claims.items():
            terms, base = rules[rebate], bases.get(number, ZERO)
            ordered = sorted(rows[number], key=lambda row: when(row.place))
            items = _in_time(ordered)
            found[number] = Worth(
                rebate,
                period,
                terms,
                base,
                _by_bucket((row.bucket, row.item) for row in ordered),
                items,
                entitlement(terms, items, base),
            )
        return found

    @api.model
    def _measure_shared(self, rebate, period, day, detail):
        """Return what bonuses are worth beside the others that match their lines.

        :return: dict of (rebate id, period) -> :class:`Worth`, for the bonus and for
            all that were looked at with it
        """
        cluster = rebate._get_cluster(period, day)
        numbers = dict(enumerate(cluster))
        bases = self._get_bases(numbers, day)
        claims = {
            number: Claim(other._get_rules(), bases.get(number, ZERO))
            for number, (other, _period) in numbers.items()
        }
        merged = {}
        for row in self.env["key.account.rebate.basis"]._collect(
            [(number, other, *days) for number, (other, days) in numbers.items()],
            day,
            detail,
            shared=True,
        ):
            key = (when(row.place), str(row.bucket), tuple(sorted(row.claims)))
            merged.setdefault(key, (row.bucket, {}))[1][row.claim] = row.item
        rows = [merged[key] for key in sorted(merged)]
        paid = stacked(
            rebate.stacking, claims, [Sold(items) for _bucket, items in rows]
        )
        return {
            (other.id, days): Worth(
                other,
                days,
                claims[number].terms,
                claims[number].base,
                _by_bucket((rows[place][0], item) for place, item in of_one.taken),
                of_one.reached,
                of_one.earned,
                of_one.share,
            )
            for number, (other, days) in numbers.items()
            for of_one in (paid[number],)
        }

    def _get_cluster(self, period, day):
        """Return this bonus and those that meet it, each with its periods.

        Periods that overlap are looked at as a whole, as their rates depend on it.

        :return: list of (rebate, period) in the order of priority
        """
        self.ensure_one()
        # sudo: what a line earns doesn't depend on whose accounts a colleague sees.
        rebate = self.sudo()
        others = rebate.search(
            [
                ("company_id", "=", rebate.company_id.id),
                ("stacking", "=", rebate.stacking),
                ("state", "in", IN_FORCE),
                ("id", "!=", rebate.id),
            ]
        )
        family, new = rebate, rebate
        while new:
            new = (others - family).filtered(
                lambda other, family=family: any(
                    other._meets(member) for member in family
                )
            )
            family |= new
        family = family.sorted(lambda other: (other.sequence, other.id))
        first, last = period
        while True:
            claims = [
                (other, days)
                for other in family
                for days in other._get_periods(first, last)
            ]
            if (rebate, period) not in claims:
                claims.append((rebate, period))
            start = min(days[0] for _other, days in claims)
            end = min(max(days[1] for _other, days in claims), max(day, last))
            if (start, end) == (first, last):
                return claims
            first, last = min(start, first), max(end, last)

    @api.model
    def _get_settled(self, rebates, day=None):
        """Return what was settled, from the credit notes that there are.

        :param day: only what was posted by then; without it drafts count, too
        :return: dict of (rebate id, first day of the period) -> dict of bucket ->
            fraction, in company currency
        """
        self.env.flush_all()
        posted = (
            SQL("move.state = 'posted' AND move.date <= %s", day)
            if day
            else SQL("move.state IN ('draft', 'posted')")
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT settlement.rebate_id, settlement.date_from,
                       %(customer)s, move.commercial_partner_id, %(taxes)s,
                       line.analytic_distribution::text, line.balance
                  FROM key_account_rebate_settlement settlement
                  JOIN account_move_line line
                    ON line.key_account_rebate_settlement_id = settlement.id
                  JOIN account_move move ON move.id = line.move_id
                 WHERE settlement.rebate_id = ANY(%(ids)s) AND %(posted)s
             UNION ALL
                SELECT settlement.rebate_id, settlement.date_from,
                       account.partner_id, account.partner_id, NULL, NULL,
                       settlement.points_amount
                  FROM key_account_rebate_settlement settlement
                  JOIN key_account_rebate rebate ON rebate.id = settlement.rebate_id
                  JOIN key_account account ON account.id = rebate.account_id
                 WHERE settlement.rebate_id = ANY(%(ids)s)
                   AND settlement.points_amount != 0 AND %(points)s
                """,
                customer=MOVE_CUSTOMER,
                taxes=LINE_TAXES,
                ids=rebates.ids,
                posted=posted,
                points=SQL("settlement.day <= %s", day) if day else SQL("TRUE"),
            )
        )
        found = {}
        for rebate, start, customer, bill_to, taxes, analytic, amount in rows:
            cells = found.setdefault((rebate, start), {})
            bucket = Bucket(customer, bill_to, tuple(taxes or ()), analytic or "")
            unit = self.env["key.account.rebate"].browse(rebate).currency_id.rounding
            amount = to_amount(Fraction(amount), unit)
            cells[bucket] = cells.get(bucket, ZERO) + amount
        return found

    def _get_trend(self, worth, day):
        """Return what the period comes to if it goes on like this."""
        first, last = worth.period
        elapsed = (day - first).days + 1
        if day >= last or elapsed <= 0:
            return None
        return worth.reached * ((last - first).days + 1) / elapsed

    def _get_forecast(self, worth, day):
        """Return what the period is expected to reach, None for what it has by now.

        :param worth: :class:`Worth` as of the day
        """
        self.ensure_one()
        if self.forecast_kind == "actual" or day >= worth.period[1]:
            return None
        if self.forecast_kind == "manual":
            return Fraction(str(self.forecast))
        return self._get_trend(worth, day)


def when(place):
    """Return a place in time as what can be sorted."""
    day, source, product = place
    return (str(day or ""), source or 0, product or 0)


def _in_time(rows):
    """Return the items of rows in their order, those of one place added up."""
    places = {}
    for row in rows:
        places.setdefault(row.place, []).append(row.item)
    return [total(items) for items in places.values()]


def _by_bucket(pairs):
    """Add up items by bucket."""
    found = {}
    for bucket, item in pairs:
        old = found.get(bucket, Item(ZERO))
        found[bucket] = total((old, item))
    return found
