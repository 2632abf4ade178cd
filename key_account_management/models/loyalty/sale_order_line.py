# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models
from odoo.exceptions import AccessError

from ..hold.reward_flow import are_rewards_given
from .ledger_flow import current_flow, ledger_flow

#: What core's programs write on the line of a reward.
SPENDING = ("coupon_id", "points_cost", "reward_id")


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"
    # A reward comes from its program.
    _without_default = SPENDING

    @api.model_create_multi
    def create(self, vals_list):
        if not self._has_point_ledgers() or not any(
            vals.get("points_cost") or vals.get("coupon_id") for vals in vals_list
        ):
            return super().create(vals_list)
        cards = [vals["coupon_id"] for vals in vals_list if vals.get("coupon_id")]
        self._refuse_typed_spending(self.env["loyalty.card"].browse(cards))
        vals_list = self._complete_order(vals_list)
        lines = self.browse()
        # One by one: a reward that is added to a confirmed order books at once.
        for vals in vals_list:
            order = self.env["sale.order"].browse(vals.get("order_id"))
            with self._booked_for(order if vals.get("coupon_id") else order.browse()):
                lines += super().create([vals])
        return lines

    def write(self, vals):
        if vals.keys().isdisjoint(SPENDING) or not self._has_point_ledgers():
            return super().write(vals)
        cards = self.coupon_id | self.coupon_id.browse(vals.get("coupon_id") or [])
        self._refuse_typed_spending(cards)
        if "points_cost" not in vals:
            return super().write(vals)
        for order, lines in self.grouped("order_id").items():
            with self._booked_for(order):
                super(SaleOrderLine, lines).write(vals)
        return True

    def unlink(self):
        if not self._has_point_ledgers() or not any(
            line.points_cost and line.state == "sale" for line in self
        ):
            return super().unlink()
        for order, lines in self.grouped("order_id").items():
            with self._booked_for(order):
                super(SaleOrderLine, lines).unlink()
        return True

    def copy_data(self, default=None):
        # A copy spends nothing: its order offers the reward again.
        return [
            {name: vals[name] for name in vals if name not in SPENDING[:2]}
            if line.coupon_id.sudo().key_account_ledger  # sudo: to look at the program
            else vals
            for line, vals in zip(self, super().copy_data(default), strict=True)
        ]

    @api.model
    def _refuse_typed_spending(self, cards):
        """Refuse points that a client spends: the reward says how many, and whose.

        :param cards: ``loyalty.card`` on the lines before or after
        :raise AccessError: for cards with a ledger
        """
        if self.env.su or are_rewards_given():
            return
        # sudo: to look at the program alone.
        if any(card.sudo().key_account_ledger for card in cards):
            raise AccessError(
                self.env._(
                    "Points are spent by choosing a reward (button “Reward” of the "
                    "order), not by an entry on the line."
                )
            )

    @api.model
    def _has_point_ledgers(self):
        return bool(self.env["loyalty.program"]._get_point_ledger_ids())

    def _booked_for(self, order):
        """Tell the card which order a change of its balance comes from."""
        Program = self.env["loyalty.program"]
        is_ours = order.state == "sale" and Program._get_point_ledger_ids(
            order.company_id.id
        )
        return ledger_flow(order if is_ours else current_flow())
