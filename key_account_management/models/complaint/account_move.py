# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare

from . import complaint_rules
from .key_account_complaint_stage import READERS


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "key.account.server.written"]
    _key_account_complaint_field = "move_id"
    _server_written = ("key_account_complaint_id",)

    key_account_complaint_id = fields.Many2one(
        "key.account.complaint",
        string="Credit for Complaint",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups=READERS,
    )

    def _lock_for_key_account_credit(self):
        """Let other transactions that credit this invoice wait, then look again.

        The row is written, not only locked: a transaction that began before us doesn't
        see our credit note, so the database refuses it and Odoo runs it again.
        """
        self.ensure_one()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move SET write_uid = write_uid WHERE id = %s", (self.id,)
        )

    def _get_key_account_credit_notes(self):
        """Return draft and posted credit notes of this invoice."""
        # sudo: every credit note counts, also those that the user can't read.
        Move = self.env["account.move"].sudo()
        return Move.search(
            [
                ("reversed_entry_id", "in", self.ids),
                ("move_type", "=", "out_refund"),
                ("state", "in", ("draft", "posted")),
            ]
        )

    def _get_key_account_creditable_lines(self):
        return self.invoice_line_ids.filtered(
            lambda line: line.display_type == "product" and line.quantity > 0
        )

    def _get_key_account_left_to_credit(self):
        """Return what may still be credited, in quantities and money.

        :return: (dict of line id -> quantity in the line's unit, amount with taxes in
            the currency of the invoice)
        """
        self.ensure_one()
        refunds = self._get_key_account_credit_notes()

        def kind(line):
            return (line.product_id.id, line.product_uom_id.id)

        left = complaint_rules.left_to_credit(
            [
                (line.id, kind(line), line.quantity)
                for line in self._get_key_account_creditable_lines()
            ],
            [
                (line.key_account_credited_line_id.id, kind(line), line.quantity)
                for line in refunds._get_key_account_creditable_lines()
            ],
        )
        amount = self.amount_total - sum(refunds.mapped("amount_total"))
        return left, max(amount, 0.0)

    def _prepare_key_account_credit(self, complaint, quantities):
        """Return the values of a credit note for quantities of the invoice's lines.

        :param complaint: ``key.account.complaint``, named on the credit note
        :param quantities: dict of invoice line -> quantity
        """
        self.ensure_one()
        return {
            "move_type": "out_refund",
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "partner_shipping_id": self.partner_shipping_id.id,
            "currency_id": self.currency_id.id,
            "journal_id": self.journal_id.id,
            "fiscal_position_id": self.fiscal_position_id.id,
            "invoice_user_id": self.invoice_user_id.id,
            "team_id": self.team_id.id,
            "reversed_entry_id": self.id,
            "key_account_complaint_id": complaint.id,
            "ref": self.env._(
                "Credit for %(invoice)s, complaint %(complaint)s",
                invoice=self.name,
                complaint=complaint.name,
            ),
            "invoice_origin": self.name,
            "invoice_payment_term_id": False,
            "invoice_line_ids": [
                (0, 0, line._prepare_key_account_credit_line(quantity))
                for line, quantity in quantities.items()
            ],
        }

    def _create_key_account_credit(self, complaint, quantities):
        """Create a draft credit note, never above what is left to credit.

        :param complaint: ``key.account.complaint``
        :param quantities: dict of invoice line -> quantity in the line's unit
        :return: the ``account.move``
        :raise UserError: where more would be credited than is left
        """
        self.ensure_one()
        self._lock_for_key_account_credit()
        left, amount = self._get_key_account_left_to_credit()
        for line, quantity in quantities.items():
            digits = line.product_uom_id.rounding or 0.01
            if quantity <= 0 or (
                float_compare(
                    quantity, left.get(line.id, 0.0), precision_rounding=digits
                )
                > 0
            ):
                raise UserError(
                    self.env._(
                        "“%(line)s”: only %(left).2f can still be credited (draft "
                        "credit notes count, too), not %(quantity).2f.",
                        line=line.name or line.product_id.display_name,
                        left=left.get(line.id, 0.0),
                        quantity=quantity,
                    )
                )
        refund = self.create(self._prepare_key_account_credit(complaint, quantities))
        if self.currency_id.compare_amounts(refund.amount_total, amount) > 0:
            raise UserError(
                self.env._(
                    "Only %(left)s of %(invoice)s is left to credit, not %(amount)s.",
                    invoice=self.name,
                    left=self.currency_id.format(amount),
                    amount=self.currency_id.format(refund.amount_total),
                )
            )
        return refund
