# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models


class KeyAccountPricelistBinding(models.AbstractModel):
    """A record whose price list takes effect for key accounts as soon as it is set."""

    _name = "key.account.pricelist.binding"
    _description = "Price List of Key Accounts"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self.env["res.partner"]._forget_pricelists()
        records.pricelist_id._bind_to_key_accounts()
        return records

    def write(self, vals):
        result = super().write(vals)
        self.env["res.partner"]._forget_pricelists()
        if vals.get("pricelist_id"):
            self.pricelist_id._bind_to_key_accounts()
        return result
