# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

#: How long the customer may wait with the order on which the discount is taken.
VALID_MONTHS = 12


class KeyAccountComplaint(models.Model):
    """How a complaint is settled, and what it costs."""

    _inherit = "key.account.complaint"

    resolution_type = fields.Selection(
        [
            ("credit", "Credit Note"),
            ("replacement", "Replacement"),
            ("repair", "Repair"),
            ("discount", "Discount"),
            ("explanation", "Explanation or Apology"),
            ("rejected", "Rejected"),
        ],
        string="Resolution",
        copy=False,
        tracking=True,
    )
    resolution_note = fields.Html(copy=False)
    rejection_reason = fields.Text(copy=False, tracking=True)
    refund_move_ids = fields.One2many(
        "account.move", "key_account_complaint_id", string="Credit Notes"
    )
    refund_move_id = fields.Many2one(
        "account.move",
        string="Credit Note",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The last one.",
    )
    replacement_order_ids = fields.One2many(
        "sale.order", "key_account_complaint_id", string="Replacement Orders"
    )
    replacement_order_id = fields.Many2one(
        "sale.order",
        string="Replacement Order",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The last one.",
    )
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
    extra_cost = fields.Monetary(
        copy=False,
        tracking=True,
        help="Freight, handling, travel and the like, in company currency.",
    )
    credit_cost = fields.Monetary(
        compute="_compute_cost",
        store=True,
        compute_sudo=True,
        help="Credit notes without taxes.",
    )
    replacement_cost = fields.Monetary(
        compute="_compute_cost",
        store=True,
        compute_sudo=True,
        help="What the goods of replacement orders cost us.",
    )
    cost = fields.Monetary(
        string="Cost of the Complaint",
        compute="_compute_cost",
        store=True,
        compute_sudo=True,
    )

    @api.depends(
        "extra_cost",
        "discount_cost",
        "refund_move_ids.state",
        "refund_move_ids.amount_untaxed_signed",
        "replacement_order_ids.state",
        "replacement_order_ids.amount_untaxed",
        "replacement_order_ids.margin",
    )
    def _compute_cost(self):
        for complaint in self:
            refunds = complaint.refund_move_ids.filtered(
                lambda move: move.state != "cancel"
            )
            orders = complaint.replacement_order_ids.filtered(
                lambda order: order.state != "cancel"
            )
            currency = complaint.currency_id
            complaint.credit_cost = -sum(refunds.mapped("amount_untaxed_signed"))
            # The order's own figures, not its lines': those would look for complaints
            # with each line of any order.
            complaint.replacement_cost = sum(
                currency.round(
                    (order.amount_untaxed - order.margin) / (order.currency_rate or 1.0)
                )
                for order in orders
            )
            complaint.cost = (
                complaint.credit_cost
                + complaint.replacement_cost
                + complaint.extra_cost
                + complaint.discount_cost
            )

    def action_resolve(self):
        """Open the dialog in which the complaint is settled."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Resolve %s", self.name),
            "res_model": "key.account.complaint.resolve",
            "view_mode": "form",
            "target": "new",
            "context": {"default_complaint_id": self.id},
        }

    def action_view_refunds(self):
        """Open the credit notes of the complaint."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_out_refund_type"
        )
        action["domain"] = [("key_account_complaint_id", "=", self.id)]
        action["context"] = {"create": False}
        return action

    def action_view_replacements(self):
        """Open the replacement orders of the complaint."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sale.action_quotations")
        action["domain"] = [("key_account_complaint_id", "=", self.id)]
        action["context"] = {"create": False}
        return action

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
