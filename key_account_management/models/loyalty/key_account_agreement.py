# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models


class KeyAccountAgreement(models.Model):
    """What the referral clause promises."""

    _inherit = "key.account.agreement"

    referral_reward_type = fields.Selection(
        [("points", "Points"), ("credit", "Credit Note")],
        default="points",
        string="Reward for a Referral",
    )
    referral_program_id = fields.Many2one(
        "loyalty.program",
        string="Points In",
        domain="[('key_account_ledger', '=', True), "
        "('company_id', 'in', [False, company_id])]",
        check_company=True,
        ondelete="restrict",
    )
    referral_points = fields.Float(string="Points for Each New Customer")
    referral_amount = fields.Monetary(string="Amount for Each New Customer")

    _referral_not_negative = models.Constraint(
        "CHECK (COALESCE(referral_points, 0) >= 0 "
        "AND COALESCE(referral_amount, 0) >= 0)",
        "The reward for a referral can't be negative.",
    )

    def _approval_terms(self):
        terms = super()._approval_terms()
        if self.has_referral_clause:
            terms["referral_points"] = [
                self.env._("Points for a referral"),
                self.referral_points,
                "higher",
            ]
            terms["referral_amount"] = [
                self.env._("Amount for a referral"),
                self.referral_amount,
                "higher",
            ]
        return terms

    def _decision_groups(self):
        """What a referral is worth is money that the agreement gives away."""
        groups = super()._decision_groups()
        if not self.has_referral_clause:
            return groups
        # sudo: the program's value of a point counts for every user.
        value = self.sudo().referral_program_id.key_account_settlement_value or 1.0
        is_credit = self.referral_reward_type == "credit"
        worth = self.referral_amount if is_credit else self.referral_points * value
        company = self.company_id or self.env.company
        money = company._key_account_money_groups(worth)
        return [group for group in groups if group in money]

    @api.model
    def _agreed_fields(self):
        return super()._agreed_fields() | {
            "referral_reward_type",
            "referral_program_id",
            "referral_points",
            "referral_amount",
        }
