# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models

from odoo.addons.key_account_management.models.account.key_account_day import (
    Signal,
    Step,
)


class KeyAccountDay(models.AbstractModel):
    """Promises of reviews whose day has come, on both sides."""

    _inherit = "key.account.day"

    @api.model
    def _day_kinds(self):
        return {
            **super()._day_kinds(),
            "review_promise": ("owe", self.env._("Promise of a Review")),
            "review_their_promise": ("close", self.env._("Promise of the Customer")),
        }

    @api.model
    def _day_signals(self, accounts, today):
        signals = super()._day_signals(accounts, today)
        promises = self.env["key.account.promise"].search(
            [
                ("account_id", "in", accounts.ids),
                ("state", "=", "open"),
                ("date", "<=", today),
            ]
        )
        return signals + [
            Signal(
                "review_promise" if promise.side == "ours" else "review_their_promise",
                promise.account_id,
                promise,
                promise.name,
                self.env._(
                    "%(review)s, for %(owner)s.",
                    review=promise.review_id.display_name,
                    owner=promise.user_id.name,
                ),
                deadline=promise.date,
                step=Step(self.env._("Kept"), "action_done"),
            )
            for promise in promises
        ]
