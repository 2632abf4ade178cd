# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Datetime
from odoo.tools.date_utils import subtract

#: What says whose points they are, and how long they can be spent.
HOLDING = ("partner_id", "program_id", "active", "expiration_date")
#: Kinds of entries that users make.
BY_HAND = ("gift", "correction")


class LoyaltyCardByHand(models.AbstractModel):
    """Who moves points by hand: it is money, and goes by the roles that give it."""

    _name = "loyalty.card.by.hand"
    _description = "Loyalty Points Moved by Hand"

    def _get_points_worth(self, points):
        """Return what points of the card are worth, in company currency.

        A point counts as a unit of the currency where the program pays nothing out.

        :param float points: of either sign
        """
        self.ensure_one()
        # sudo: the program's value of a point is no secret.
        card = self.sudo()
        company = card.company_id or self.env.company
        program = card.program_id
        worth = abs(points) * (program.key_account_settlement_value or 1.0)
        return program.currency_id._convert(
            worth,
            company.currency_id,
            company,
            company._get_key_account_today(),
        )

    def _get_points_by_hand(self):
        """Return how many points the user moved by hand on the card in a year."""
        self.ensure_one()
        # sudo: the user's own entries, whatever else of the ledger is open to them.
        History = self.env["loyalty.history"].sudo()
        own = [
            ("card_id", "=", self.id),
            ("create_uid", "=", self.env.uid),
            ("create_date", ">=", subtract(Datetime.now(), years=1)),
            ("key_account_kind", "in", BY_HAND),
        ]
        [(issued, used)] = History._read_group(own, [], ["issued:sum", "used:sum"])
        return (issued or 0.0) + (used or 0.0)

    def _check_points_by_hand(self, points):
        """Refuse to move more points than the user's role gives away in a year.

        :param float points: of either sign
        :raise AccessError: says who can do it
        """
        user = self.env.user
        if self.env.su or user._is_superuser():
            return
        for card in self:
            company = card.sudo().company_id or self.env.company  # sudo: its company
            worth = card._get_points_worth(abs(points) + card._get_points_by_hand())
            groups = company._key_account_money_groups(worth)
            if not any(map(user.has_group, groups)):
                raise AccessError(
                    self.env._(
                        "Points are money: %(worth)s by hand on “%(card)s” within a "
                        "year is more than your role can give or take. Ask a director "
                        "of key accounts.",
                        worth=company.currency_id.format(worth),
                        card=card.display_name,
                    )
                )

    def _check_holding(self, vals):
        """Refuse to take points from their holder, or to move them to another.

        :param dict vals: that are to be written
        :raise AccessError: where the user's role isn't enough for the balance
        :raise UserError: where the card has points of another program in its ledger
        """
        changed = self.filtered(
            lambda card: card.key_account_ledger
            and any(
                (card[name].id if name.endswith("_id") else card[name] or False)
                != (vals[name] or False)
                for name in HOLDING
                if name in vals
            )
        )
        if "program_id" in vals and changed.history_ids:
            raise UserError(
                self.env._(
                    "A card with points in the ledger stays in its program. Correct "
                    "the balance, and give the points in the other program."
                )
            )
        for card in changed:
            card._check_points_by_hand(card.points)

    def _check_spent_by(self, order):
        """Refuse to spend the points of another customer.

        :param order: ``sale.order`` with the reward
        :raise UserError: names the card
        """
        # sudo: the card belongs to the company, and all its contacts order with it.
        sale = order.sudo()
        for card in self.sudo().filtered("key_account_ledger"):
            own = card.program_id._get_card(sale.partner_id, sale.key_account_id)
            if card != own:
                raise UserError(
                    self.env._(
                        "The points of “%(card)s” aren't those of %(customer)s. Update "
                        "the rewards of the order.",
                        card=card.display_name,
                        customer=sale.partner_id.display_name,
                    )
                )
