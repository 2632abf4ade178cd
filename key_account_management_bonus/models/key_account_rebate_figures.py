# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models

from odoo.addons.key_account_management.models.tools.records import count_related

from .rebate_rules import (
    ZERO,
    exact,
    is_near,
    missing,
    reached_step,
    to_amount,
    total,
)


class KeyAccountRebate(models.Model):
    """What a bonus has come to: stored, as of a day, and refreshed each night."""

    _inherit = "key.account.rebate"

    figures_on = fields.Date(string="Figures of", readonly=True, copy=False)
    current_from = fields.Date(string="Period From", readonly=True, copy=False)
    current_to = fields.Date(string="Period Until", readonly=True, copy=False)
    reached = fields.Float(
        digits=(16, 2),
        readonly=True,
        copy=False,
        help="Revenue or quantity of the period that counts, up to that day.",
    )
    reached_revenue = fields.Float(digits=(16, 2), readonly=True, copy=False)
    reached_quantity = fields.Float(digits=(16, 2), readonly=True, copy=False)
    growth_base = fields.Float(
        string="Year Before", digits=(16, 2), readonly=True, copy=False
    )
    effective_rate = fields.Float(
        string="Share of Revenue (%)",
        digits=(16, 4),
        readonly=True,
        copy=False,
        help="What is expected of the period, as a share of the revenue that counts.",
    )
    due_for = fields.Monetary(
        readonly=True, copy=False, help="The due amount that was told of."
    )
    reached_step_id = fields.Many2one(
        "key.account.rebate.step",
        string="Present Step",
        readonly=True,
        copy=False,
        ondelete="set null",
    )
    next_step_id = fields.Many2one(
        "key.account.rebate.step",
        string="Next Step",
        readonly=True,
        copy=False,
        ondelete="set null",
    )
    missing = fields.Float(
        string="Missing to the Next Step", digits=(16, 2), readonly=True, copy=False
    )
    earned_amount = fields.Monetary(
        string="Earned", readonly=True, copy=False, help="In the period so far."
    )
    settled_amount = fields.Monetary(
        string="Settled", readonly=True, copy=False, help="For the period so far."
    )
    expected_amount = fields.Monetary(
        string="Expected",
        readonly=True,
        copy=False,
        help="For the whole period, by the expected total or the trend so far.",
    )
    open_amount = fields.Monetary(
        string="Open",
        readonly=True,
        copy=False,
        help="Earned and not settled, of the present period and of all before it.",
    )
    due_amount = fields.Monetary(
        string="Due",
        readonly=True,
        copy=False,
        help="Open of periods that are over, their days to settle included. Below "
        "zero it is reclaimed with the next settlement.",
    )
    is_step_near = fields.Boolean(
        string="Step Near",
        readonly=True,
        copy=False,
        help="A fifth of the next step's bound or less is missing.",
    )
    dispute_count = fields.Integer(compute="_compute_dispute_count")
    settlement_ids = fields.One2many(
        "key.account.rebate.settlement", "rebate_id", string="Settlements"
    )

    def _compute_dispute_count(self):
        counts = count_related(self, "key.account.rebate.dispute", "rebate_id")
        for rebate in self:
            rebate.dispute_count = counts[rebate.id]

    def action_refresh(self):
        """Take the figures now."""
        self.check_access("read")
        # sudo: figures are the server's; the user can read the bonuses.
        self.sudo()._refresh()

    def _refresh(self):
        """Take the figures of bonuses from their documents, many together."""
        for company, rebates in self.grouped("company_id").items():
            day = company._get_key_account_today()
            claims = rebates._get_open_claims(day)
            worths = rebates._measure(claims, day)
            settled = rebates._get_settled(rebates)
            by_rebate = {}
            for worth in worths:
                by_rebate.setdefault(worth.rebate.id, []).append(worth)
            for rebate in rebates:
                # sudo: the server's fields.
                rebate.sudo().write(
                    rebate._get_figures(by_rebate.get(rebate.id, []), settled, day)
                )

    def _get_figures(self, worths, settled, day):
        """Return the figures of a bonus.

        :param worths: of its open periods, in order
        :param settled: see ``_get_settled``
        """
        self.ensure_one()
        values = dict.fromkeys(
            (
                "reached",
                "reached_revenue",
                "reached_quantity",
                "growth_base",
                "effective_rate",
                "missing",
                "earned_amount",
                "settled_amount",
            ),
            0.0,
        )
        values |= {"figures_on": day, "reached_step_id": False, "next_step_id": False}
        values |= {"current_from": False, "current_to": False, "expected_amount": 0.0}
        values |= {"is_step_near": False}
        open_amount = due_amount = ZERO
        for worth in worths:
            amount = worth.amount - worth.settled(settled)
            open_amount += amount
            if self._is_due(worth.period, day):
                due_amount += amount
        if worths:
            values |= self._get_period_figures(worths[-1], settled, day)
        return values | {
            "open_amount": float(open_amount),
            "due_amount": float(due_amount),
        }

    def _get_period_figures(self, worth, settled, day):
        """Return the figures of the present period, or of the last one."""
        steps = self.sudo().step_ids.sorted("bound")
        number = reached_step(worth.terms, worth.reached, worth.base)
        gap, following = missing(worth.terms, worth.reached, worth.base)
        forecast = self._get_forecast(worth, day)
        ahead = forecast or self._get_trend(worth, day)
        expected = worth.amount
        if ahead and worth.reached > 0:
            ratio = max(exact(ahead) / worth.reached, 1)
            expected = to_amount(
                worth.accrued(ahead) * ratio, self.currency_id.rounding
            )
        whole = total(worth.items)
        accrued = worth.accrued(forecast)
        rate = 100 * accrued / whole.revenue if whole.revenue > 0 else ZERO
        return {
            "reached_revenue": float(whole.revenue),
            "reached_quantity": float(whole.quantity),
            "growth_base": float(worth.base),
            "effective_rate": float(rate),
            "current_from": worth.period[0],
            "current_to": worth.period[1],
            "reached": float(worth.reached),
            "reached_step_id": steps[number].id if number is not None else False,
            "next_step_id": steps[following].id if following is not None else False,
            "missing": float(gap or 0),
            "is_step_near": bool(gap) and is_near(worth.reached, worth.reached + gap),
            "earned_amount": float(worth.amount),
            "settled_amount": float(worth.settled(settled)),
            "expected_amount": float(expected),
        }
