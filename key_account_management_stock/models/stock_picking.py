# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models

from odoo.addons.key_account_management.models.tools import groups


class StockPicking(models.Model):
    _name = "stock.picking"
    _inherit = ["stock.picking", "key.account.server.written"]
    _server_written = ("key_account_complaint_id",)

    key_account_complaint_id = fields.Many2one(
        "key.account.complaint",
        string="Returned for Complaint",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups=f"{groups.USER},{groups.COMPLAINT}",
    )
