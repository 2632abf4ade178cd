# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.tools import SQL

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

    @api.model
    def _key_account_counted_sql(self):
        """Goods that are sent again aren't ordered again."""
        return SQL(
            "%s AND sale.key_account_complaint_id IS NULL",
            super()._key_account_counted_sql(),
        )
