# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models
from odoo.tools import format_date, formatLang


class SaleOrder(models.Model):
    """What is missing to the next threshold, said while there is time to order it."""

    _inherit = "sale.order"

    def _nudge_texts(self, account, amount):
        texts = super()._nudge_texts(account, amount)
        return [*self._commitment_nudges(account, amount), *texts]

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
