# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models
from odoo.exceptions import UserError

from ..terms.approval_rules import worsened

#: Fields that decide whether a list gives prices at all.
VALIDITY = {
    "active",
    "key_account_approval_state",
    "key_account_date_start",
    "key_account_date_end",
}


class ProductPricelist(models.Model):
    """Lists of agreements: approved with them, and kept as the customer signed them."""

    _inherit = "product.pricelist"

    def _get_key_account_holders(self):
        # sudo: see the room below.
        Agreement = self.env["key.account.agreement"].sudo()
        agreements = Agreement.search([("pricelist_id", "in", self.ids)])
        return [*super()._get_key_account_holders(), agreements]

    def write(self, vals):
        if VALIDITY.isdisjoint(vals):
            return super().write(vals)
        # sudo: agreements of colleagues lose their prices as well.
        Agreement = self.env["key.account.agreement"].sudo()
        in_force = [("pricelist_id", "in", self.ids), ("state", "=", "active")]
        agreements = Agreement.search(in_force) if self else Agreement
        agreements = agreements.filtered(lambda a: not a._get_pricelist_issue())
        result = super().write(vals)
        agreements._tell_pricelist_issue()
        return result

    def _recheck_approval(self):
        """Refuse to change a list that the customer has signed.

        :raise UserError: names the agreement
        """
        # sudo: agreements of colleagues count as well.
        Agreement = self.env["key.account.agreement"].sudo()
        signed = Agreement.search(
            [
                ("pricelist_id", "in", self.ids),
                ("state", "=", "active"),
                ("signed_on", "!=", False),
            ]
        )
        for agreement in signed:
            pricelist = agreement.pricelist_id
            frozen = pricelist._get_frozen_terms()
            now = pricelist._approval_terms()
            if frozen and (worsened(frozen, now) or worsened(now, frozen)):
                raise UserError(
                    self.env._(
                        "The prices of “%(pricelist)s” are signed with %(agreement)s. "
                        "Amend the agreement with another price list.",
                        pricelist=pricelist.display_name,
                        agreement=agreement.display_name,
                    )
                )
        return super()._recheck_approval()
