# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import UserError

from .key_account_complaint_stage import READERS


class SaleOrder(models.Model):
    _inherit = "sale.order"

    key_account_complaint_id = fields.Many2one(
        "key.account.complaint",
        string="Replacement for Complaint",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups=READERS,
    )

    def _complaint_field(self):
        return "order_id"

    @api.depends("key_account_id")
    def _compute_has_critical_complaint(self):
        return super()._compute_has_critical_complaint()

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_complaint_link(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_complaint_link(vals)
        return super().write(vals)

    def _check_complaint_link(self, vals):
        """A replacement passes the margin floor: nobody calls an order one himself."""
        if vals.get("key_account_complaint_id") and not self.env.su:
            raise UserError(
                self.env._("Replacement orders are made from the complaint.")
            )
