# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # Depends on what core's depends on, and on nothing else: a price that was entered
    # must not be computed again because the account is set.
    def _compute_price_unit(self):
        """Price lines of a key account's direct invoice by the account's list."""
        result = super()._compute_price_unit()
        for line in self:
            move = line.move_id
            # sudo: prices are the same whoever writes the invoice.
            account = move.sudo().key_account_id
            if (
                account
                and line.product_id
                and line.display_type == "product"
                and not line.is_imported
                and not line.sale_line_ids
                and move.is_sale_document(include_receipts=True)
            ):
                line._price_by_key_account(account)
        return result

    def _price_by_key_account(self, account):
        """Take the price of the account's list on the day of the invoice.

        :param account: the ``key.account``, with the rights to read its terms
        """
        self.ensure_one()
        move = self.move_id
        day = move._key_account_date()
        pricelist = account._resolve_benefit("pricelist_id", day)[account.id].value
        partner = account.partner_id.with_company(move.company_id)
        if partner._has_manual_pricelist():
            pricelist = partner.specific_property_product_pricelist
        if not pricelist:
            return
        price = pricelist._get_product_price(
            self.product_id,
            self.quantity or 1.0,
            currency=move.currency_id,
            uom=self.product_uom_id,
            date=day,
        )
        self.price_unit = self.product_id._get_tax_included_unit_price_from_price(
            price,
            product_taxes=self.product_id.taxes_id._filter_taxes_by_company(
                move.company_id
            ),
            fiscal_position=move.fiscal_position_id,
        )
