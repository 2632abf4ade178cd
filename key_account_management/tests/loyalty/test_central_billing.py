# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tests import tagged

from .common import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestCentralBilling(LoyaltyCommon):
    """Points are promised and booked to the account that orders, not to who pays."""

    def sell(self, partner, payer):
        order = self.order(1, partner=partner, partner_invoice_id=payer.id)
        promised = order.sudo().coupon_point_ids.coupon_id
        points = order.key_account_points
        order.action_confirm()
        order.order_line.qty_delivered = 1
        order._create_invoices().action_post()
        return promised, points

    def test_promised_and_booked(self):
        """The parent pays for its subsidiary, a factor for anybody."""
        self.make_account(self.rheintal, tier_id=self.gold.id)
        self.make_account(self.rheintal_sued, tier_id=self.gold.id)
        factor = self.make_customer("Factoring Bank AG")
        for moment in ("order_confirmed", "invoice_posted"):
            self.program.accrual_moment = moment
            for partner, payer, holder in (
                (self.rheintal_sued, self.rheintal, self.rheintal_sued),
                (self.nordwind, factor, self.nordwind),
                (self.rheintal_lager, self.rheintal_lager, self.rheintal_sued),
                (self.bergmann, self.rheintal, self.rheintal),
            ):
                before = self.card(holder).points
                promised, points = self.sell(partner, payer)
                self.assertEqual(promised, self.card(holder))
                self.assertSound(promised, before + points)
        self.assertFalse(self.card(factor) | self.card(self.rheintal_lager))
