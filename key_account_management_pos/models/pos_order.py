# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models

from odoo.addons.key_account_management.models.loyalty.ledger_flow import ledger_flow


class PosOrder(models.Model):
    """Points at the till: core writes the balance and a line, the ledger books once."""

    _inherit = "pos.order"

    def confirm_coupon_programs(self, coupon_data):
        self.ensure_one()
        data = self._choose_points(coupon_data)
        with ledger_flow(self):
            return super().confirm_coupon_programs(data)

    def _choose_points(self, coupon_data):
        """Return the changes of points that count, on the card that counts.

        The till doesn't know who takes part by now, nor that a company has one card for
        all its contacts. Points that come with an invoice don't come with the receipt.

        :param dict coupon_data: id of the card -> its change, as the till sends it
        """
        account = self._get_key_account()
        chosen = {}
        for key, change in coupon_data.items():
            # sudo: cashiers needn't read programs.
            program = self.env["loyalty.program"].sudo().browse(change["program_id"])
            if not program.key_account_ledger:
                chosen[key] = change
                continue
            is_earned = change.get("points", 0) > 0
            if is_earned and (
                program.accrual_moment != "order_confirmed"
                or not program._admits(account, account.tier_id)
            ):
                continue
            holder = program._get_holder(self.partner_id, account)
            chosen[key] = {**change, "partner_id": holder.id}
        return chosen

    def _get_key_account(self):
        """Return the key account that the order counts for (sudo)."""
        self.ensure_one()
        KeyAccount = self.env["key.account"]
        accounts = KeyAccount._get_by_partner(self.partner_id, self.company_id)
        return KeyAccount.sudo().union(*accounts.values())

    def _point_source(self):
        """Return the values by which entries of the ledger name this order."""
        self.ensure_one()
        return {
            "order_model": self._name,
            "order_id": self.id,
            "key_account_id": self._get_key_account().id,
            "description": self.env._("Till: %s", self.display_name),
        }

    def _book_card_change(self, card, points):
        """Book what the order earned less what it spent on a card.

        :param card: ``loyalty.card`` with a ledger
        :param float points: above zero are earned
        """
        source = self._point_source()
        if points > 0:
            card._book(points, "earn", **source)
        else:
            # Goods that come back take their points back, spent or not.
            is_return = self.amount_total < 0
            card._book(points, "claw_back" if is_return else "spend", **source)
