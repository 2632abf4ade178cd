# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..histories import RandomHistories
from .common import LoyaltyCommon


class PlainLot:
    def __init__(self, name, day, expiry, points):
        self.name, self.day, self.expiry = name, day, expiry
        self.earned = self.left = points
        self.clawed = 0
        #: What lapsed, each with what had been taken back before.
        self.lapses = []


class PlainCard:
    """A simple reference: lots in a list, points in whole hundredths."""

    def __init__(self):
        self.lots = []
        self.debt = 0

    @property
    def balance(self):
        return sum(lot.left for lot in self.lots) - self.debt

    def earn(self, name, day, expiry, points):
        self.lots.append(PlainLot(name, day, expiry, points))
        self._pay()

    def take(self, points, first=None):
        taken = []
        for lot in sorted(
            self.lots, key=lambda lot: (lot.name != first, lot.expiry, lot.day)
        ):
            part = min(points, lot.left)
            lot.left -= part
            points -= part
            if part:
                taken.append((lot, part))
        return taken, points

    def spend(self, points):
        if points > self.balance:
            return None
        return self.take(points)[0]

    def give_back(self, taken):
        for lot, part in taken:
            lot.left += part
        self._pay()

    def credit(self, name, credited):
        """Set the amount credited so far for what was bought."""
        lot = next(lot for lot in self.lots if lot.name == name)
        due = credited
        for clawed, lapsed in lot.lapses:
            # Lapsed points take part of the credit, not of what was taken before.
            if due > clawed:
                due = clawed + max(due - clawed - lapsed, 0)
        self.debt += self.take(due - lot.clawed, first=name)[1]
        lot.clawed = due

    def expire(self, day):
        for lot in self.lots:
            if lot.expiry < day:
                if lot.left:
                    lot.lapses.append((lot.clawed, lot.left))
                lot.left = 0

    def _pay(self):
        part = min(self.debt, sum(lot.left for lot in self.lots))
        self.take(part)
        self.debt -= part


@tagged("post_install", "-at_install")
class TestLoyaltyProperty(RandomHistories, LoyaltyCommon):
    """After random histories no point is lost, doubled or spent twice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.write(
            {"accrual_moment": "invoice_posted", "key_account_expiry_months": 2}
        )
        # 100 points per reward; confirming an order earns nothing by itself.
        cls.program.reward_ids.discount = 1

    def test_random_histories(self):
        self.play_histories(6, self.play)

    def play(self):
        """Play one history; after each event ledger and reference are compared."""
        rng, steps = self.rng, 25
        self.partner = self.make_customer("Zufall GmbH")
        self.make_account(self.partner, tier_id=self.gold.id)
        self.plain = PlainCard()
        self.invoices, self.orders = [], []
        self.holder = self.give(0.01, partner=self.partner)
        self.plain.earn(
            "start", self.today, self.holder.history_ids.key_account_expiry_date, 1
        )
        moves = [
            self.do_invoice,
            self.do_invoice,
            self.do_credit,
            self.do_order,
            self.do_order,
            self.do_cancel_order,
            self.do_draft_invoice,
            self.do_expire,
            self.do_again,
        ]
        for _step in range(steps):
            move = rng.choice(moves)
            move(rng)
            self.assertSound(self.holder, self.plain.balance / 100)
        kinds = {kind for kind, _points in self.kinds(self.holder)}
        self.assertIn("earn", kinds)
        # Balance, sum of the ledger, remaining points, debts, ledger check.
        return steps * 5

    def do_invoice(self, rng):
        amount = rng.randint(20, 400)
        invoice = self.make_invoice(self.partner, amount)
        entry = self.holder.history_ids.filtered(
            lambda e: e.key_account_move_id == invoice
        )
        self.plain.earn(
            invoice.id,
            entry.key_account_date,
            entry.key_account_expiry_date,
            amount * 100,
        )
        self.invoices.append([invoice, amount * 100, 0])

    def do_credit(self, rng):
        alive = [item for item in self.invoices if item[2] < item[1]]
        if not alive:
            return
        item = rng.choice(alive)
        euros = rng.randint(1, (item[1] - item[2]) // 100)
        refund = item[0]._reverse_moves([{"invoice_date": self.today}])
        refund.invoice_line_ids.price_unit = euros
        refund.action_post()
        item[2] += euros * 100
        self.plain.credit(item[0].id, item[2])

    def do_order(self, rng):
        order = self.make_order(self.partner, 1)
        self.claim(order)
        if not order.order_line.filtered("reward_id"):
            self.assertLess(self.plain.balance, 10000)
            return
        taken = self.plain.spend(10000)
        self.assertIsNotNone(taken)
        order.action_confirm()
        self.orders.append((order, taken))

    def do_cancel_order(self, rng):
        if self.orders:
            order, taken = self.orders.pop(rng.randrange(len(self.orders)))
            order._action_cancel()
            self.plain.give_back(taken)

    def do_draft_invoice(self, rng):
        whole = [item for item in self.invoices if not item[2]]
        if whole:
            item = rng.choice(whole)
            item[0].button_draft()
            item[0].button_cancel()
            self.plain.credit(item[0].id, item[1])
            self.invoices.remove(item)

    def do_expire(self, rng):
        day = self.days(rng.choice([1, 30, 70]))
        if rng.random() < 0.4:
            self.holder._expire(day)
            self.plain.expire(day)

    def do_again(self, rng):
        """Report everything again, which must change nothing."""
        for invoice, _points, _credited in self.invoices:
            invoice._sync_points()

    def test_spending_more_than_there_is(self):
        card = self.give(99.99)
        with self.assertRaises(UserError):
            card._book(-100, "spend")
        self.assertSound(card, 99.99)
