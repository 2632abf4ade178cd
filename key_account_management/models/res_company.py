# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import datetime, time

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    _inherit = "res.company"

    key_account_risk_score = fields.Float(
        string="At Risk Below",
        default=40.0,
        help="Key accounts with a lower health score are set at risk.",
    )

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
    key_account_discount_limit_user = fields.Float(
        string="Discount Approved by Account Managers (%)",
        default=5.0,
        help="Special price lists of own accounts up to this discount.",
    )
    key_account_discount_limit_all = fields.Float(
        string="Discount Approved by Users of All Accounts (%)",
        default=15.0,
        help="Beyond, a director approves special price lists.",
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

    def _get_key_account_tz(self):
        """Return the name of the time zone in which the company's days begin."""
        self.ensure_one()
        return self.resource_calendar_id.tz or self.partner_id.tz or "UTC"

    def _to_key_account_time(self, moment):
        """Return a moment of the database as the company's clocks show it."""
        return fields.Datetime.context_timestamp(
            self.with_context(tz=self._get_key_account_tz()), moment
        )


def start_of_day(day, tz):
    """Return the first moment of a day in a time zone, in UTC as the database has it.

    :param date day:
    :param str tz: name of the zone
    """
    midnight = pytz.timezone(tz).localize(datetime.combine(day, time.min))
    return midnight.astimezone(pytz.utc).replace(tzinfo=None)
