# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models
from odoo.tools import formatLang


class AccountMove(models.Model):
    _inherit = "account.move"

    def _compute_invoice_payment_term_id(self):
        """Give a key account its terms, unless the customer has some set by hand."""
        result = super()._compute_invoice_payment_term_id()
        for move in self:
            # sudo: terms are the same for every user who writes the invoice.
            account = move.sudo().key_account_id
            if (
                account
                and move.is_sale_document(include_receipts=True)
                and not move.partner_id._has_manual_payment_term(move.company_id)
            ):
                benefit = account._resolve_benefit(
                    "payment_term_id", move._key_account_date()
                )[account.id]
                if benefit.value:
                    move.invoice_payment_term_id = benefit.value.id
        return result

    def _build_credit_warning_message(
        self, record, current_amount=0.0, exclude_current=False, exclude_amount=0.0
    ):
        """Warn by the limit of the key account where the customer has none by hand.

        :param record: the order or invoice
        :param float current_amount: its amount in company currency
        :param float exclude_amount: amount to leave out of what is to be invoiced
        """
        partner = record.partner_id.commercial_partner_id.with_company(
            record.company_id
        )
        # sudo: the clerk sees limits and balances in the warning alone.
        account = record.sudo().key_account_id
        benefit = account and account._resolve_benefit("credit_limit")[account.id]
        if not account or not benefit.value or partner._has_manual_credit_limit():
            return super()._build_credit_warning_message(
                record,
                current_amount=current_amount,
                exclude_current=exclude_current,
                exclude_amount=exclude_amount,
            )
        balance = partner.sudo()
        total = balance.credit + balance.credit_to_invoice
        total += current_amount - exclude_amount
        currency = record.company_id.currency_id
        if currency.compare_amounts(total, benefit.value) <= 0:
            return ""
        return self.env._(
            "%(customer)s has reached the credit limit of %(limit)s "
            "(%(origin)s).\n"
            "Total amount due, with open orders and this document: %(total)s",
            customer=partner.name,
            limit=formatLang(self.env, benefit.value, currency_obj=currency),
            origin=account._origin_label(benefit),
            total=formatLang(self.env, total, currency_obj=currency),
        )
