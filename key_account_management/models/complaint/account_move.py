# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import Command, fields, models
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
        """Return draft and posted credit notes that reverse this invoice."""
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
            lambda line: line.display_type == "product"
            and line.quantity > 0
            and line.price_unit >= 0
        )

    def _get_key_account_discount_lines(self):
        """Return the lines by which the whole invoice is reduced."""
        return self.invoice_line_ids.filtered(
            lambda line: line.display_type == "product"
            and line.quantity > 0
            and line.price_unit < 0
        )

    def _get_key_account_left_to_credit(self):
        """Return what may still be credited, in quantities and money.

        Whatever credits the invoice counts: its reversals, credit notes made from its
        orders, price corrections of an audit, and free ones that settle it.

        :return: (dict of line id -> quantity in the line's unit, amount with taxes in
            the currency of the invoice)
        """
        self.ensure_one()
        # sudo: see _get_key_account_credit_notes().
        invoice = self.sudo()
        left = invoice._get_key_account_left_after_reversals()
        loose, by_order = invoice._take_key_account_order_credits(left)
        corrections, corrected = invoice._get_key_account_corrections()
        reversals = invoice._get_key_account_credit_notes()
        free = invoice._get_key_account_free_credits(reversals | loose | corrections)
        credited = sum(reversals.mapped("amount_total")) + by_order + corrected + free
        return left, max(self.currency_id.round(self.amount_total - credited), 0.0)

    def _get_quantities_to_correct(self):
        return self._get_key_account_left_to_credit()[0]

    def _get_key_account_left_after_reversals(self):
        """Return what reversals have left of each line: line id -> quantity."""

        def kind(line):
            return (line.product_id.id, line.product_uom_id.id)

        # Pieces that were returned on the invoice itself count as credited.
        returned = self.invoice_line_ids.filtered(
            lambda line: line.display_type == "product" and line.quantity < 0
        )
        refunds = self._get_key_account_credit_notes()
        return complaint_rules.left_to_credit(
            [
                (line.id, kind(line), line.quantity)
                for line in self._get_key_account_creditable_lines()
            ],
            [
                (line.key_account_credited_line_id.id, kind(line), line.quantity)
                for line in refunds._get_key_account_creditable_lines()
            ]
            + [(None, kind(line), -line.quantity) for line in returned],
        )

    def _take_key_account_order_credits(self, left):
        """Take off what credit notes made from the orders leave to this invoice.

        They credit the latest invoices of an order line first.

        :param dict left: line id -> quantity, changed in place
        :return: (the credit notes, their amount with taxes on this invoice)
        """
        sold = self.invoice_line_ids.sale_line_ids
        refund_lines = sold.invoice_lines.filtered(
            lambda line: line.move_id.move_type == "out_refund"
            and line.move_id.state != "cancel"
            and not line.move_id.reversed_entry_id
            and line.quantity
        )
        amount, others = 0.0, {self: left}
        for order_line, credits in refund_lines.grouped("sale_line_ids").items():
            unit = order_line.product_uom_id
            pool = sum(self._in_key_account_unit(line, unit) for line in credits)
            if pool <= 0:
                # Nothing is credited, a down payment is deducted for example.
                continue
            price = sum(map(self._get_key_account_rounded_total, credits)) / pool
            billed = order_line.invoice_lines.filtered(
                lambda line: line.move_id.move_type == "out_invoice"
                and line.move_id.state == "posted"
            )
            for line in billed.sorted("id", reverse=True):
                move, own = line.move_id, line.move_id == self
                if move not in others:
                    others[move] = move._get_key_account_left_after_reversals()
                of_move = others[move]
                # How many of the order's units are in one of the line's.
                factor = self._in_key_account_unit(line, unit, 1.0) or 1.0
                taken = min(of_move.get(line.id, 0.0) * factor, pool)
                pool -= taken
                if own and line.id in left:
                    left[line.id] -= taken / factor
                    amount += taken * price
        return refund_lines.move_id, amount

    def _get_key_account_rounded_total(self, line):
        """Return a line's amount with taxes; where it is the only one, its document's.

        Taxes are rounded for the document, or line by line, as the company chooses.
        """
        move = line.move_id
        others = move.invoice_line_ids.filtered("price_total") - line
        return line.price_total if others else abs(move.amount_total)

    def _in_key_account_unit(self, line, unit, quantity=None):
        """Return a line's quantity, or another one of its unit, in another unit."""
        quantity = line.quantity if quantity is None else quantity
        if not unit or not line.product_uom_id:
            return quantity
        return line.product_uom_id._compute_quantity(
            quantity, unit, round=False, raise_if_failure=False
        )

    def _get_key_account_corrections(self):
        """Return the credit notes by which a price audit corrects this invoice.

        :return: (the credit notes, their amount with taxes on this invoice)
        """
        findings = self.env["key.account.price.audit.line"].search(
            [
                ("move_id", "=", self.id),
                ("refund_move_id.state", "in", ("draft", "posted")),
            ]
        )
        amount = 0.0
        for finding in findings:
            line = finding.move_line_id
            share = line.price_total / line.price_subtotal if line.price_subtotal else 1
            amount += finding.document_difference * share
        return findings.refund_move_id, amount

    def _get_key_account_free_credits(self, known):
        """Return how much credit notes that name nothing have settled.

        :param known: credit notes that are counted already
        """
        return sum(
            partial.debit_amount_currency
            for partial in self.line_ids.matched_credit_ids
            if partial.credit_move_id.move_id.move_type == "out_refund"
            and partial.credit_move_id.move_id not in known
            and not partial.credit_move_id.move_id._pays_out()
        )

    def _get_key_account_discount_shares(self):
        """Return by which share discounts on the whole invoice reduce its lines.

        A discount counts for the lines with its taxes, as Odoo makes one for each.

        :return: dict of discount line -> (lines that it reduces, share below zero)
        """
        lines = self._get_key_account_creditable_lines()
        shares = {}
        for discount in self._get_key_account_discount_lines():
            reduced = lines.filtered(
                lambda line, discount=discount: line.tax_ids == discount.tax_ids
            )
            reduced = reduced or lines
            base = sum(reduced.mapped("price_subtotal"))
            if base:
                shares[discount] = (reduced, discount.price_subtotal / base)
        return shares

    def _prepare_key_account_discount_credits(self, quantities, left):
        """Return the lines that credit the discount on what is credited.

        :param quantities: dict of invoice line -> quantity
        :param dict left: line id -> quantity that was left before
        :return: list of values
        """
        chosen = {line.id: quantity for line, quantity in quantities.items()}
        values = []
        shares = self._get_key_account_discount_shares()
        for discount, (reduced, share) in shares.items():
            part = sum(
                line.price_subtotal * chosen.get(line.id, 0.0) / line.quantity
                for line in reduced
            )
            if not part:
                continue
            whole = discount.price_unit * discount.quantity
            price = whole * part * share / discount.price_subtotal
            if all(
                line.product_uom_id.compare(chosen.get(line.id, 0.0), left[line.id])
                >= 0
                for line in reduced
            ):
                # The rest, so that all parts add up.
                price = whole - self._get_key_account_credited_discount(discount)
            values.append(
                {
                    **discount._prepare_key_account_credit_line(1),
                    "price_unit": self.currency_id.round(price),
                }
            )
        return values

    def _get_key_account_credited_discount(self, discount):
        """Return what reversals have taken back of a discount, below zero."""
        before = self._get_key_account_credit_notes()._get_key_account_discount_lines()
        return sum(
            line.price_unit * line.quantity
            for line in before
            if line.key_account_credited_line_id == discount
            or (
                not line.key_account_credited_line_id
                and line.product_id == discount.product_id
                and line.tax_ids == discount.tax_ids
            )
        )

    def _prepare_key_account_line_credits(self, quantities):
        """Return the lines that credit quantities of the invoice's lines.

        :param quantities: dict of invoice line -> quantity
        :return: list of values
        """
        before = self._get_key_account_credit_notes().invoice_line_ids
        return [
            line._prepare_key_account_credit_line(quantity)
            | line._prepare_key_account_credit_rest(quantity, before)
            for line, quantity in quantities.items()
        ]

    def _prepare_key_account_credit(self, complaint, quantities, left):
        """Return the values of a credit note for quantities of the invoice's lines.

        :param complaint: ``key.account.complaint``, named on the credit note
        :param quantities: dict of invoice line -> quantity
        :param dict left: line id -> quantity that was left before
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
                Command.create(values)
                for values in [
                    *self._prepare_key_account_line_credits(quantities),
                    *self._prepare_key_account_discount_credits(quantities, left),
                ]
            ],
        }

    def _check_key_account_quantities(self, quantities, left):
        """Refuse to credit nothing, or more than is left.

        :param quantities: dict of invoice line -> quantity
        :param dict left: line id -> quantity that is left
        :raise UserError: names the line
        """
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
        self._check_key_account_quantities(quantities, left)
        refund = self.create(
            self._prepare_key_account_credit(complaint, quantities, left)
        )
        refund._take_key_account_excess(amount)
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

    def _take_key_account_excess(self, amount):
        """Take off the cents by which single credits have rounded up.

        Taxes round each time, and so do lines that others have credited in part.

        :param float amount: what is left, with taxes, in the currency of the invoice
        """
        self.ensure_one()
        lines = self.invoice_line_ids
        taxes = self.line_ids.filtered("tax_line_id")
        excess = self.currency_id.round(self.amount_total - amount)
        # Half a cent for each line, and each of its taxes, of each credit note.
        notes = len(self.reversed_entry_id._get_key_account_credit_notes())
        limit = self.currency_id.rounding * (len(lines) + len(taxes)) * notes
        if not 0 < excess <= limit:
            return
        if taxes:
            line = taxes.sorted(lambda line: abs(line.amount_currency))[-1]
            # A credit note has its taxes on the debit side.
            values = {"amount_currency": line.amount_currency - excess}
        else:
            line = lines.sorted("price_subtotal")[-1]
            price = (line.price_subtotal - excess) / line.quantity
            values = {"price_unit": price, "discount": 0.0}
        self.line_ids = [Command.update(line.id, values)]
