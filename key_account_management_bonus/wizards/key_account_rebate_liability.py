# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dateutil.relativedelta import relativedelta

from odoo import Command, fields, models
from odoo.exceptions import UserError

from odoo.addons.key_account_management.models.agreement.key_account_agreement_lifecycle import (  # noqa: E501
    IN_FORCE,
)


class KeyAccountRebateLiability(models.TransientModel):
    """What is owed of all bonuses on a day."""

    _name = "key.account.rebate.liability"
    _description = "Bonus Liability"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        readonly=True,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    day = fields.Date(
        required=True,
        default=lambda self: self.env.company._get_key_account_today(),
    )
    line_ids = fields.One2many(
        "key.account.rebate.liability.line", "liability_id", string="Lines"
    )

    def action_show(self):
        """Work out the list: what the user's bonuses come to on the day."""
        self.ensure_one()
        rebates = self.env["key.account.rebate"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "in", IN_FORCE),
                ("date_start", "<=", self.day),
            ]
        )
        # sudo: of bonuses that the user can read, as all of their documents say.
        rebates = rebates.sudo()
        owed = self.env["key.account.rebate.accrual"]._get_owed(rebates, self.day)
        self.line_ids = [
            Command.clear(),
            *(
                Command.create(
                    {"rebate_id": rebate.id, "amount": float(sum(cells.values()))}
                )
                for rebate, cells in owed.items()
                if any(cells.values())
            ),
        ]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Bonus Liability"),
            "res_model": "key.account.rebate.liability.line",
            "view_mode": "list,pivot",
            "domain": [("liability_id", "=", self.id)],
        }

    def action_accrue(self):
        """Book what is owed at the end of the month, as far as it isn't booked.

        :raise AccessError: for users who can't write journal entries
        :raise UserError: for a day that isn't the last one of a month, for a locked
            month, and where nothing is to be booked
        """
        self.ensure_one()
        self.env["account.move"].check_access("create")
        if (self.day + relativedelta(days=1)).day != 1:
            raise UserError(self.env._("Choose the last day of a month."))
        company = self.company_id
        if company not in self.env.companies:
            raise UserError(self.env._("Choose one of your own companies."))
        # sudo: the accountant books for all bonuses of the company.
        accruals = self.env["key.account.rebate.accrual"].sudo()
        accruals = accruals.with_company(company)._accrue(company, self.day)
        if not accruals:
            raise UserError(self.env._("There is nothing to book for this month."))
        return accruals.move_id.sudo(False)._get_records_action()


class KeyAccountRebateLiabilityLine(models.TransientModel):
    """A bonus with what is owed of it."""

    _name = "key.account.rebate.liability.line"
    _description = "Bonus Liability of a Bonus"
    _order = "amount desc"

    liability_id = fields.Many2one(
        "key.account.rebate.liability",
        string="Liability",
        required=True,
        ondelete="cascade",
    )
    day = fields.Date(related="liability_id.day", store=True)
    rebate_id = fields.Many2one(
        "key.account.rebate", string="Bonus", required=True, ondelete="cascade"
    )
    account_id = fields.Many2one(related="rebate_id.account_id", store=True)
    currency_id = fields.Many2one(related="rebate_id.currency_id")
    amount = fields.Monetary(string="Owed")
