# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models
from odoo.exceptions import AccessError

from ..hold.reward_flow import are_rewards_given
from .points_rules import to_units


class SaleOrderCouponPoints(models.Model):
    """What an order earns on a card with a ledger is counted, never typed."""

    _inherit = "sale.order.coupon.points"

    @api.model_create_multi
    def create(self, vals_list):
        entries = super().create(vals_list)
        entries._refuse_typed_points()
        return entries

    def write(self, vals):
        result = super().write(vals)
        self._refuse_typed_points()
        return result

    def _refuse_typed_points(self):
        """Refuse points that a client notes for an order.

        :raise AccessError: for cards with a ledger
        """
        if self.env.su or are_rewards_given():
            return
        # sudo: to look at the program alone.
        if any(
            to_units(entry.points) and entry.coupon_id.key_account_ledger
            for entry in self.sudo()
        ):
            raise AccessError(
                self.env._(
                    "The points of an order follow from its lines and the program, so "
                    "they can't be entered."
                )
            )
