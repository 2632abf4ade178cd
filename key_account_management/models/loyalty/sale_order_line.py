# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models

from .ledger_flow import current_flow, ledger_flow


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        if not self._has_point_ledgers() or not any(
            vals.get("points_cost") for vals in vals_list
        ):
            return super().create(vals_list)
        vals_list = self._complete_order(vals_list)
        lines = self.browse()
        # One by one: a reward that is added to a confirmed order books at once.
        for vals in vals_list:
            order = self.env["sale.order"].browse(vals.get("order_id"))
            with self._booked_for(order if vals.get("coupon_id") else order.browse()):
                lines += super().create([vals])
        return lines

    def write(self, vals):
        if "points_cost" not in vals or not self._has_point_ledgers():
            return super().write(vals)
        for order, lines in self.grouped("order_id").items():
            with self._booked_for(order):
                super(SaleOrderLine, lines).write(vals)
        return True

    def unlink(self):
        if not self._has_point_ledgers() or not any(
            line.points_cost and line.state == "sale" for line in self
        ):
            return super().unlink()
        for order, lines in self.grouped("order_id").items():
            with self._booked_for(order):
                super(SaleOrderLine, lines).unlink()
        return True

    @api.model
    def _has_point_ledgers(self):
        return bool(self.env["loyalty.program"]._get_point_ledger_ids())

    def _booked_for(self, order):
        """Tell the card which order a change of its balance comes from."""
        Program = self.env["loyalty.program"]
        is_ours = order.state == "sale" and Program._get_point_ledger_ids(
            order.company_id.id
        )
        return ledger_flow(order.id if is_ours else current_flow())
