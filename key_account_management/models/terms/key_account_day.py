# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import format_date

from ..account.key_account_day import Signal, Step

#: How many days ahead the end of a special price list is told.
AHEAD_DAYS = 30


class KeyAccountDay(models.AbstractModel):
    """Special price lists that are about to end."""

    _inherit = "key.account.day"

    @api.model
    def _day_kinds(self):
        return {
            **super()._day_kinds(),
            "pricelist": ("news", self.env._("Price List Ends")),
        }

    @api.model
    def _day_signals(self, accounts, today):
        ahead = today + relativedelta(days=AHEAD_DAYS)
        signals = super()._day_signals(accounts, today)
        for account in accounts._filter_list_ends(today, ahead):
            pricelist = account.pricelist_id
            end = pricelist.key_account_date_end
            signals.append(
                Signal(
                    "pricelist",
                    account,
                    pricelist,
                    self.env._(
                        "“%(name)s” ends on %(day)s.",
                        name=pricelist.name,
                        day=format_date(self.env, end),
                    ),
                    self.env._("After that the next prices apply."),
                    0.0,
                    end,
                    Step(self.env._("Open"), type="open"),
                )
            )
        return signals
