# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What may still be credited of the invoices of an order, kept event by event.

Whatever credits an invoice uses up its quantities and its money: reversals, credit
notes for complaints, those made from the order, and free ones that settle it.
"""


class CreditReference:
    def __init__(self):
        #: Invoices in the order in which they were made.
        self.invoices = []
        self.left = {}
        self.amounts = {}

    def bill(self, invoice):
        self.invoices.append(invoice)
        self.amounts[invoice] = invoice.amount_total
        for line in self.lines(invoice):
            self.left[line] = line.quantity

    def lines(self, invoice):
        return [
            line
            for line in invoice.invoice_line_ids
            if line.display_type == "product"
            and line.quantity > 0
            and line.price_unit >= 0
        ]

    def quantities_left(self, invoice):
        return {line: self.left[line] for line in self.lines(invoice)}

    def amount_left(self, invoice):
        return max(round(self.amounts[invoice], 2), 0.0)

    def credit(self, invoice, quantities, amount):
        """A complaint's credit note or a reversal: its pieces and its money."""
        for line, quantity in quantities.items():
            self.left[line] -= quantity
        self.amounts[invoice] -= amount

    def take_back(self, invoice, quantities, amount):
        """A credit note was cancelled."""
        negative = {line: -quantity for line, quantity in quantities.items()}
        self.credit(invoice, negative, -amount)

    def credit_by_order(self, product, quantity, amount):
        """The order's own credit note takes from the latest invoice first."""
        price = amount / quantity
        for invoice in reversed(self.invoices):
            for line in self.lines(invoice):
                if line.product_id == product:
                    taken = min(self.left[line], quantity)
                    self.left[line] -= taken
                    self.amounts[invoice] -= taken * price
                    quantity -= taken

    def settle(self, invoice, amount):
        """A free credit note takes money and no pieces."""
        self.amounts[invoice] -= amount
