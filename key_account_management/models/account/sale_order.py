# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "key.account.document.mixin"]

    # By the customer for whom an order counts.
    _key_account_customer_idx = models.Index(
        "(COALESCE(key_account_partner_id, partner_id), company_id)"
    )

    key_account_preferences = fields.Text(
        string="What to Know",
        compute="_compute_key_account_preferences",
        groups="base.group_user",
    )

    @api.depends("key_account_id")
    @api.depends_context("lang")
    def _compute_key_account_preferences(self):
        # sudo: the account is the same for every user who writes the order.
        Preference = self.env["key.account.preference"]
        found = Preference._find(self.sudo().key_account_id, "on_order")
        for order in self:
            account_id = order.sudo().key_account_id.id
            order.key_account_preferences = found.get(account_id, Preference)._as_text()

    @api.depends("partner_id", "partner_invoice_id", "company_id", "date_order")
    def _compute_key_account_id(self):
        return super()._compute_key_account_id()

    @api.depends("key_account_id")
    def _compute_key_account_acting_manager_id(self):
        return super()._compute_key_account_acting_manager_id()

    def _get_key_account_customers(self):
        # Who orders, and where that is no key account, who pays.
        return self.partner_id | self.partner_invoice_id

    def _get_invoice_grouping_keys(self):
        # An invoice is of one account, even if another one pays for it.
        return [*super()._get_invoice_grouping_keys(), "key_account_id"]

    def _prepare_invoice(self):
        values = super()._prepare_invoice()
        # sudo: the account is the same for every user who bills the order.
        account = self.sudo().key_account_id
        if account.partner_id - self.partner_invoice_id.commercial_partner_id:
            # To be grouped by it; the invoice finds it by its lines as well.
            values["key_account_id"] = account.id
        return values

    def _key_account_is_open(self):
        return self.state in ("draft", "sent")

    def _key_account_date(self):
        company = self.company_id or self.env.company
        return company._to_key_account_day(self.date_order or fields.Datetime.now())

    def write(self, vals):
        result = super().write(vals)
        if not {"partner_id", "partner_invoice_id"}.isdisjoint(vals):
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
