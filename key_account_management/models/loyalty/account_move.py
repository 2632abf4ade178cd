# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models
from odoo.exceptions import UserError

from .points_rules import WHOLE, deserved, paid_share, points_left, spread

#: Programs whose rewards are means of payment or of the same kind: as in core, what
#: they take off the price doesn't take points away.
PAYING_TYPES = ("ewallet", "gift_card", "loyalty")


class AccountMove(models.Model):
    """Points follow the invoice: posted, paid, credited, unpaid, cancelled."""

    _inherit = "account.move"

    loyalty_settlement_card_id = fields.Many2one(
        "loyalty.card",
        string="Settles Points Of",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups="base.group_user",
        help="The credit note pays out points of this card.",
    )
    loyalty_settlement_points = fields.Float(
        string="Points Paid Out", readonly=True, copy=False, groups="base.group_user"
    )
    loyalty_settlement_amount = fields.Monetary(
        string="Worth of the Points",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals or "matched_payment_ids" in vals:
            self._sync_points()
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
        # sudo: whoever posts or pays, the points follow.
        documents = documents.sudo()
        for settlement in documents.filtered("loyalty_settlement_card_id"):
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
        self.env["loyalty.accrual"]._sync_invoices(invoices, refunds)

    def _earn_points(self):
        """Let a posted invoice earn by every program that holds for it, once."""
        self.ensure_one()
        programs = self.env["loyalty.program"]._get_point_ledgers(self.company_id)
        programs = programs.filtered(lambda program: self._may_earn_by(program))
        if self.move_type != "out_invoice" or not programs:
            return
        Accrual = self.env["loyalty.accrual"]
        open_earnings = Accrual._get_open_earnings(self)
        share = None
        for program in programs - open_earnings.program_id:
            if share is None:
                share = self._get_paid_share()
            if program.accrual_moment == "invoice_paid" and share < 1:
                continue
            factor = self.key_account_tier_id.point_multiplier or 1.0
            points = {
                key: earned * factor
                for key, earned in program._get_invoice_points(self).items()
            }
            amounts = self._get_product_amounts()
            credited = self._get_credited_amounts().get(self.id)
            left = points_left(points, amounts, credited) if credited else 1
            if (
                sum(points.values()) <= 0
                or deserved(left, share, program.accrual_moment, False) <= 0
            ):
                continue
            card = program._get_card(self.partner_id, self.key_account_id, create=True)
            if card:
                Accrual._open_earning(
                    card,
                    self,
                    points,
                    amounts,
                    date=self._point_day(program.accrual_moment),
                    **self._point_source(),
                )

    def _may_earn_by(self, program):
        self.ensure_one()
        day = self.invoice_date
        return (
            program.accrual_moment != "order_confirmed"
            and program._admits(self.key_account_id, self.key_account_tier_id)
            and not (program.date_from and day and day < program.date_from)
            and not (program.date_to and day and day > program.date_to)
            and (
                not program.pricelist_ids
                or self.line_ids.sale_line_ids.order_id.pricelist_id
                & program.pricelist_ids
            )
            and not self._order_has_earned(program, "sale.order")
        )

    def _order_has_earned(self, program, model="account.move"):
        """Tell whether the order behind the invoice has earned by a program already.

        :param str model: ``sale.order`` for the order itself, ``account.move`` for
            another invoice of it
        """
        orders = self.line_ids.sale_line_ids.order_id
        documents = orders if model == "sale.order" else orders.invoice_ids - self
        return bool(
            documents
            and self.env["loyalty.history"].search_count(
                [
                    ("order_model", "=", model),
                    ("order_id", "in", documents.ids),
                    ("program_id", "=", program.id),
                    ("is_open", "=", True),
                ],
                limit=1,
            )
        )

    def _point_source(self):
        """Return the values by which entries name this invoice."""
        self.ensure_one()
        return {
            "order_model": "account.move",
            "order_id": self.id,
            "move_id": self.id,
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
        today = fields.Date.context_today(self)
        return min(max((day for day in days if day), default=today), today)

    # What the points are reckoned from

    def _get_point_lines(self, program):
        """Return the lines that count for a program's rules."""
        self.ensure_one()
        return self.invoice_line_ids.filtered(
            lambda line: line.display_type == "product"
            and line.product_id
            and not any(
                reward.program_id.program_type in PAYING_TYPES
                for reward in line.sale_line_ids.reward_id
            )
        )

    def _get_product_amounts(self):
        """Return the amounts by product key, taxes included, in document currency."""
        self.ensure_one()
        amounts = {}
        for line in self.invoice_line_ids.filtered(
            lambda line: line.display_type == "product"
        ):
            key = str(line.product_id.id or WHOLE)
            amounts[key] = amounts.get(key, 0.0) + line.price_total
        return amounts

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

    def _get_reconciled_credits(self):
        """Return the credit notes that settle part of the invoice.

        Those that are means of payment (points paid out) count as money.

        :return: dict of credit note -> amount in the invoice's currency
        """
        credits = {}
        if self.payment_state == "not_paid":
            return credits
        partials = self.line_ids.matched_credit_ids
        for partial in partials:
            move = partial.credit_move_id.move_id
            if move.move_type == "out_refund" and not move._is_point_payment():
                credits[move] = credits.get(move, 0.0) + partial.debit_amount_currency
        return credits

    def _is_point_payment(self):
        """Tell whether a credit note pays out points: it takes no points back."""
        self.ensure_one()
        return bool(self.loyalty_settlement_card_id)

    def unlink(self):
        if not self:
            return super().unlink()
        for move in self.sudo().filtered("loyalty_settlement_card_id"):  # see _sync
            move._take_back_settlement()
        return super().unlink()

    def _settlement_source(self):
        self.ensure_one()
        return {
            "order_model": "account.move",
            "order_id": self.id,
            "move_id": self.id,
            "description": self.env._(
                "Paid out by credit note %s", self.name or self.id
            ),
        }

    def _take_back_settlement(self):
        """Give points back whose credit note doesn't count any more."""
        self.ensure_one()
        self.loyalty_settlement_card_id._take_back_spending(
            **{
                **self._settlement_source(),
                "description": self.env._(
                    "Credit note %s cancelled, points given back", self.name or self.id
                ),
            }
        )

    def _check_settlement_amount(self):
        """Refuse a credit note that pays more than its points are worth."""
        self.ensure_one()
        worth = self.loyalty_settlement_amount
        if (
            self.state == "posted"
            and self.currency_id.compare_amounts(self.amount_untaxed, worth) > 0
        ):
            raise UserError(
                self.env._(
                    "%(points)s points are worth %(worth)s. The credit note can't pay "
                    "more; write another one for what else is due.",
                    points=self.loyalty_settlement_points,
                    worth=self.currency_id.format(worth),
                )
            )

    def _sync_settlement(self):
        """Have the points of a paying credit note spent while it counts, not else."""
        self.ensure_one()
        if self.state == "cancel":
            return self._take_back_settlement()
        self._check_settlement_amount()
        card = self.loyalty_settlement_card_id
        card._lock_points()
        booked = self.env["loyalty.history"].search(
            [
                ("card_id", "=", card.id),
                ("order_model", "=", "account.move"),
                ("order_id", "=", self.id),
                ("kind", "in", ("spend", "unspend")),
            ]
        )
        missing = self.loyalty_settlement_points + sum(booked.mapped("points"))
        if missing > 0.004:
            card._expire()
            card._book(-missing, "spend", **self._settlement_source())

    def _get_credited_amounts(self):
        """Return what credit notes took off these invoices.

        A credit note belongs to the invoice it reverses; one made from the order, to
        the order's latest invoices; a free one counts as far as it settles an invoice.

        :return: dict of invoice id -> dict of product key -> amount in the invoice's
            currency
        """
        result = {}
        for invoice in self:
            amounts = {}
            for refund in invoice._get_point_refunds():
                for key, amount in refund._get_product_amounts().items():
                    amounts[key] = amounts.get(key, 0.0) + refund._in_currency_of(
                        invoice, amount
                    )
            for key, amount in invoice._get_order_credits():
                amounts[key] = amounts.get(key, 0.0) + amount
            for refund, amount in invoice._get_reconciled_credits().items():
                if not refund.reversed_entry_id and not (
                    refund.invoice_line_ids.sale_line_ids
                ):
                    amounts[WHOLE] = amounts.get(WHOLE, 0.0) + amount
            if amounts:
                result[invoice.id] = amounts
        return result

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
        invoices = family.filtered(lambda move: move.move_type == "out_invoice")
        open_amounts = {
            invoice: invoice._get_product_amounts()
            for invoice in invoices.sorted("id", reverse=True)
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
