# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "key.account.document.mixin"]

    @api.depends("partner_id", "company_id", "invoice_date", "move_type")
    def _compute_key_account_id(self):
        # Journal entries and bills are most of the moves: no query for them.
        invoices = self.filtered(
            lambda move: move.is_sale_document(include_receipts=True)
        )
        others = self - invoices
        for name in self._get_kept_fields():
            others[name] = False
        return super(AccountMove, invoices)._compute_key_account_id()

    def _compute_payment_count(self):
        """Count no payments for salespeople without a right to them.

        Core reads the payments as the user, so that without accounting rights no one
        could open an invoice; Odoo's later versions count them as superuser.
        """
        if self.env["account.payment"].has_access("read"):
            return super()._compute_payment_count()
        self.payment_count = 0
        return None

    @api.depends("key_account_id")
    def _compute_key_account_acting_manager_id(self):
        return super()._compute_key_account_acting_manager_id()

    def _get_key_account_customers(self):
        # sudo: for whom it counts is the same for every user who writes the invoice.
        move = self.sudo()
        # What bills an order or credits an invoice counts for their customer, even if
        # another one pays it. Only those from orders have an origin.
        source = move.reversed_entry_id
        if not source and move.invoice_origin:
            source = move.invoice_line_ids.sale_line_ids.order_id
        customer = source.key_account_id.partner_id[:1].sudo(self.env.su)
        return customer | self.partner_id

    def _pays_out(self):
        """Tell whether a credit note gives money, and credits no goods; a hook."""
        self.ensure_one()
        return False

    def _key_account_is_open(self):
        return self.state == "draft"

    def _key_account_date(self):
        return self.invoice_date or self.company_id._get_key_account_today()

    def _post(self, soft=True):
        # While they are drafts: what is posted is kept as it is, by law and by core.
        invoices = self.filtered(
            lambda move: move._key_account_is_open()
            and move.is_sale_document(include_receipts=True)
        )
        invoices._set_key_account()
        invoices._check_key_account_post()
        return super()._post(soft)

    def _check_key_account_post(self):
        """Refuse documents that can't be posted for a key account; rooms above add."""
