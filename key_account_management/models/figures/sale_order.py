# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.tools import SQL


class SaleOrder(models.Model):
    """How close an order comes to a threshold, said while more can be ordered."""

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
            # sudo: for the salesperson to tell the customer; of the account's figures
            # only the missing amount is shown.
            account = order.sudo().key_account_id
            texts = []
            if account and order.state in ("draft", "sent"):
                amount = order._to_company_currency(order.amount_untaxed)
                texts = order._nudge_texts(account, amount)
            order.key_account_nudge = "\n".join(texts) or False

    def _to_company_currency(self, amount):
        """Return an amount of the order in company currency, at the order's rate."""
        self.ensure_one()
        return self.company_id.currency_id.round(amount / (self.currency_rate or 1.0))

    def _nudge_texts(self, account, amount):
        """Return the sentences; rooms above add theirs.

        :param account: the key account, readable
        :param float amount: net amount of this order, company currency
        """
        return []

    def write(self, vals):
        if {"state", "date_order", "partner_id"}.isdisjoint(vals):
            return super().write(vals)
        months = self._key_account_months()
        result = super().write(vals)
        self.env["key.account.kpi.queue"]._add(months + self._key_account_months())
        return result

    @api.model
    def _key_account_counted_sql(self):
        """Return the condition on ``sale`` for orders that count; rooms above add."""
        return SQL("TRUE")

    def _key_account_months(self):
        """Return the months in which these orders count.

        :return: list of (commercial partner id, company id, day of the company)
        """
        return [
            (
                # sudo: for whom it counts, for every user who writes it.
                (
                    order.sudo().key_account_partner_id
                    or order.partner_id.commercial_partner_id
                ).id,
                order.company_id.id,
                order.company_id._to_key_account_day(order.date_order),
            )
            for order in self
            if order.state == "sale"
        ]
