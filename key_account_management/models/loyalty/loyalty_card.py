# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .points_rules import Lot, consume, expiry_date, restore, settle_debts, to_units

#: Kinds that may take a card below zero.
MAY_OWE = {"claw_back"}


class LoyaltyCard(models.Model):
    """Cards of programs with a ledger: the balance moves by booking alone."""

    _inherit = "loyalty.card"

    is_point_ledger = fields.Boolean(
        related="program_id.is_point_ledger", store=True, precompute=True
    )
    owes_points = fields.Boolean(
        compute="_compute_owes_points", search="_search_owes_points"
    )
    ledger_points = fields.Float(
        compute="_compute_ledger_points", string="Balance by the Ledger"
    )

    _ledger_holder_uniq = models.UniqueIndex(
        "(program_id, partner_id) WHERE is_point_ledger AND active "
        "AND partner_id IS NOT NULL",
        "This customer has a card of the program already.",
    )

    @api.depends("points", "is_point_ledger")
    def _compute_owes_points(self):
        for card in self:
            card.owes_points = card.is_point_ledger and to_units(card.points) < 0

    def _search_owes_points(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("is_point_ledger", "=", True), ("points", "<", -0.004)]

    @api.depends("history_ids.points")
    def _compute_ledger_points(self):
        sums = dict(
            self.env["loyalty.history"]
            .sudo()  # the sum of what the card's reader sees anyway
            ._read_group([("card_id", "in", self.ids)], ["card_id"], ["points:sum"])
        )
        for card in self:
            card.ledger_points = round(sums.get(card._origin, 0.0), 2)

    @api.model_create_multi
    def create(self, vals_list):
        cards = super().create(vals_list)
        for card in cards:
            if card.is_point_ledger and card.points:
                # The balance it was made with is there; the ledger gets to know it.
                card._book(card.points, "gift", move_balance=False)
        return cards

    def write(self, vals):
        if "points" not in vals or self.env.context.get("loyalty_ledger_booking"):
            return super().write(vals)
        # sudo: to look at the program alone.
        ledger = self.filtered(lambda card: card.sudo().is_point_ledger)
        if not ledger:
            return super().write(vals)
        others = {name: value for name, value in vals.items() if name != "points"}
        if self - ledger:
            super(LoyaltyCard, self - ledger).write(vals)
        for card in ledger:
            card._book_difference(vals["points"])
        return super(LoyaltyCard, ledger).write(others) if others else True

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ledger(self):
        if any(card.sudo().is_point_ledger and card.history_ids for card in self):
            raise UserError(
                self.env._(
                    "A card with points in the ledger can't be deleted. Archive it "
                    "instead."
                )
            )

    def _book_difference(self, points):
        """Turn a balance that somebody wrote into an entry of the ledger."""
        self.ensure_one()
        self._lock_points()
        difference = points - self.points
        if not to_units(difference):
            return
        source = self.env.context.get("loyalty_ledger_source") or {}
        if source and difference > 0:
            self._take_back_spending(points=difference, **source)
        elif source:
            self._book(difference, "spend", **source)
        else:
            self._book(
                difference,
                "correction",
                description=self.env._("Balance corrected by %s", self.env.user.name),
            )

    def _lock_points(self):
        """Let nobody else move points of these cards until the transaction ends.

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
        return (
            self.env["loyalty.history"]
            .sudo()
            .search(
                [("card_id", "=", self.id), ("remaining", "!=", 0)], order="date, id"
            )
        )

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
        History = self.env["loyalty.history"]
        points = round(points, 2)
        if not to_units(points):
            return History
        self._lock_points()
        # sudo: see _open_entries; the balance of the card goes with it.
        card = self.sudo().with_context(loyalty_ledger_booking=True)
        day = values.pop("date", None) or fields.Date.context_today(card)
        # What comes in whole; what goes out, as far as nothing covers it.
        remaining, taken = points, {}
        if points < 0:
            entries = card._open_entries()
            taken, uncovered = consume(_lots(entries), -points, first_ids)
            if uncovered and kind not in MAY_OWE:
                card._raise_too_few_points(-points)
            card._take_off(taken)
            remaining = -uncovered
        entry = card.env["loyalty.history"].create(
            {
                "card_id": card.id,
                "kind": kind,
                "date": day,
                "issued": max(points, 0.0),
                "used": max(-points, 0.0),
                "remaining": remaining,
                "description": card._describe(kind),
                "allocation": list(taken.items()) or False,
                "expiry_date": points > 0
                and expiry_date(day, card.program_id.expiry_months),
                **values,
            }
        )
        card._settle_debts()
        if move_balance:
            card.points = round(card.points + points, 2)
        return entry.with_env(self.env).sudo()

    def _describe(self, kind):
        """Return the text of an entry that was booked without one."""
        labels = dict(
            self.env["loyalty.history"]._fields["kind"]._description_selection(self.env)
        )
        return labels[kind]

    def _take_off(self, taken):
        """Take points off what is left of entries; below zero gives back."""
        entries = self.env["loyalty.history"].sudo().browse(taken)
        for entry in entries.with_context(loyalty_ledger_booking=True):
            entry.remaining = round(entry.remaining - taken[entry.id], 2)

    def _settle_debts(self):
        """Let what came in pay for what was clawed back before."""
        entries = self._open_entries()
        owing = entries.filtered(lambda entry: entry.remaining < 0)
        if not owing or owing == entries:
            return
        debts = [(entry.id, -entry.remaining) for entry in owing]
        changes = settle_debts(_lots(entries - owing), debts)
        for entry in owing & entries.browse(changes):
            changes[entry.id] = -changes[entry.id]
        self._take_off(changes)

    def _take_back_spending(self, order_model, order_id, points=None, **values):
        """Give back what a document spent, to the very points it took.

        :param float points: how many, all of them without it
        :return: the entry, empty where the document had spent nothing
        """
        self.ensure_one()
        self._lock_points()
        # sudo: see _open_entries.
        spendings = (
            self.env["loyalty.history"]
            .sudo()
            .search(
                [
                    ("card_id", "=", self.id),
                    ("order_model", "=", order_model),
                    ("order_id", "=", order_id),
                    ("kind", "in", ("spend", "unspend")),
                ],
                order="id",
            )
        )
        spent = -sum(spendings.mapped("points"))
        points = spent if points is None else points
        if to_units(points) > to_units(spent):
            raise UserError(
                self.env._(
                    "%(card)s: the document gave %(spent)s points for rewards, so "
                    "%(points)s can't be given back.",
                    card=self.display_name,
                    spent=round(spent, 2),
                    points=round(points, 2),
                )
            )
        if to_units(points) <= 0:
            return spendings.browse()
        allocations = [
            (lot_id, taken)
            for entry in spendings
            for lot_id, taken in entry.allocation or []
        ]
        back = restore(allocations, points)
        self._take_off({lot_id: -given for lot_id, given in back.items()})
        card = self.sudo().with_context(loyalty_ledger_booking=True)
        # Nothing remains on the entry itself: the points are where they were before.
        entry = card.env["loyalty.history"].create(
            {
                "card_id": card.id,
                "kind": "unspend",
                "issued": round(points, 2),
                "remaining": round(points - sum(back.values()), 2),
                "description": card._describe("unspend"),
                "allocation": [[lot_id, -given] for lot_id, given in back.items()],
                "origin_id": spendings.filtered(lambda e: e.kind == "spend")[-1:].id,
                "order_model": order_model,
                "order_id": order_id,
                **values,
            }
        )
        card._settle_debts()
        card.points = round(card.points + points, 2)
        return entry

    def _book_opening_balance(self):
        """Take balances from the time before the ledger into it, as one entry each."""
        cards = self.sudo().with_context(loyalty_ledger_booking=True)
        cards.history_ids.write({"remaining": 0, "is_open": False})
        cards.env.flush_all()
        today = fields.Date.context_today(cards)
        cards.env["loyalty.history"].create(
            [
                {
                    "card_id": card.id,
                    "kind": "correction",
                    "date": today,
                    "issued": max(round(card.points - card.ledger_points, 2), 0.0),
                    "used": max(round(card.ledger_points - card.points, 2), 0.0),
                    "remaining": card.points,
                    "expiry_date": card.points > 0
                    and expiry_date(today, card.program_id.expiry_months),
                    "description": self.env._("Balance when the ledger was opened"),
                }
                for card in cards
                if card.points or card.ledger_points
            ]
        )

    def _raise_too_few_points(self, wanted):
        self.ensure_one()
        raise UserError(
            self.env._(
                "%(customer)s has %(balance)s on the card of “%(program)s”, and "
                "%(wanted)s are to be spent. Points may have been spent on another "
                "order in the meantime, or have expired: update the rewards and try "
                "again.",
                customer=self.partner_id.display_name or self.code,
                balance=self._format_points(self.points),
                program=self.program_id.name,
                wanted=self._format_points(wanted),
            )
        )

    @api.model
    def _find_ledger_differences(self):
        """Return the cards whose balance isn't the sum of the ledger.

        :return: recordset (sudo); compares what remains of the entries as well
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT card.id
                  FROM loyalty_card card
             LEFT JOIN loyalty_history entry ON entry.card_id = card.id
                 WHERE card.is_point_ledger
              GROUP BY card.id
                HAVING ABS(COALESCE(card.points, 0)
                           - COALESCE(SUM(entry.points), 0)) >= 0.005
                    OR ABS(COALESCE(card.points, 0)
                           - COALESCE(SUM(entry.remaining), 0)) >= 0.005
                """
            )
        )
        # sudo: whoever checks the books wants all of them; the action is a director's.
        return self.sudo().browse([row[0] for row in rows])

    @api.model
    def action_check_ledger(self):
        """List the cards whose balance differs from their ledger; changes nothing."""
        differing = self._find_ledger_differences()
        if not differing:
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "type": "success",
                    "message": self.env._(
                        "Every balance is the sum of its ledger entries."
                    ),
                },
            }
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_management.loyalty_card_action_ledger"
        )
        action["name"] = self.env._("Cards That Differ From Their Ledger")
        action["domain"] = [("id", "in", differing.ids)]
        action["context"] = {}
        return action


def _lots(entries):
    """Return entries with something left as lots for the point rules."""
    return [
        Lot(entry.id, entry.date, entry.expiry_date or None, entry.remaining)
        for entry in entries
        if entry.remaining > 0
    ]
