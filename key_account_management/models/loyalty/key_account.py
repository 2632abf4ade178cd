# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models


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
        # sudo: the balance of the account is for whoever may see the account; the
        # cards themselves open under the user's own rights.
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
            root = lines[account][-1:].partner_id
            own = cards.filtered(
                lambda card, account=account, root=root: (
                    not card.company_id or card.company_id == account.company_id
                )
                and card.partner_id
                == (
                    root
                    if card.program_id.balance_scope == "group"
                    else account.partner_id
                )
            )
            account.loyalty_card_ids = own.sudo(False)
            account.loyalty_points = sum(own.mapped("points"))

    @api.depends("referral_ids")
    def _compute_referral_count(self):
        counts = dict(
            self.env["key.account.referral"]._read_group(
                [("account_id", "in", self.ids)], ["account_id"], ["__count"]
            )
        )
        for account in self:
            account.referral_count = counts.get(account, 0)

    def action_view_loyalty_cards(self):
        """Open the cards of the account, one directly."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_management.loyalty_card_action_ledger"
        )
        cards = self.loyalty_card_ids
        action["domain"] = [("id", "in", cards.ids)]
        action["context"] = {}
        if len(cards) == 1:
            action["res_id"] = cards.id
            action["views"] = [
                (
                    self.env.ref(
                        "key_account_management.loyalty_card_view_form_ledger"
                    ).id,
                    "form",
                )
            ]
        return action

    def action_view_referrals(self):
        """Open the customers whom this account referred to us."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_management.key_account_referral_action"
        )
        action["domain"] = [("account_id", "=", self.id)]
        action["context"] = {"default_account_id": self.id}
        return action

    def _report_sections(self, period):
        """Add the points to the report on a single account."""
        sections = super()._report_sections(period)
        if len(self) == 1:
            figure = (self.env._("Points"), "number", self.loyalty_points)
            sections.append({"key": "points", "sequence": 35, "figures": [figure]})
        return sections
