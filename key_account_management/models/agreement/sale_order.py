# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models
from odoo.tools import format_date, formatLang


class SaleOrder(models.Model):
    """Tell what is missing to a commitment while more can be ordered."""

    _inherit = "sale.order"

    def _nudge_texts(self, account, amount):
        texts = super()._nudge_texts(account, amount)
        return [*self._commitment_nudges(account, amount), *texts]

    def _commitment_nudges(self, account, amount):
        """Tell what is missing to commitments by revenue, this order included."""
        today = self.company_id._get_key_account_today()
        currency = self.company_id.currency_id
        # sudo: the clerk tells the customer, without access to the agreement.
        Commitment = self.env["key.account.commitment"].sudo()
        for commitment in Commitment.search(
            [
                ("account_id", "=", account.id),
                ("agreement_id.state", "=", "active"),
                ("kind", "=", "revenue"),
                ("date_from", "<=", today),
                ("date_to", ">=", today),
            ]
        ):
            missing = currency.round(commitment.target - commitment.consumed - amount)
            if missing > 0:
                yield self.env._(
                    "%(missing)s more by %(day)s fulfills the commitment in "
                    "%(agreement)s (%(target)s).",
                    missing=formatLang(self.env, missing, currency_obj=currency),
                    day=format_date(self.env, commitment.date_to),
                    agreement=commitment.agreement_id.display_name,
                    target=commitment.display_name,
                )
