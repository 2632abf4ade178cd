# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What the figures are by the rules: slow and plain, document by document.

Written from the rules and kept apart from the product's own helpers, so that both can't
be wrong in the same way.
"""

from datetime import timedelta

from dateutil.relativedelta import relativedelta

BILLS = ("out_invoice", "out_refund", "out_receipt")


class Reference:
    """The figures of key accounts of one company, as of a day."""

    def __init__(self, env, company, today):
        self.env = env(context={"active_test": False})
        self.company = company
        self.today = today
        self.first = today - relativedelta(years=1) + timedelta(days=1)
        here = [("company_id", "=", company.id)]
        self.orders = self.env["sale.order"].search(here)
        self.moves = self.env["account.move"].search([*here, ("state", "=", "posted")])

    def account_of_partner(self, partner):
        """Return the account of a customer, or of the nearest company above it."""
        company = partner.commercial_partner_id
        while company:
            account = self.env["key.account"].search(
                [
                    ("partner_id", "=", company.id),
                    ("company_id", "=", self.company.id),
                    ("state", "!=", "ended"),
                    ("active", "=", True),
                ]
            )
            if account:
                return account
            company = company.parent_id.commercial_partner_id
        return self.env["key.account"]

    def account_of(self, move):
        """An invoice is of the account of its order, a credit note of its invoice."""
        orders = move.invoice_line_ids.sale_line_ids.order_id
        for order in orders:
            if order.key_account_id:
                return order.key_account_id
        if not orders and move.reversed_entry_id:
            return self.account_of(move.reversed_entry_id)
        # Kept as it was: a contact may have moved to another company since.
        return self.account_of_partner(move.commercial_partner_id)

    def bills(self, account):
        return [
            move
            for move in self.moves
            if move.move_type in BILLS and self.account_of(move) == account
        ]

    def revenue(self, account, first, last):
        return sum(
            move.amount_untaxed * (-1 if move.move_type == "out_refund" else 1)
            for move in self.bills(account)
            if first <= move.invoice_date <= last
        )

    def order_count(self, account):
        count = 0
        for order in self.orders:
            day = self.company._to_key_account_day(order.date_order)
            if order.state == "sale" and order.key_account_id == account:
                count += self.first <= day <= self.today
        return count

    def payments(self, move):
        """Return what was paid of an invoice: list of (amount, days)."""
        found = []
        for partial in move.line_ids.matched_credit_ids:
            entry = partial.credit_move_id.move_id
            has_cash = any(
                line.account_id.account_type == "asset_cash" for line in entry.line_ids
            )
            if entry.origin_payment_id or entry.statement_line_id or has_cash:
                days = (partial.max_date - move.invoice_date).days
                found.append((partial.amount, days))
        return found

    def open_items(self, account):
        """Return the receivable items that are open, though others may pay them."""
        items = []
        for move in self.moves:
            for line in move.line_ids:
                if (
                    line.account_id.account_type != "asset_receivable"
                    or line.reconciled
                ):
                    continue
                if move.move_type in BILLS:
                    of_account = self.account_of(move)
                else:
                    of_account = self.env["key.account"].search(
                        [
                            (
                                "partner_id",
                                "=",
                                line.partner_id.commercial_partner_id.id,
                            ),
                            ("company_id", "=", self.company.id),
                        ]
                    )
                if of_account == account:
                    items.append(line)
        return items

    def overdue(self, account):
        return sum(
            line.amount_residual
            for line in self.open_items(account)
            if line.date_maturity and line.date_maturity < self.today
        )

    def days_to_pay(self, account):
        """Return (days, amount): paid amounts with their days, overdue with its age."""
        parts = []
        for move in self.bills(account):
            if (
                move.move_type != "out_refund"
                and self.first <= move.invoice_date <= self.today
            ):
                parts += self.payments(move)
        for line in self.open_items(account):
            late = line.date_maturity and line.date_maturity < self.today
            if late and line.amount_residual > 0:
                begun = line.move_id.invoice_date or line.date
                parts.append((line.amount_residual, (self.today - begun).days))
        amount = sum(part for part, _days in parts)
        if not amount:
            return 0.0, 0.0
        return sum(part * days for part, days in parts) / amount, amount

    def exposure(self, account):
        """What is posted and open, and what of the orders isn't invoiced yet."""
        total = sum(line.amount_residual for line in self.open_items(account))
        for order in self.orders:
            if order.state == "sale" and order.key_account_id == account:
                total += self.uninvoiced(order)
        return self.company.currency_id.round(total)

    def uninvoiced(self, order):
        left, paid_down = 0.0, 0.0
        for line in order.order_line:
            if line.display_type:
                continue
            invoiced = sum(
                bill.price_subtotal
                * (-1 if bill.move_id.move_type == "out_refund" else 1)
                for bill in line.invoice_lines
                if bill.move_id.state == "posted"
            )
            bills = line.invoice_lines
            pieces = sum(
                bill.quantity * (-1 if bill.move_id.move_type == "out_refund" else 1)
                for bill in bills
                if bill.move_id.state == "posted"
            )
            has_drafts = any(bill.move_id.state == "draft" for bill in bills)
            if line.is_downpayment:
                share = order.amount_total / order.amount_untaxed
                paid_down += invoiced * share
            elif line.product_uom_qty > 0 and not has_drafts:
                # Pieces count: they may have been billed cheaper.
                share = 1 - pieces / max(line.product_uom_qty, line.qty_delivered)
                left += line.price_total * min(max(share, 0), 1)
            elif abs(invoiced) < abs(line.price_subtotal):
                open_share = 1 - invoiced / line.price_subtotal
                left += line.price_total * min(open_share, 1)
        return left - min(paid_down, max(left, 0))

    def figures(self, account):
        """Return the figures of an account by the names of their fields."""
        before = self.first - timedelta(days=1)
        days, amount = self.days_to_pay(account)
        return {
            "revenue_12m": self.revenue(account, self.first, self.today),
            "revenue_prev_12m": self.revenue(
                account, self.first - relativedelta(years=1), before
            ),
            "order_count_12m": self.order_count(account),
            "days_to_pay": days,
            "days_to_pay_weight": amount,
            "overdue_amount": self.overdue(account),
            "credit_exposure": self.exposure(account),
        }
