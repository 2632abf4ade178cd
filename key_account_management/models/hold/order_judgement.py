# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Judges orders by what a change made of them, once for all changes of one call."""

from collections import namedtuple
from contextlib import contextmanager
from contextvars import ContextVar

#: What an order was before a change: its key account, its amount in company currency,
#: its margin as a whole, and a dict of line id -> :class:`LineStanding`.
Standing = namedtuple("Standing", "account amount margin lines")
#: What a line was: product, margin as a share of its price, quantity.
LineStanding = namedtuple("LineStanding", "product margin quantity")

_running = ContextVar("key_account_management.order_judgement", default=None)


class Judgement:
    """The orders that are being changed, as they were before."""

    def __init__(self):
        self.orders = None
        self.before = {}

    def add(self, orders):
        """Note the standing of confirmed orders that are about to change.

        Only the first time: in the middle of the change they are no standard any more.
        """
        new = orders if self.orders is None else orders - self.orders
        self.before.update(new._get_standings())
        self.orders = new if self.orders is None else self.orders | new


@contextmanager
def judged(orders):
    """Let a change happen within this block, and judge its result at the end.

    Changes within a change, those of an order's lines for example, are judged
    together with it.

    :param orders: ``sale.order`` records that the change touches
    :raise UserError: where an order has become worse than it may be
    """
    running = _running.get()
    if running:
        running.add(orders)
        yield running
        return
    judgement = Judgement()
    token = _running.set(judgement)
    try:
        judgement.add(orders)
        yield judgement
    finally:
        _running.reset(token)
    judgement.orders._judge(judgement.before)
