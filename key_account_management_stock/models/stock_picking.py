# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    key_account_complaint_id = fields.Many2one(
        "key.account.complaint",
        string="Returned for Complaint",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="key_account_management.group_key_account_user,"
        "key_account_management.group_key_account_complaint",
    )
