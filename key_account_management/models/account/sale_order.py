# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "key.account.document.mixin"]

    @api.depends("partner_id", "company_id", "date_order")
    def _compute_key_account_id(self):
        return super()._compute_key_account_id()

    @api.depends("key_account_id")
    def _compute_key_account_acting_manager_id(self):
        return super()._compute_key_account_acting_manager_id()

    def _key_account_is_open(self):
        return self.state in ("draft", "sent")

    def _key_account_date(self):
        company = self.company_id or self.env.company
        return company._to_key_account_day(self.date_order or fields.Datetime.now())

    def write(self, vals):
        result = super().write(vals)
        if "partner_id" in vals:
            # What is confirmed keeps its account, but not that of another customer.
            self.filtered(lambda order: order.state == "sale")._set_key_account()
        return result

    def _prepare_confirmation_values(self):
        values = super()._prepare_confirmation_values()
        # The last moment at which tier and manager are taken over, before the state
        # closes them; the order's date becomes now.
        for company, orders in self.grouped("company_id").items():
            orders._set_key_account(date=company._get_key_account_today())
        return values
