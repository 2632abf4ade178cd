# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import Command, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    key_account_complaint_program_id = fields.Many2one(
        "loyalty.program",
        string="Coupons for Complaints",
        copy=False,
        ondelete="set null",
        help="Created with the first discount that is granted for a complaint.",
    )
    key_account_complaint_response_hours = fields.Float(
        string="Complaint Response (h)",
        default=8.0,
        help="Working hours until a complaint is answered, unless the tier says "
        "otherwise.",
    )
    key_account_complaint_resolution_hours = fields.Float(
        string="Complaint Resolution (h)",
        default=40.0,
        help="Working hours until a complaint is resolved, unless the tier says "
        "otherwise.",
    )
    key_account_complaint_check_days = fields.Integer(
        string="Effectiveness Check after (Days)", default=30
    )

    def _get_key_account_complaint_program(self):
        """Return the program of coupons for complaints, created on first use.

        Each point on a coupon takes one unit of currency off; the rest stays on it.
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
