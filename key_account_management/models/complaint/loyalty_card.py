# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models


class LoyaltyCard(models.Model):
    _name = "loyalty.card"
    _inherit = ["loyalty.card", "key.account.server.written"]

    key_account_complaint_id = fields.Many2one(
        "key.account.complaint",
        string="Granted for Complaint",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    @api.model
    def _server_written_fields(self):
        return {*super()._server_written_fields(), "key_account_complaint_id"}
