# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dateutil.relativedelta import relativedelta

from odoo import fields, models


class KeyAccount(models.Model):
    _inherit = "key.account"

    def _get_tier_figures(self):
        """Return the figures that a change of tier puts on record, in two queries.

        Net revenue is that of posted invoices minus credit notes of the commercial
        partner in the last 12 months, without taxes, in company currency.

        :return: dict of account id -> values for ``key.account.tier.change``
        """
        if not self:
            return {}
        since = fields.Date.context_today(self) - relativedelta(months=12)
        # sudo: the figures go on record whole, whatever the proposer may read; they
        # are of the very customers and companies of these accounts.
        revenue = (
            self.env["account.move"]
            .sudo()
            ._read_group(
                [
                    ("company_id", "in", self.company_id.ids),
                    ("commercial_partner_id", "in", self.partner_id.ids),
                    ("state", "=", "posted"),
                    ("move_type", "in", ("out_invoice", "out_refund", "out_receipt")),
                    ("invoice_date", ">", since),
                ],
                ["commercial_partner_id", "company_id"],
                ["amount_untaxed_signed:sum"],
            )
        )
        orders = self.sudo()._count_documents(
            "sale.order",
            "partner_id.commercial_partner_id",
            [("state", "=", "sale"), ("date_order", ">", since)],
        )
        revenue = {(p.id, c.id): amount for p, c, amount in revenue}
        return {
            account.id: {
                "revenue_12m": revenue.get(key, 0.0),
                "order_count_12m": orders.get(key, 0),
            }
            for account in self
            for key in [(account.partner_id.id, account.company_id.id)]
        }
