# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models

from ..account.key_account_day import Signal, Step


class KeyAccountDay(models.AbstractModel):
    """Orders that can't be confirmed until they are released."""

    _inherit = "key.account.day"

    @api.model
    def _day_kinds(self):
        return {**super()._day_kinds(), "hold": ("owe", self.env._("Held Order"))}

    @api.model
    def _day_signals(self, accounts, today):
        signals = super()._day_signals(accounts, today)
        release = self.env["sale.order"]._decision_activity
        orders = self.env["sale.order"].search(
            [
                ("key_account_id", "in", accounts.ids),
                ("state", "in", ("draft", "sent")),
                ("activity_ids.activity_type_id", "=", self.env.ref(release).id),
            ]
        )
        for order in orders.filtered("key_account_is_held"):
            if order.key_account_user_may_release:
                step = self._decision_step(order)
            else:
                step = Step(self.env._("Open"), type="open")
            signals.append(
                Signal(
                    "hold",
                    order.key_account_id,
                    order,
                    self.env._("%s is held.", order.name),
                    order.key_account_credit_issue or "",
                    order._to_company_currency(order.amount_untaxed),
                    order.company_id._to_key_account_day(order.create_date),
                    step,
                )
            )
        return signals

    @api.model
    def _decision_step(self, record):
        """Release an order from its row, which says what is wrong with it."""
        if record._name != "sale.order":
            return super()._decision_step(record)
        return Step(
            self.env._("Release"),
            "key_account_management.sale_order_release_action",
            "action",
        )
