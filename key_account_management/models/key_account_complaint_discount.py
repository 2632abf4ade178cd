# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

#: How long the customer may wait with the order on which the discount is taken.
VALID_MONTHS = 12


class ResCompany(models.Model):
    _inherit = "res.company"

    key_account_complaint_program_id = fields.Many2one(
        "loyalty.program",
        string="Coupons for Complaints",
        copy=False,
        ondelete="set null",
        help="Made with the first discount that is granted for a complaint.",
    )

    def _get_complaint_program(self):
        """Return the coupons by which complaints are made good; made on first use.

        Core's own: each point on a coupon takes off one unit of currency, what isn't
        used up stays on it.
        """
        self.ensure_one()
        if not self.key_account_complaint_program_id:
            self.key_account_complaint_program_id = self.env["loyalty.program"].create(
                {
                    "name": self.env._("Goodwill for complaints"),
                    "program_type": "coupons",
                    "applies_on": "current",
                    "trigger": "with_code",
                    "company_id": self.id,
                    "currency_id": self.currency_id.id,
                    "portal_point_name": self.currency_id.symbol,
                    "rule_ids": [Command.clear()],
                    "reward_ids": [
                        Command.clear(),
                        Command.create(
                            {
                                "reward_type": "discount",
                                "discount_mode": "per_point",
                                "discount": 1,
                                "discount_applicability": "order",
                                "required_points": 1,
                                "description": self.env._("Goodwill"),
                            }
                        ),
                    ],
                }
            )
        return self.key_account_complaint_program_id


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    key_account_complaint_id = fields.Many2one(
        "key.account.complaint",
        string="Made Good for Complaint",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )


class KeyAccountComplaint(models.Model):
    """The discount on the next order, as a coupon of core's."""

    _inherit = "key.account.complaint"

    discount_card_ids = fields.One2many(
        "loyalty.card", "key_account_complaint_id", string="Coupons", copy=False
    )
    discount_card_id = fields.Many2one(
        "loyalty.card",
        string="Coupon",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Its code takes the discount off the customer's next order.",
    )
    discount_cost = fields.Monetary(
        string="Discount Granted",
        readonly=True,
        copy=False,
        help="On the customer's next orders, in company currency.",
    )

    @api.depends("discount_cost")
    def _compute_cost(self):
        result = super()._compute_cost()
        for complaint in self:
            complaint.cost += complaint.discount_cost
        return result

    def _grant_discount(self, amount):
        """Give the customer a coupon for his next orders.

        :param float amount: in company currency, with taxes
        :return: the ``loyalty.card``
        :raise UserError: where it is nothing, or more than what is complained about
        """
        self.ensure_one()
        currency = self.currency_id
        if currency.compare_amounts(amount, 0.0) <= 0:
            raise UserError(self.env._("Enter the discount that the customer gets."))
        limit = self._get_discount_limit()
        granted = self.discount_cost + amount
        if currency.compare_amounts(granted, limit) > 0:
            raise UserError(
                self.env._(
                    "The discount can't be above what the complaint is about, "
                    "%(limit)s (its invoice or order, else the claimed amount). "
                    "Name the invoice on the complaint, or lower the discount.",
                    limit=currency.format(limit),
                )
            )
        # sudo: coupons are marketing's; who settles the complaint may give this one.
        program = self.company_id.sudo()._get_complaint_program()
        card = program.env["loyalty.card"].create(
            {
                "program_id": program.id,
                "partner_id": self.commercial_partner_id.id,
                "points": amount,
                "expiration_date": fields.Date.context_today(self)
                + relativedelta(months=VALID_MONTHS),
                "key_account_complaint_id": self.id,
            }
        )
        self.sudo().discount_cost = granted
        self._message_log(
            body=self.env._(
                "Discount of %(amount)s on the next order granted, code %(code)s.",
                amount=currency.format(amount),
                code=card.code,
            )
        )
        return card

    def _get_discount_limit(self):
        """Return what a discount can't exceed, in company currency."""
        # sudo: the total of the complaint's own documents.
        complaint = self.sudo()
        today = fields.Date.context_today(self)
        source = complaint.move_id or complaint.order_id
        if not source:
            return complaint.claimed_amount
        return source.currency_id._convert(
            source.amount_total, complaint.currency_id, complaint.company_id, today
        )

    def _withdraw_discounts(self):
        """Take back coupons that nobody has used: the complaint was none."""
        # sudo: as above.
        cards = self.sudo().discount_card_ids
        cards.filtered(lambda card: not card.use_count).active = False
        for complaint in self.filtered("discount_cost"):
            kept = complaint.sudo().discount_card_ids.filtered("active")
            complaint.sudo().discount_cost = sum(kept.mapped("points"))
