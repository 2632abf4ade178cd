# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models

from ..tools.records import count_related, open_records


class KeyAccount(models.Model):
    """Points of the key account, its own or those of its group."""

    _inherit = "key.account"

    loyalty_card_ids = fields.Many2many(
        "loyalty.card", compute="_compute_loyalty_cards", string="Loyalty Cards"
    )
    loyalty_points = fields.Float(compute="_compute_loyalty_cards", string="Points")
    referral_ids = fields.One2many("key.account.referral", "account_id")
    referral_count = fields.Integer(compute="_compute_referral_count")

    @api.depends("partner_id", "parent_id")
    def _compute_loyalty_cards(self):
        # sudo: readers of the account see its balance; the cards themselves open
        # under the user's own rights.
        Card = self.env["loyalty.card"].sudo()
        lines = {account: account.sudo()._get_group_line() for account in self}
        partners = self.partner_id.union(
            *(line[-1:].partner_id for line in lines.values())
        )
        cards = Card.search(
            [
                ("partner_id", "in", partners.ids),
                ("program_id.program_type", "=", "loyalty"),
                ("company_id", "in", [False, *self.company_id.ids]),
            ]
        )
        for account in self:
            holders = {
                "company": account.partner_id,
                "group": lines[account][-1:].partner_id,
            }
            own = cards.filtered(
                lambda card, account=account, holders=holders: (
                    not card.company_id or card.company_id == account.company_id
                )
                and card.partner_id
                == holders[card.program_id.key_account_balance_scope]
            )
            account.loyalty_card_ids = own.sudo(False)
            account.loyalty_points = sum(own.mapped("points"))

    @api.depends("referral_ids")
    def _compute_referral_count(self):
        counts = count_related(self, "key.account.referral", "account_id")
        for account in self:
            account.referral_count = counts.get(account._origin.id, 0)

    def action_view_loyalty_cards(self):
        """Open the cards of the account, a single one as a form.

        :return: a window action
        """
        self.ensure_one()
        self.check_access("read")
        cards = self.loyalty_card_ids
        values = {}
        if len(cards) == 1:
            form = self.env.ref("key_account_management.loyalty_card_view_form_ledger")
            values = {"res_id": cards.id, "views": [(form.id, "form")]}
        return open_records(
            self.env,
            "key_account_management.loyalty_card_action_ledger",
            [("id", "in", cards.ids)],
            **values,
        )

    def action_view_referrals(self):
        """Open the new customers that this account referred to us.

        :return: a window action
        """
        self.ensure_one()
        self.check_access("read")
        return open_records(
            self.env,
            "key_account_management.key_account_referral_action",
            [("account_id", "=", self.id)],
            context={"default_account_id": self.id},
        )

    def _report_sections(self, period):
        """Add the points to the report on a single account."""
        sections = super()._report_sections(period)
        if len(self) == 1:
            figure = (self.env._("Points"), "number", self.loyalty_points)
            sections.append({"key": "points", "sequence": 35, "figures": [figure]})
        return sections
