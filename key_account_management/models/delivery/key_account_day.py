# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models
from odoo.tools import format_date

from ..account.key_account_day import Signal, Step


class KeyAccountDay(models.AbstractModel):
    """Orders that are late or incomplete."""

    _inherit = "key.account.day"

    @api.model
    def _day_kinds(self):
        return {**super()._day_kinds(), "late": ("owe", self.env._("Late Order"))}

    @api.model
    def _day_signals(self, accounts, today):
        signals = super()._day_signals(accounts, today)
        lines = self.env["sale.order.line"].search(
            [
                ("key_account_is_overdue", "=", True),
                ("order_id.key_account_id", "in", accounts.ids),
            ]
        )
        return signals + [
            self._late_signal(order, late)
            for order, late in lines.grouped("order_id").items()
        ]

    @api.model
    def _late_signal(self, order, lines):
        """Return the signal of an order, with what it says of its late lines."""
        promised = min(lines.mapped("key_account_promised_date"))
        begun = any(line.qty_delivered for line in order.order_line)
        reason = (
            self.env._("%s is incomplete.", order.name)
            if begun
            else self.env._("%s is late.", order.name)
        )
        missing = sum(
            line.price_subtotal * (1 - line.qty_delivered / line.product_uom_qty)
            for line in lines
        )
        return Signal(
            "late",
            order.key_account_id,
            order,
            reason,
            self.env._(
                "Promised for %(day)s. Lines that wait: %(number)s.",
                day=format_date(self.env, promised),
                number=len(lines),
            ),
            order._to_company_currency(missing),
            promised,
            Step(self.env._("See Lines"), "action_view_key_account_late_lines"),
        )
