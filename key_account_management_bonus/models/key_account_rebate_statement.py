# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models
from odoo.tools import format_date

from .rebate_rules import bounds_of, reached_step, slice_each


class KeyAccountRebate(models.Model):
    """The statement of a period: each line, and the step that it fell in."""

    _inherit = "key.account.rebate"

    def _get_statement(self, period, day):
        """Return a statement as plain values, in the language of the environment.

        :param period: first and last day
        :param day: invoices up to this day
        :return: dict; amounts are floats in company currency
        """
        self.ensure_one()
        worth = self._measure([(self, period)], day)[0]
        before = worth.settled(self._get_settled(self))
        rows = self._get_statement_rows(worth, day)
        steps = self.step_ids.sorted("bound")
        number = reached_step(worth.terms, worth.reached, worth.base)
        by_slices = self.mode == "incremental"
        return {
            "rebate": self,
            "name": self.name,
            "from": period[0],
            "to": period[1],
            "day": day,
            "period": f"{format_date(self.env, period[0])} – "
            f"{format_date(self.env, period[1])}",
            "steps": [
                {
                    "label": step.display_name,
                    "rate": step.value,
                    # Retroactive: the highest one is for everything.
                    "is_reached": number is not None
                    and (place == number or place < number and by_slices),
                }
                for place, step in enumerate(steps)
            ],
            "rows": rows,
            "reached": self._format_basis(float(worth.reached)),
            "growth_base": self._format_basis(float(worth.base))
            if self.is_growth
            else False,
            "earned": float(worth.amount),
            "settled": float(before),
            "open": float(worth.amount - before),
            "is_shared": worth.share != 1,
            "notes": self._get_statement_notes(worth),
            "minimum": self.minimum_amount,
            "maximum": self.maximum_amount,
        }

    def _get_statement_notes(self, worth):
        """Return the sentences under a statement."""
        notes = []
        if self.minimum_amount:
            amount = self.currency_id.format(self.minimum_amount)
            notes.append(self.env._("A bonus below %s isn't paid.", amount))
        if self.maximum_amount:
            amount = self.currency_id.format(self.maximum_amount)
            notes.append(self.env._("The bonus is %s at most.", amount))
        if worth.share != 1:
            notes.append(self.env._("Other bonuses pay for a part of these lines."))
        if other := self._get_unconvertible(*worth.period):
            notes.append(
                self.env._(
                    "%s lines have another kind of unit; their quantity doesn't count.",
                    other,
                )
            )
        return notes

    def _get_statement_rows(self, worth, day):
        """Return the lines with the steps that they fell in, one row for each part."""
        steps = bounds_of(worth.terms, worth.base)
        labels = self.step_ids.sorted("bound").mapped("display_name")
        rates = self.step_ids.sorted("bound").mapped("value")
        lines = self.env["key.account.rebate.basis"]._get_lines(self, worth.period, day)
        items = [item for _line, item in lines]
        if worth.terms.mode == "retroactive":
            number = reached_step(worth.terms, worth.reached, worth.base)
            parts = [[(number, item)] for item in items]
        else:
            parts = [
                of_item or [(None, item)]
                for of_item, item in zip(
                    slice_each(steps, items, worth.terms.by), items, strict=True
                )
            ]
        # sudo: of invoices that the reader may not open only these values are shown.
        records = (
            self.env["account.move.line"].sudo().browse([key for key, _i in lines])
        )
        rows = []
        for line, of_line in zip(records, parts, strict=True):
            for number, part in of_line:
                rows.append(
                    {
                        "id": line.id,
                        "date": line.invoice_date or line.date,
                        "document": line.move_id.name,
                        "customer": line.partner_id.commercial_partner_id.name,
                        "product": line.product_id.display_name or line.name or "",
                        "quantity": float(part.quantity),
                        "revenue": float(part.revenue),
                        "step": labels[number] if number is not None else "",
                        "rate": rates[number] if number is not None else 0.0,
                    }
                )
        return rows

    def _find_period(self, day):
        """Return the period of a day, or the last one there was before it."""
        self.ensure_one()
        day = max(day, self.date_start)
        return self._get_period(day) or self._get_period(self.effective_end)
