# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import format_date

from ..account.key_account_day import Signal, Step
from ..account.key_account_overview import CONTACT_TYPES

#: A quotation that the customer has had for a week is asked after.
ANSWER_DAYS = 7
#: Or one that is valid for a few days only.
VALID_DAYS = 3


class KeyAccountDay(models.AbstractModel):
    """Risk, overdue money, and quotations that the customer hasn't answered."""

    _inherit = "key.account.day"

    @api.model
    def _day_kinds(self):
        return {
            **super()._day_kinds(),
            "risk": ("close", self.env._("At Risk")),
            "overdue": ("close", self.env._("Overdue Money")),
            "quotation": ("close", self.env._("Quotation Without Answer")),
        }

    @api.model
    def _day_signals(self, accounts, today):
        return [
            *super()._day_signals(accounts, today),
            *self._risk_signals(accounts),
            *self._overdue_signals(accounts, today),
            *self._quotation_signals(accounts, today),
        ]

    @api.model
    def _risk_signals(self, accounts):
        return [
            Signal(
                "risk",
                account,
                account,
                self.env._("The account is at risk."),
                account.risk_reason or "",
                account.revenue_12m,
                step=Step(self.env._("Plan a Meeting"), "action_plan_meeting"),
            )
            for account in accounts
            if account.state == "at_risk"
        ]

    @api.model
    def _overdue_signals(self, accounts, today):
        """Ask the documents: what was paid this morning isn't overdue any more."""
        late = accounts.filtered(lambda account: account.overdue_amount > 0)
        if not late:
            return []
        amounts = late._get_open_amounts(late.company_id, today, with_orders=False)
        return [
            Signal(
                "overdue",
                account,
                account,
                self.env._("%s is overdue.", account._format_amount(open_.overdue)),
                self.env._(
                    "The oldest item was due on %s.",
                    format_date(self.env, open_.oldest),
                )
                if open_.oldest
                else "",
                open_.overdue,
                open_.oldest or None,
                Step(self.env._("See Items"), "action_view_overdue"),
            )
            for account in late
            for open_ in (amounts[account.id],)
            if account.currency_id.compare_amounts(open_.overdue, 0) > 0
        ]

    @api.model
    def _quotation_signals(self, accounts, today):
        orders = self.env["sale.order"].search(
            [("key_account_id", "in", accounts.ids), ("state", "=", "sent")]
        )
        asked = self._get_last_messages(orders)
        signals = []
        for order in orders:
            to_day = order.company_id._to_key_account_day
            since = to_day(max(order.date_order, asked.get(order.id, order.date_order)))
            valid = order.validity_date
            last_call = valid and valid - relativedelta(days=VALID_DAYS)
            waits = (today - since).days
            if waits < ANSWER_DAYS and not (last_call and since < last_call <= today):
                continue
            signals.append(
                Signal(
                    "quotation",
                    order.key_account_id,
                    order,
                    self.env._(
                        "%(order)s: no answer for %(days)s days.",
                        order=order.name,
                        days=waits,
                    ),
                    self.env._("Valid until %s.", format_date(self.env, valid))
                    if valid
                    else "",
                    order._to_company_currency(order.amount_untaxed),
                    valid or None,
                    Step(self.env._("Write"), "action_quotation_send"),
                )
            )
        return signals

    @api.model
    def _get_last_messages(self, records):
        """Return when we or the customer last wrote on records, by id."""
        # sudo: only the moment, of records that the user has read.
        Message = self.env["mail.message"].sudo()
        return dict(
            Message._read_group(
                [
                    ("model", "=", records._name),
                    ("res_id", "in", records.ids),
                    ("message_type", "in", CONTACT_TYPES),
                    ("is_internal", "=", False),
                ],
                ["res_id"],
                ["date:max"],
            )
        )
