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
        help="What happens when an order of a key account goes over its credit limit, "
        "or the customer is overdue for too long.",
    )
    key_account_overdue_days = fields.Integer(
        string="Tolerated Days Overdue",
        default=30,
        help="Invoices overdue by more days count when an order is confirmed.",
    )
    key_account_reliable_score = fields.Float(
        string="Reliable from",
        default=70.0,
        help="Score from which on an assessment says that a customer is reliable.",
    )
    key_account_unreliable_score = fields.Float(
        string="Not Reliable below",
        default=40.0,
        help="Score below which an assessment says that a customer is not reliable.",
    )
    key_account_margin_floor = fields.Float(
        string="Margin Floor (%)",
        help="Lines of key accounts below need a release. Price lists may have a floor "
        "of their own. 0: none.",
    )
    key_account_floor_tolerance = fields.Float(
        string="Tolerance below the Floor",
        default=5.0,
        help="Up to so many points below the floor, who cares for all accounts may "
        "release; beyond, a director.",
    )
    key_account_release_days = fields.Integer(
        string="Release Holds for (Days)",
        default=30,
        help="After so many days an order that was released is held again.",
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
                        "“Not reliable below” and “reliable from” are scores from 0 to "
                        "100, the first not above the second."
                    )
                )
