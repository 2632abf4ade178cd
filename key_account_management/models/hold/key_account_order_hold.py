# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from collections import namedtuple

from odoo import models
from odoo.tools import float_compare, format_date, formatLang

from ..tools.groups import ALL_ACCOUNTS, DIRECTOR
from .order_judgement import LineStanding, Standing
from .sale_order_line import FREE, MARGIN_DIGITS

#: A reason against confirming an order: its text, whether it holds the order, and the
#: group whose users can release it.
Reason = namedtuple("Reason", "text holds group")


class KeyAccountOrderHold(models.AbstractModel):
    """The reasons to hold an order: over the limit, overdue, below the margin floor.

    They are judged by what the order is. A confirmed order is judged by what a change
    made worse, so that what stood before doesn't keep anybody from harmless changes.
    """

    _name = "key.account.order.hold"
    _description = "Reasons to Hold an Order"

    def _hold_reasons(self, before=None):
        """Return the reasons against these orders: a hook for rooms above.

        They add a :class:`Reason` to the lists of the orders that are in the answer.

        :param dict before: order id -> ``Standing`` before a change; with it confirmed
            orders are judged as well, those that aren't in it as a whole
        :return: dict of order id -> list of :class:`Reason`; orders of ordinary
            customers are left out, and confirmed ones without ``before``
        """
        states = ("draft", "sent") if before is None else ("draft", "sent", "sale")
        # sudo: the clerk needs to read the warning, no matter who manages the account.
        orders = self.sudo().filtered(
            lambda order: order.key_account_id and order.state in states
        )
        reasons = {}
        for company, of_company in orders.grouped("company_id").items():
            today = company._get_key_account_today()
            standings = {
                order.id: was
                for order in of_company
                if (was := (before or {}).get(order.id))
                and was.account == order.key_account_id
            }
            growing = of_company.filtered(
                lambda order, known=standings: order._has_grown(known.get(order.id))
            )
            of_accounts = growing._get_account_reasons(today, lock=before is not None)
            for order in of_company:
                was = standings.get(order.id)
                reasons[order.id] = order._floor_reasons(today, was)
                reasons[order.id] += of_accounts.get(order.id, [])
        return reasons

    def _get_account_reasons(self, today, lock=False):
        """Return the reasons that lie with the customer: limit, arrears, grade.

        :param today: the company's day
        :param bool lock: see ``key.account._get_credit_facts``
        :return: dict of order id -> list of :class:`Reason`
        """
        company, accounts = self.company_id, self.key_account_id
        facts, unreliable = {}, {}
        if company.key_account_order_check != "none" and self:
            facts = accounts._get_credit_facts(today, lock=lock)
        if company.key_account_unreliable_check != "none" and self:
            unreliable = accounts._get_unreliable(today)
        reasons = {}
        for order in self:
            account_id = order.key_account_id.id
            reasons[order.id] = (
                order._credit_reasons(facts[account_id], today) if facts else []
            )
            if account_id in unreliable:
                reasons[order.id].append(
                    order._grade_reason(unreliable[account_id], today)
                )
        return reasons

    def _grade_reason(self, assessment, today):
        """Tell that the customer was assessed as not reliable.

        :param assessment: the ``key.account.reliability`` that counts
        :param today: the company's day
        """
        text = self.env._(
            "Assessed as not reliable on %(date)s: %(score)s of 100 points.",
            date=format_date(self.env, assessment.date),
            score=formatLang(self.env, assessment.score, digits=0),
        )
        holds = (
            self.company_id.key_account_unreliable_check == "block"
            and not self._is_credit_released(today)
        )
        return Reason(text, holds, DIRECTOR)

    def _has_grown(self, was):
        """Tell whether the order uses more of the credit limit than before."""
        self.ensure_one()
        if was is None:
            return True
        amount = self._to_company_currency(self._get_key_account_amount())
        return self.company_id.currency_id.compare_amounts(amount, was.amount) > 0

    def _get_standings(self):
        """Return what confirmed orders of key accounts are, to compare a change with.

        :return: dict of order id -> ``Standing``
        """
        # sudo: see _hold_reasons.
        orders = self.sudo().filtered(lambda order: order.state == "sale")
        # Those of ordinary customers cost nothing; they are noted as being no one's.
        no_account = orders.key_account_id.browse()
        return {
            order.id: Standing(
                order.key_account_id,
                order._to_company_currency(order._get_key_account_amount()),
                order._get_key_account_margin(),
                {
                    line.id: LineStanding(
                        line.product_id,
                        line._get_key_account_margin(),
                        line._get_key_account_quantity(),
                    )
                    for line in order.order_line
                    if not line.display_type
                },
            )
            if order.key_account_id
            else Standing(no_account, 0.0, 0.0, {})
            for order in orders
        }

    def _get_key_account_amount(self):
        """Return the total of the order with what was delivered beyond it."""
        self.ensure_one()
        beyond = self.order_line.filtered(
            lambda line: line._get_key_account_quantity() != line.product_uom_qty
        )
        return self.amount_total + sum(
            line._get_key_account_revenue("price_total") - line.price_total
            for line in beyond
        )

    def _get_key_account_floor(self):
        """Return the margin floor of the order in per cent, 0 for none.

        That of its price list goes below the company's only where it was approved, and
        only for accounts that get the list by their terms.
        """
        self.ensure_one()
        pricelist = self.pricelist_id
        own = pricelist.key_account_margin_floor
        usual = self.company_id.key_account_margin_floor
        if not own or own >= usual:
            return own or usual
        if pricelist.key_account_approval_state == "approved":
            lists = self.env["key.account.price"]._get_lists(
                self.key_account_id, self.date_order
            )
            if any(benefit.value == pricelist for benefit in lists):
                return own
        return usual

    def _get_key_account_margin(self):
        """Return the margin of the whole order as a share of its net amount.

        Rewards for points are left out: the loyalty program has decided on them.
        """
        self.ensure_one()
        lines = self.order_line.filtered(
            lambda line: not line.display_type and not line._is_key_account_reward()
        )
        revenue = sum(line._get_key_account_revenue() for line in lines)
        cost = sum(
            line._get_key_account_cost() * line._get_key_account_quantity()
            for line in lines
        )
        return (revenue - cost) / revenue if revenue > 0 else FREE

    def _floor_reasons(self, today, was=None):
        """Name the lines below the margin floor; the distance decides on the group.

        :param was: ``Standing`` before a change, to name only what got worse
        """
        self.ensure_one()
        lines = self.order_line.filtered("key_account_is_below_floor")
        if was:
            lines = lines.filtered(
                lambda line: not line._is_as_good_as(was.lines.get(line.id))
            )
        floor = self._get_key_account_floor()
        margins = [line._get_key_account_margin() for line in lines]
        texts = [
            self._floor_text(line.product_id.display_name, margin, floor)
            for line, margin in zip(lines, margins, strict=True)
        ]
        in_time = self._is_release_in_time(today)
        released = in_time and all(line._is_floor_released() for line in lines)
        if not texts:
            # Lines below zero: the order as a whole tells what is left.
            whole = self._get_whole_margin_below(floor, was)
            if whole is None:
                return []
            margins = [whole]
            texts = [self._floor_text(self.env._("The whole order"), whole, floor)]
            frozen = self.key_account_released_margin
            released = in_time and self._compare(whole, frozen) >= 0
        gap = floor - 100 * min(margins)
        tolerance = self.company_id.key_account_floor_tolerance
        group = ALL_ACCOUNTS if gap <= tolerance else DIRECTOR
        return [Reason("\n".join(texts), not released, group)]

    def _compare(self, margin, other):
        return float_compare(margin, other, precision_digits=MARGIN_DIGITS)

    def _get_whole_margin_below(self, floor, was):
        """Return the margin of the order where negative lines take it below the floor.

        :return: share of the net amount, None where it is fine
        """
        if not floor or all(line.price_subtotal >= 0 for line in self.order_line):
            return None
        margin = self._get_key_account_margin()
        is_fine = self._compare(margin, floor / 100) >= 0
        is_old = was and self._compare(margin, was.margin) >= 0
        return None if is_fine or is_old else margin

    def _floor_text(self, name, margin, floor):
        if margin <= FREE:
            return self.env._(
                "%(product)s: given away, below the floor of %(floor)s %%.",
                product=name,
                floor=formatLang(self.env, floor, digits=1),
            )
        return self.env._(
            "%(product)s: margin %(margin)s %%, below the floor of %(floor)s %%.",
            product=name,
            margin=formatLang(self.env, 100 * margin, digits=1),
            floor=formatLang(self.env, floor, digits=1),
        )

    def _credit_reasons(self, facts, today):
        """Tell what is over the limit or overdue.

        :param facts: ``CreditFacts`` of the key account, company currency
        :param today: the company's day
        """
        self.ensure_one()
        currency = self.company_id.currency_id
        account = self.key_account_id
        amount = self._to_company_currency(self.amount_total)
        # What is confirmed is in what is used.
        total = facts.used + (0.0 if self.state == "sale" else amount)
        texts = []
        if facts.limit and currency.compare_amounts(total, facts.limit) > 0:
            benefit = account._resolve_benefit("credit_limit")[account.id]
            texts.append(
                self.env._(
                    "Over the credit limit of %(limit)s (%(origin)s): %(used)s is "
                    "open or ordered, %(total)s with this order.",
                    limit=formatLang(self.env, facts.limit, currency_obj=currency),
                    origin=account._origin_label(benefit),
                    used=formatLang(self.env, total - amount, currency_obj=currency),
                    total=formatLang(self.env, total, currency_obj=currency),
                )
            )
        if currency.compare_amounts(facts.overdue, 0) > 0:
            texts.append(
                self.env._(
                    "%(amount)s is overdue by more than %(days)s days, the oldest "
                    "item by %(oldest)s days.",
                    amount=formatLang(self.env, facts.overdue, currency_obj=currency),
                    days=self.company_id.key_account_overdue_days,
                    oldest=facts.oldest,
                )
            )
        holds = (
            self.company_id.key_account_order_check == "block"
            and not self._is_credit_released(today)
        )
        return [Reason(text, holds, DIRECTOR) for text in texts]
