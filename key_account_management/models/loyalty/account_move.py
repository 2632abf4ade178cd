# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from collections import defaultdict

from odoo import fields, models
from odoo.exceptions import UserError

from .points_rules import WHOLE, paid_share, spread

#: Programs whose rewards are means of payment or of the same kind: as in core, what
#: they take off the price doesn't take points away.
PAYING_TYPES = ("ewallet", "gift_card", "loyalty")


class AccountMove(models.Model):
    """Points follow the invoice: posted, paid, credited, unpaid, cancelled."""

    _name = "account.move"
    _inherit = ["account.move", "key.account.server.written"]
    _server_written = (
        "key_account_settlement_card_id",
        "key_account_settlement_points",
        "key_account_settlement_amount",
    )

    key_account_settlement_card_id = fields.Many2one(
        "loyalty.card",
        string="Settles Points Of",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups="base.group_user",
        help="The credit note pays out points of this card.",
    )
    key_account_settlement_points = fields.Float(
        string="Points Paid Out", readonly=True, copy=False, groups="base.group_user"
    )
    key_account_settlement_amount = fields.Monetary(
        string="Value of the Points",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )

    def _pays_out(self):
        """Points are paid out, and referrals rewarded, by credit notes of their own."""
        # sudo: whether it is one, whatever the user can read of cards and referrals.
        move = self.sudo()
        rewards = self.env["key.account.referral"].sudo()
        return bool(
            super()._pays_out()
            or move.key_account_settlement_card_id
            or rewards.search_count([("reward_move_id", "in", move.ids)], limit=1)
        )

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals or "matched_payment_ids" in vals:
            self._sync_points()
        if "state" in vals:
            self._sync_referrals()
        if "matched_payment_ids" in vals:
            self._reward_referrals()
        return result

    def _invoice_paid_hook(self):
        result = super()._invoice_paid_hook()
        self._sync_points()
        self._reward_referrals()
        return result

    def _sync_points(self):
        """Bring points in step with these documents and those they belong to."""
        Program = self.env["loyalty.program"]
        if not Program._get_point_ledger_ids():
            return
        documents = self.filtered(
            lambda move: move.move_type in ("out_invoice", "out_refund")
            and Program._get_point_ledger_ids(move.company_id.id)
        )
        if not documents:
            return
        # sudo: points follow the document whatever rights its user has.
        documents = documents.sudo()
        for settlement in documents.filtered("key_account_settlement_card_id"):
            settlement._sync_settlement()
        refunds = documents.filtered(lambda move: move.move_type == "out_refund")
        invoices = (documents - refunds) | refunds.reversed_entry_id
        order_lines = refunds.invoice_line_ids.sale_line_ids
        if order_lines:
            loose = refunds.filtered(lambda move: not move.reversed_entry_id)
            invoices |= (
                loose.invoice_line_ids.sale_line_ids.invoice_lines.move_id.filtered(
                    lambda move: move.move_type == "out_invoice"
                )
            )
            self.env["loyalty.accrual"]._sync_orders(order_lines.order_id, refunds)
            self.env["loyalty.redemption"]._sync_orders(order_lines.order_id, refunds)
        self.env["loyalty.accrual"]._sync_invoices(invoices, refunds)

    def _point_source(self):
        """Return the values by which entries name this invoice."""
        self.ensure_one()
        return {
            "order_model": "account.move",
            "order_id": self.id,
            "key_account_move_id": self.id,
            "key_account_id": self.key_account_id.id,
            "description": self.env._("Invoice %s", self.name),
        }

    def _point_day(self, moment):
        """Return the day on which the invoice earned its points.

        :param str moment: see ``loyalty.program``
        """
        self.ensure_one()
        days = [self.invoice_date]
        if moment == "invoice_paid":
            days += self.line_ids.matched_credit_ids.mapped("max_date")
            days += self.matched_payment_ids.filtered(
                lambda payment: payment.state in ("in_process", "paid")
            ).mapped("date")
        today = self.company_id._get_key_account_today()
        return min(max((day for day in days if day), default=today), today)

    # What the points are worked out from

    def _get_point_lines(self):
        """Return the lines that count for the rules of programs.

        As on the order: freight earns no points, for example.
        """
        self.ensure_one()
        orders = self.invoice_line_ids.sale_line_ids.order_id
        no_effect = self.env["sale.order.line"].union(
            *(order._get_no_effect_on_threshold_lines() for order in orders)
        )
        return self.invoice_line_ids.filtered(
            lambda line: line.display_type == "product"
            and line.product_id
            and not line.sale_line_ids & no_effect
            and not any(
                reward.program_id.program_type in PAYING_TYPES
                for reward in line.sale_line_ids.reward_id
            )
        )

    def _get_product_amounts(self):
        """Return the amounts by product key, taxes included, in document currency."""
        self.ensure_one()
        amounts = defaultdict(float)
        for line in self.invoice_line_ids:
            if line.display_type == "product":
                amounts[str(line.product_id.id or WHOLE)] += line.price_total
        return dict(amounts)

    def _get_paid_share(self):
        """Return which share of the invoice has been paid by money, 0 to 1."""
        self.ensure_one()
        if self.state != "posted":
            return 0.0
        total = self.amount_total
        if self.currency_id.is_zero(total):
            return 1.0
        credited = sum(self._get_reconciled_credits().values())
        paid = total - self.amount_residual - credited
        # Payments of journals without an outstanding account have no entry, and so
        # leave the residual as it is.
        for payment in self.matched_payment_ids.filtered(
            lambda payment: not payment.move_id
            and payment.state in ("in_process", "paid")
        ):
            paid += payment.currency_id._convert(
                payment.amount, self.currency_id, self.company_id, payment.date
            )
        return paid_share(total, credited, paid)

    def _is_means_of_payment(self):
        """Tell whether a credit note pays what we owe, such as points; a hook."""
        self.ensure_one()
        return bool(self.key_account_settlement_card_id)

    def _get_reconciled_credits(self):
        """Return the credit notes that settle part of the invoice.

        Those that are means of payment count as money.

        :return: dict of credit note -> amount in the invoice's currency
        """
        credits = defaultdict(float)
        if self.payment_state == "not_paid":
            return credits
        for partial in self.line_ids.matched_credit_ids:
            move = partial.credit_move_id.move_id
            if move.move_type == "out_refund" and not move._is_means_of_payment():
                credits[move] += partial.debit_amount_currency
        return credits

    def unlink(self):
        if not self:
            return super().unlink()
        # sudo: see _sync_points.
        for move in self.sudo().filtered("key_account_settlement_card_id"):
            move._take_back_settlement()
        return super().unlink()

    def _take_back_settlement(self):
        """Give the points back when their credit note no longer counts."""
        self.ensure_one()
        number = self.name or self.id
        self.key_account_settlement_card_id._take_back_spending(
            self, self.env._("Credit note %s cancelled, points given back", number)
        )

    def _check_settlement_amount(self):
        """Refuse a credit note that pays more than its points are worth.

        :raise UserError: for a higher amount, or another customer than the holder
        """
        self.ensure_one()
        holder = self.key_account_settlement_card_id.partner_id.commercial_partner_id
        if holder and self.commercial_partner_id != holder:
            raise UserError(
                self.env._(
                    "The points belong to %s, so they are paid out to no one else.",
                    holder.display_name,
                )
            )
        worth = self.key_account_settlement_amount
        if (
            self.state == "posted"
            and self.currency_id.compare_amounts(self.amount_untaxed, worth) > 0
        ):
            raise UserError(
                self.env._(
                    "%(points)s points are worth %(worth)s. The credit note can't pay "
                    "more than that; create another one for anything else that is due.",
                    points=self.key_account_settlement_points,
                    worth=self.currency_id.format(worth),
                )
            )

    def _sync_settlement(self):
        """Spend the points of a credit note that pays them, as long as it counts."""
        self.ensure_one()
        if self.state == "cancel":
            return self._take_back_settlement()
        self._check_settlement_amount()
        card = self.key_account_settlement_card_id
        card._lock_points()
        booked = sum(card._get_spendings(self).mapped("key_account_points"))
        missing = self.key_account_settlement_points + booked
        if missing > 0.004:
            card._expire()
            text = self.env._("Paid out by credit note %s", self.name or self.id)
            card._book(
                -missing, "spend", **self._point_source() | {"description": text}
            )

    def _get_credited_amounts(self):
        """Return what credit notes took off these invoices.

        A credit note belongs to the invoice it reverses; one made from the order, to
        the order's latest invoices; a free one counts as far as it settles an invoice.

        :return: dict of invoice id -> dict of product key -> amount in the invoice's
            currency
        """
        result = {}
        for invoice in self:
            amounts = defaultdict(float)
            for refund in invoice._get_point_refunds():
                for key, amount in refund._get_product_amounts().items():
                    amounts[key] += refund._in_currency_of(invoice, amount)
            for key, amount in invoice._get_order_credits():
                amounts[key] += amount
            for refund, amount in invoice._get_reconciled_credits().items():
                orders = refund.invoice_line_ids.sale_line_ids
                if not refund.reversed_entry_id and not orders:
                    amounts[WHOLE] += amount
            if amounts:
                result[invoice.id] = dict(amounts)
        return result

    def _is_wholly_credited(self):
        """Tell whether nothing of the invoice is left to the customer to pay for."""
        self.ensure_one()
        credited = self._get_credited_amounts().get(self.id, {})
        left = self.amount_total - sum(credited.values())
        return self.currency_id.compare_amounts(left, 0.0) <= 0

    def _get_point_refunds(self):
        """Return the posted credit notes that reverse the invoice."""
        self.ensure_one()
        return self.reversal_move_ids.filtered(
            lambda move: move.state == "posted" and move.move_type == "out_refund"
        )

    def _get_order_credits(self):
        """Return this invoice's part of credit notes made from its orders.

        :return: list of (product key, amount)
        """
        self.ensure_one()
        order_lines = self.invoice_line_ids.sale_line_ids
        family = order_lines.invoice_lines.move_id.filtered(
            lambda move: move.state == "posted"
        )
        refunds = family.filtered(
            lambda move: move.move_type == "out_refund" and not move.reversed_entry_id
        )
        if not refunds:
            return []
        open_amounts = {
            move: move._get_product_amounts()
            for move in family.sorted("id", reverse=True)
            if move.move_type == "out_invoice"
        }
        parts = []
        for refund in refunds.sorted("id"):
            for key, amount in refund._get_product_amounts().items():
                amount = refund._in_currency_of(self, amount)
                shares, _rest = spread(
                    [
                        (invoice, amounts.get(key, 0.0))
                        for invoice, amounts in open_amounts.items()
                    ],
                    amount,
                )
                for invoice, share in shares.items():
                    open_amounts[invoice][key] -= share
                if shares.get(self):
                    parts.append((key, shares[self]))
        return parts

    def _in_currency_of(self, invoice, amount):
        """Return an amount of this document in another document's currency."""
        if self.currency_id == invoice.currency_id:
            return amount
        return self.currency_id._convert(
            amount, invoice.currency_id, self.company_id, self.invoice_date or self.date
        )

    def _reward_referrals(self):
        self.env["key.account.referral"]._reward_for_invoices(self)

    def _sync_referrals(self):
        """Take rewards back whose invoice was reset, cancelled or wholly credited."""
        refunds = self.filtered(lambda move: move.move_type == "out_refund")
        lost = self.filtered(lambda move: move.state != "posted") - refunds
        # sudo: rewards follow the document whatever rights its user has.
        invoices = lost.sudo() | refunds.sudo().reversed_entry_id
        sold = refunds.sudo().invoice_line_ids.sale_line_ids
        invoices |= sold.invoice_lines.move_id
        invoices = invoices.filtered(lambda move: move.move_type == "out_invoice")
        self.env["key.account.referral"]._withdraw_for_invoices(invoices)
