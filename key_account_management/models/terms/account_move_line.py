# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # Depends on what core's depends on, and on nothing else: a price that was entered
    # must not be computed again because the account is set.
    def _compute_price_unit(self):
        """Price lines of a key account's direct invoice as an order would."""
        result = super()._compute_price_unit()
        lines = self.filtered(
            lambda line: line.product_id
            and line.display_type == "product"
            and not line.is_imported
            and not line.sale_line_ids
            and line.move_id.is_sale_document(include_receipts=True)
        )
        for move, of_move in lines.grouped("move_id").items():
            # sudo: prices are the same for every user who writes the invoice.
            account = move.sudo().key_account_id
            if account:
                of_move._price_by_key_account(account)
        return result

    def _price_by_key_account(self, account):
        """Take the prices of the account on the day of the invoice.

        :param account: the ``key.account``, with the rights to read its terms
        """
        move = self.move_id
        day = move._key_account_date()
        Price = self.env["key.account.price"]
        lists = Price._get_lists(account, day)
        if not lists[0].value:
            return
        groups = self.grouped(lambda line: (line.quantity or 1.0, line.product_uom_id))
        for (quantity, uom), lines in groups.items():
            prices = Price._get_prices(
                account,
                lines.product_id,
                quantity,
                uom=uom,
                date=day,
                currency=move.currency_id,
                lists=lists,
            )
            for line in lines:
                line.price_unit = Price._to_document_price(
                    prices[line.product_id.id].amount,
                    line.product_id,
                    move.company_id,
                    move.fiscal_position_id,
                )
