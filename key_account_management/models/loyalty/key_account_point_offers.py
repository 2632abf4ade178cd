# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models
from odoo.exceptions import UserError


class KeyAccountPointOffers(models.AbstractModel):
    """The rewards that a customer can take for points on an order."""

    _name = "key.account.point.offers"
    _description = "Rewards for Points on an Order"

    def _get_point_offers(self, user=None):
        """Return the rewards that the customer can take for points now.

        :param user: who sees them on the portal, where the order itself is sudo
        :return: list of (card, reward), both sudo; empty once the order is confirmed,
            and for contacts whose role on the portal leaves points out
        """
        self.ensure_one()
        if (
            user
            and user._is_portal()
            and "points" not in user.partner_id._get_key_account_topics()
        ):
            return []
        order = self.sudo()  # sudo: portal users see the offers, not the cards
        cards = self.env["loyalty.card"].sudo()
        if order.state in ("draft", "sent") and not order.signed_on:
            for program in order._get_point_programs():
                cards |= program._get_card(order.partner_id, order.key_account_id)
        cards = cards.filtered(lambda card: card.points > 0)
        if not cards:
            return []
        claimable = order._get_claimable_rewards(forced_coupons=cards)
        return [
            (card, reward)
            for card, rewards in claimable.items()
            for reward in rewards
            if not reward.multi_product and reward not in order.order_line.reward_id
        ]

    def _redeem_points(self, reward_id, user):
        """Put a reward on the quotation, as the customer asked for on the portal.

        :param int reward_id: ``loyalty.reward``
        :param user: who asked
        :raise UserError: where it is no longer available
        """
        self.ensure_one()
        order = self.sudo()  # see _get_point_offers
        order._update_programs_and_rewards()
        for card, reward in order._get_point_offers(user):
            if reward.id == reward_id:
                order._apply_program_reward(reward, card)
                order._update_programs_and_rewards()
                order.message_post(
                    body=self.env._(
                        "The customer took the reward “%s” on the portal.",
                        reward.description,
                    )
                )
                return
        raise UserError(
            self.env._("There are no longer enough points for this reward.")
        )
