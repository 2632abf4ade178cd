# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.tools import format_date, formatLang


class SaleOrder(models.Model):
    """What is missing to the next threshold, said while there is time to order it."""

    _inherit = "sale.order"

    key_account_nudge = fields.Text(
        string="Close to a Threshold",
        compute="_compute_key_account_nudge",
        groups="base.group_user",
    )

    @api.depends_context("lang")
    @api.depends("key_account_id", "amount_untaxed", "state")
    def _compute_key_account_nudge(self):
        for order in self:
            # sudo: the clerk shall tell the customer; figures of the account are said
            # as what is missing alone.
            account = order.sudo().key_account_id
            texts = []
            if account and order.state in ("draft", "sent"):
                amount = order._key_account_untaxed_amount()
                texts = order._nudge_texts(account, amount)
            order.key_account_nudge = "\n".join(texts) or False

    def _key_account_untaxed_amount(self):
        """Return the order's net amount in company currency."""
        self.ensure_one()
        return self.company_id.currency_id.round(
            self.amount_untaxed / (self.currency_rate or 1.0)
        )

    def _nudge_texts(self, account, amount):
        """Return the sentences; bonus steps and the like plug in here.

        :param account: the key account, readable
        :param float amount: net amount of this order, company currency
        """
        return [
            *self._commitment_nudges(account, amount),
            *filter(None, [self._tier_nudge(account, amount)]),
        ]

    def _commitment_nudges(self, account, amount):
        """Say what is missing of commitments by revenue, with this order counted."""
        today = fields.Date.context_today(self)
        currency = self.company_id.currency_id
        commitments = (
            self.env["key.account.commitment"]
            .sudo()
            .search(
                [
                    ("account_id", "=", account.id),
                    ("agreement_id.state", "=", "active"),
                    ("kind", "=", "revenue"),
                    ("date_from", "<=", today),
                    ("date_to", ">=", today),
                ]
            )
        )
        for commitment in commitments:
            missing = currency.round(commitment.target - commitment.consumed - amount)
            if missing > 0:
                yield self.env._(
                    "%(missing)s more by %(day)s fulfil the commitment of "
                    "%(agreement)s (%(target)s).",
                    missing=formatLang(self.env, missing, currency_obj=currency),
                    day=format_date(self.env, commitment.date_to),
                    agreement=commitment.agreement_id.display_name,
                    target=commitment.display_name,
                )

    def _tier_nudge(self, account, amount):
        """Say what is missing to the revenue of the next better tier, if it is near.

        Near is a quarter of the threshold or less.
        """
        tiers = account.env["key.account.tier"].search(
            [
                ("company_id", "in", [False, account.company_id.id]),
                ("min_revenue", ">", 0),
            ],
            order="min_revenue",
        )
        current = account.tier_id
        currency = self.company_id.currency_id
        reached = account.revenue_12m + amount
        for tier in tiers:
            better = not current or tier.sequence < current.sequence
            missing = currency.round(tier.min_revenue - reached)
            if better and 0 < missing <= 0.25 * tier.min_revenue:
                benefit = tier.pricelist_id.name
                text = self.env._(
                    "%(missing)s more within twelve months reach tier %(tier)s.",
                    missing=formatLang(self.env, missing, currency_obj=currency),
                    tier=tier.name,
                )
                if benefit:
                    text += " " + self.env._(
                        "The customer gains price list “%(list)s”; our margin on this "
                        "order would change by %(change)s.",
                        list=benefit,
                        change=formatLang(
                            self.env, self._margin_change(tier), currency_obj=currency
                        ),
                    )
                return text
        return False

    def _margin_change(self, tier):
        """Return what this order would bring less (or more) at the prices of a tier.

        :return: amount in company currency
        """
        self.ensure_one()
        change = 0.0
        for line in self.order_line.filtered(
            lambda line: line.product_id and not line.display_type
        ):
            price = tier.pricelist_id._get_product_price(
                line.product_id,
                currency=self.currency_id,
                quantity=line.product_uom_qty,
                uom=line.product_uom_id,
                date=self.date_order,
            )
            gross = line.price_unit * (1 - line.discount / 100)
            share = line.price_subtotal / gross if gross else 0.0
            change += price * share - line.price_subtotal
        return self.company_id.currency_id.round(change / (self.currency_rate or 1.0))
