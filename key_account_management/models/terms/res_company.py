# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.groups import ALL_ACCOUNTS, COMPLAINT, DIRECTOR, USER


class ResCompany(models.Model):
    _inherit = "res.company"

    key_account_discount_limit_user = fields.Float(
        string="Discount Approved by Account Managers (%)",
        default=5.0,
        help="Account managers can approve special price lists up to this discount.",
    )
    key_account_discount_limit_all = fields.Float(
        string="Discount Approved by Users of All Accounts (%)",
        default=15.0,
        help="Beyond this discount, a director must approve special price lists.",
    )
    key_account_credit_limit_user = fields.Monetary(
        string="Credit Limit Granted by Account Managers",
        help="Account managers can grant the limit of the tier or of the group, or "
        "this one where it is higher.",
    )
    key_account_credit_limit_all = fields.Monetary(
        string="Credit Limit Granted by Users of All Accounts",
        default=50000.0,
        help="Above this limit, a director must approve it.",
    )
    key_account_money_limit_user = fields.Monetary(
        string="Money Given by Account Managers",
        default=500.0,
        help="Account managers and complaint handlers decide on rewards and goodwill "
        "up to this amount. Above it, a second person decides.",
    )
    key_account_money_limit_all = fields.Monetary(
        string="Money Given by Users of All Accounts",
        default=5000.0,
        help="Above this amount, a director must decide on rewards and goodwill.",
    )

    @api.constrains("key_account_money_limit_user", "key_account_money_limit_all")
    def _check_key_account_money_limits(self):
        for company in self:
            if (
                company.key_account_money_limit_user < 0
                or company.key_account_money_limit_all < 0
            ):
                raise ValidationError(
                    self.env._("The amounts that a role decides on can't be negative.")
                )

    def _key_account_money_groups(self, amount):
        """Return the roles that can decide on giving an amount away.

        :param float amount: in company currency
        :return: list of XML ids of groups, directors first
        """
        self.ensure_one()
        # sudo: how much a role decides on is no secret.
        company = self.sudo()
        compare = company.currency_id.compare_amounts
        groups = [DIRECTOR]
        if compare(amount, company.key_account_money_limit_all) <= 0:
            groups.append(ALL_ACCOUNTS)
        if compare(amount, company.key_account_money_limit_user) <= 0:
            groups += [USER, COMPLAINT]
        return groups
