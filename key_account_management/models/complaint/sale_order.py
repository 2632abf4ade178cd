# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models

from .key_account_complaint_stage import READERS


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "key.account.server.written"]
    _key_account_complaint_field = "order_id"
    # A replacement passes the margin floor: it is made from its complaint alone.
    _server_written = ("key_account_complaint_id",)

    key_account_complaint_id = fields.Many2one(
        "key.account.complaint",
        string="Replacement for Complaint",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups=READERS,
    )
