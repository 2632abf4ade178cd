# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .points_rules import Lot, consume, expiry_date, restore, settle_debts, to_units

#: Kinds that can take a card below zero.
MAY_OWE = {"claw_back"}


class LoyaltyCardLedger(models.AbstractModel):
    """Moves the points of a card: each movement is an entry, the oldest points first.

    The balance of the card, what remains of its entries and the debts that a claw-back
    left behind are changed here and nowhere else.
    """

    _name = "loyalty.card.ledger"
    _description = "Bookings of Loyalty Points"

    def _write_balance(self, points):
        """Write a balance that the ledger has booked already."""
        raise NotImplementedError

    def _lock_points(self):
        """Keep other transactions from moving points of these cards for now.

        Two orders that spend the same points meet here: the second waits, and then
        sees what is left (or is started again by the server, and sees it then).
        """
        self.flush_recordset(["points"])
        self.env["loyalty.history"].flush_model()
        if self.ids:
            self.env.cr.execute(
                SQL(
                    "SELECT id FROM loyalty_card WHERE id IN %s ORDER BY id FOR UPDATE",
                    tuple(self.ids),
                )
            )
        self.invalidate_recordset(["points"])

    def _open_entries(self):
        """Return the entries of the card with something left, owed ones too (sudo)."""
        self.ensure_one()
        # sudo: the ledger is written by rules; portal users spend points, too.
        History = self.env["loyalty.history"].sudo()
        return History.search(
            [("card_id", "=", self.id), ("key_account_remaining", "!=", 0)],
            order="key_account_date, id",
        )

    def _get_lots(self):
        """Return the entries of the card that hold points, for the point rules."""
        return [
            Lot(
                entry.id,
                entry.key_account_date,
                entry.key_account_expiry_date or None,
                entry.key_account_remaining,
            )
            for entry in self._open_entries()
            if entry.key_account_remaining > 0
        ]

    def _book(self, points, kind, move_balance=True, first_ids=(), **values):
        """Move points and write down why: the only way to change a balance.

        :param float points: above zero comes in, below goes out
        :param str kind: see ``loyalty.history``
        :param bool move_balance: False where the balance has the points already
        :param first_ids: entries whose points go out before all others
        :param values: further fields of the entry
        :return: the entry (sudo), empty where there is nothing to move
        :raise UserError: where more is to be spent than there is
        """
        self.ensure_one()
        points = round(points, 2)
        if not to_units(points):
            return self.env["loyalty.history"]
        self._lock_points()
        # sudo: see _open_entries; the balance of the card goes with it.
        card = self.sudo()
        day = values.pop("key_account_date", None)
        day = day or card.company_id._get_key_account_today()
        # What comes in remains whole; what goes out, as far as no points cover it.
        remaining, taken, expiry = points, {}, None
        if points < 0:
            remaining, taken = card._use_up(-points, kind, first_ids)
        else:
            expiry = expiry_date(day, card.program_id.key_account_expiry_months)
        entry = card._add_entry(
            points,
            kind,
            move_balance,
            key_account_date=day,
            key_account_remaining=remaining,
            key_account_allocation=list(taken.items()) or False,
            key_account_expiry_date=expiry,
            **values,
        )
        return entry.with_env(self.env).sudo()

    def _add_entry(self, points, kind, move_balance=True, **values):
        """Write an entry (sudo), let what came in pay debts and move the balance."""
        History = self.env["loyalty.history"]
        entry = History._create_ledger([self._prepare_entry(points, kind, **values)])
        self._settle_debts()
        if move_balance:
            self._write_balance(self.points + points)
        return entry

    def _prepare_entry(self, points, kind, **values):
        """Return what every entry has, with the kind as its text."""
        kinds = self.env["loyalty.history"]._fields["key_account_kind"]
        return {
            "card_id": self.id,
            "key_account_kind": kind,
            "issued": max(points, 0.0),
            "used": max(-points, 0.0),
            "description": dict(kinds._description_selection(self.env))[kind],
            **values,
        }

    def _use_up(self, points, kind, first_ids):
        """Take points off the card's entries.

        :return: (what is owed for them, 0 or below; dict of entry id -> points taken)
        """
        taken, uncovered = consume(self._get_lots(), points, first_ids)
        if uncovered and kind not in MAY_OWE:
            self._raise_too_few_points(points)
        self._take_off(taken)
        return -uncovered, taken

    def _take_off(self, taken):
        """Take points off what is left of entries; below zero gives back."""
        # sudo: see _open_entries.
        for entry in self.env["loyalty.history"].sudo().browse(taken):
            remaining = entry.key_account_remaining - taken[entry.id]
            entry._write_ledger({"key_account_remaining": round(remaining, 2)})

    def _settle_debts(self):
        """Let what came in pay for what was clawed back before."""
        entries = self._open_entries()
        owing = entries.filtered(lambda entry: entry.key_account_remaining < 0)
        if not owing or owing == entries:
            return
        debts = [(entry.id, -entry.key_account_remaining) for entry in owing]
        changes = settle_debts(self._get_lots(), debts)
        for entry in owing & entries.browse(changes):
            changes[entry.id] = -changes[entry.id]
        self._take_off(changes)

    def _get_spendings(self, document):
        """Return what a document spent and gave back on this card (sudo)."""
        return self.env["loyalty.history"]._search_by_document(
            document,
            [
                ("card_id", "=", self.id),
                "|",
                ("key_account_kind", "in", ("spend", "unspend")),
                # Given back by a credit note that was withdrawn.
                "&",
                ("key_account_kind", "=", "claw_back"),
                ("key_account_origin_id.key_account_kind", "=", "spend"),
            ],
        )

    def _take_back_spending(self, document, description, points=None, cause=False):
        """Give back what a document spent, to the very points it took.

        :param document: order or credit note
        :param float points: how many, all of them without it
        :param str cause: by which the entry is told from others, see the ledger
        :return: the entry, empty where the document had spent nothing
        :raise UserError: where the document spent fewer points
        """
        self._lock_points()
        spendings = self._get_spendings(document)
        spent = -sum(spendings.mapped("key_account_points"))
        points = spent if points is None else points
        self._check_points_to_give_back(points, spent)
        if to_units(points) <= 0:
            return spendings.browse()
        allocations = [
            (lot_id, taken)
            for entry in spendings
            for lot_id, taken in entry.key_account_allocation or []
        ]
        back = restore(allocations, points)
        self._take_off({lot_id: -given for lot_id, given in back.items()})
        card = self.sudo()  # see _book
        origin = spendings.filtered(lambda entry: entry.key_account_kind == "spend")
        # Nothing remains on the entry itself: the points are where they were before.
        return card._add_entry(
            round(points, 2),
            "unspend",
            key_account_date=card.company_id._get_key_account_today(),
            key_account_remaining=round(points - sum(back.values()), 2),
            key_account_allocation=[[lot_id, -given] for lot_id, given in back.items()],
            key_account_origin_id=origin[-1:].id,
            key_account_cause=cause,
            **{**document._point_source(), "description": description},
        )

    def _check_points_to_give_back(self, points, spent):
        if to_units(points) > to_units(spent):
            raise UserError(
                self.env._(
                    "%(card)s: the document spent only %(spent)s points on rewards, "
                    "so %(points)s can't be given back.",
                    card=self.display_name,
                    spent=round(spent, 2),
                    points=round(points, 2),
                )
            )

    def _book_opening_balance(self):
        """Take balances from the time before the ledger into it, as one entry each."""
        cards = self.sudo()  # see _open_entries
        cards.history_ids._take_into_ledger()
        entries = []
        for card in cards.filtered(lambda c: c.points or c.key_account_ledger_points):
            day = card.company_id._get_key_account_today()
            months = card.program_id.key_account_expiry_months
            entries.append(
                card._prepare_entry(
                    round(card.points - card.key_account_ledger_points, 2),
                    "correction",
                    description=self.env._("Balance when the ledger was opened"),
                    key_account_date=day,
                    key_account_remaining=card.points,
                    key_account_expiry_date=card.points > 0
                    and expiry_date(day, months),
                )
            )
        cards.env["loyalty.history"]._create_ledger(entries)

    def _raise_too_few_points(self, wanted):
        self.ensure_one()
        raise UserError(
            self.env._(
                "%(customer)s has %(balance)s on the card of “%(program)s”, but "
                "%(wanted)s are needed. Points may have been spent on another order "
                "in the meantime, or have expired: update the rewards and try again.",
                customer=self.partner_id.display_name or self.code,
                balance=self._format_points(self.points),
                program=self.program_id.name,
                wanted=self._format_points(wanted),
            )
        )
