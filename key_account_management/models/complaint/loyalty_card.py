# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models


class LoyaltyCard(models.Model):
    _name = "loyalty.card"
    _inherit = ["loyalty.card", "key.account.server.written"]
    _server_written = ("key_account_complaint_id",)

    key_account_complaint_id = fields.Many2one(
        "key.account.complaint",
        string="Granted for Complaint",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
