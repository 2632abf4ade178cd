# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.key_account_management.models.agreement.key_account_agreement_lifecycle import (  # noqa: E501
    IN_FORCE,
)
from odoo.addons.key_account_management.models.tools.records import open_records


class KeyAccount(models.Model):
    """The bonuses of an account: earned, settled and open."""

    _inherit = "key.account"

    rebate_ids = fields.One2many("key.account.rebate", "account_id", string="Bonuses")
    rebate_open_amount = fields.Monetary(
        string="Open Bonuses",
        compute="_compute_rebate_open_amount",
        help="Earned and not settled, as of last night.",
    )

    def _compute_rebate_open_amount(self):
        groups = self.env["key.account.rebate"]._read_group(
            [("account_id", "in", self.ids)], ["account_id"], ["open_amount:sum"]
        )
        amounts = {account.id: amount for account, amount in groups}
        for account in self:
            account.rebate_open_amount = amounts.get(account._origin.id, 0.0)

    def _get_running_rebates(self, day):
        """Return the bonuses for which this account's invoices count on a day (sudo).

        Its own ones, and those of its group parents that are for the whole group.
        """
        self.ensure_one()
        # sudo: what the customer earns doesn't depend on who writes the order.
        account = self.sudo()
        return account.env["key.account.rebate"].search(
            Domain("state", "=", "active")
            & Domain("date_start", "<=", day)
            & (
                Domain("account_id", "=", account.id)
                | (
                    Domain("account_id", "parent_of", account.id)
                    & Domain("volume", "=", "group")
                )
            )
        )

    @api.model
    def _waterfall_steps(self):
        return {**super()._waterfall_steps(), "rebate": self.env._("Bonuses")}

    @api.model
    def _waterfall_scope_sql(self):
        """Leave the credit notes of bonuses out: bonuses count as they are earned."""
        return SQL(
            "%s AND line.key_account_rebate_settlement_id IS NULL",
            super()._waterfall_scope_sql(),
        )

    def _waterfall_amounts(self, date_from, date_to):
        """Take off the bonuses that the invoices of these days earn."""
        amounts = super()._waterfall_amounts(date_from, date_to)
        return {**amounts, "rebate": -self._get_rebates_earned(date_from, date_to)}

    def _get_rebates_earned(self, date_from, date_to):
        """Return what the invoices of these days earn in bonuses, at today's rates."""
        # sudo: as in _get_running_rebates.
        rebates = (
            self.env["key.account.rebate"]
            .sudo()
            .search([("account_id", "in", self.ids), ("state", "in", IN_FORCE)])
        )
        day = max(date_to, self.company_id[:1]._get_key_account_today())
        claims = [
            (rebate, period)
            for rebate in rebates
            for period in rebate._get_periods(date_from, date_to)
        ]
        parts = [
            (rebate, (max(first, date_from), min(last, date_to)))
            for rebate, (first, last) in claims
        ]
        Basis = self.env["key.account.rebate.basis"]
        revenues = Basis._get_revenues(claims + parts, day)
        earned = 0.0
        for number, worth in enumerate(rebates._measure(claims, day)):
            whole, inside = revenues[number], revenues[number + len(claims)]
            if whole > 0:
                earned += float(worth.amount * inside / whole)
        return earned

    def _report_sections(self, period):
        """Add what bonuses have come to."""
        sections = super()._report_sections(period)
        rebates = self.env["key.account.rebate"].search(
            [
                ("account_id", "in", self.ids),
                ("state", "in", IN_FORCE),
                ("figures_on", "!=", False),
                ("current_to", ">=", period[0]),
            ]
        )
        if rebates:
            sections.append(
                {
                    "key": "rebates",
                    "sequence": 55,
                    "title": self.env._("Bonuses"),
                    "head": True,
                    "columns": [
                        (self.env._("Bonus"), "text"),
                        (self.env._("Until"), "day"),
                        (self.env._("Reached"), "text"),
                        (self.env._("Next Step"), "text"),
                        (self.env._("Earned"), "money"),
                        (self.env._("Settled"), "money"),
                    ],
                    "rows": [
                        (
                            rebate.name,
                            rebate.current_to,
                            rebate._format_basis(rebate.reached),
                            rebate.next_step_id.display_name or "",
                            rebate.earned_amount,
                            rebate.settled_amount,
                        )
                        for rebate in rebates
                    ],
                    "figures": [
                        (
                            self.env._("Open Bonuses"),
                            "money",
                            sum(rebates.mapped("open_amount")),
                        )
                    ],
                }
            )
        return sections

    def action_view_rebates(self):
        """Open the bonuses of the account."""
        self.ensure_one()
        self.check_access("read")
        return open_records(
            self.env,
            "key_account_management_bonus.key_account_rebate_action",
            [("account_id", "=", self.id)],
            context={"default_account_id": self.id},
        )
