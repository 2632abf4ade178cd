# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    _inherit = "res.company"

    key_account_order_check = fields.Selection(
        [
            ("none", "Nothing"),
            ("warning", "A Warning"),
            ("block", "Hold the Order until a Director Releases It"),
        ],
        string="Order over the Limit or Overdue",
        default="warning",
        required=True,
        help="What happens when an order takes a key account over its credit limit, or "
        "when the customer has been overdue for too long.",
    )
    key_account_overdue_days = fields.Integer(
        string="Tolerated Days Overdue",
        default=30,
        help="Invoices that are overdue by more days than this count when an order is "
        "confirmed.",
    )
    key_account_reliable_score = fields.Float(
        string="Reliable from",
        default=70.0,
        help="From this score on, an assessment rates a customer as reliable.",
    )
    key_account_unreliable_score = fields.Float(
        string="Not Reliable below",
        default=40.0,
        help="Below this score, an assessment rates a customer as not reliable.",
    )
    key_account_unreliable_check = fields.Selection(
        [
            ("none", "Nothing"),
            ("warning", "A Warning"),
            ("block", "Hold the Order until a Director Releases It"),
        ],
        string="Order of a Customer Who Isn't Reliable",
        default="warning",
        required=True,
        help="What happens when a key account orders whose valid assessment says “Not "
        "Reliable”.",
    )
    key_account_unreliable_term_id = fields.Many2one(
        "account.payment.term",
        string="Payment Terms of Customers Who Aren't Reliable",
        ondelete="set null",
        help="For example payment in advance: new orders of such a key account get "
        "these terms, whatever its own terms are.",
    )
    key_account_margin_floor = fields.Float(
        string="Margin Floor (%)",
        help="Order lines of key accounts below this margin need a release. 0: no "
        "floor. A price list can have its own floor.",
    )
    key_account_floor_tolerance = fields.Float(
        string="Tolerance below the Floor",
        default=5.0,
        help="Users with access to all accounts can release orders up to this many "
        "percentage points below the floor; beyond that a director must.",
    )
    key_account_release_days = fields.Integer(
        string="Release Valid for (Days)",
        default=30,
        help="After this many days a released order is held again.",
    )

    _key_account_floor = models.Constraint(
        "CHECK (key_account_margin_floor BETWEEN 0 AND 100)",
        "A margin floor is between 0 and 100 %.",
    )

    @api.constrains(
        "key_account_overdue_days",
        "key_account_reliable_score",
        "key_account_unreliable_score",
    )
    def _check_key_account_settings(self):
        for company in self:
            if company.key_account_overdue_days < 0:
                raise ValidationError(
                    self.env._("The tolerated days overdue can't be negative.")
                )
            if not (
                0
                <= company.key_account_unreliable_score
                <= company.key_account_reliable_score
                <= 100
            ):
                raise ValidationError(
                    self.env._(
                        "“Not Reliable below” and “Reliable from” are scores from 0 to "
                        "100, and the first can't be above the second."
                    )
                )
