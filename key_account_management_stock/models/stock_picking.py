# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models

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
    key_account_preferences = fields.Text(
        string="What to Know",
        compute="_compute_key_account_preferences",
        groups="base.group_user",
    )

    @api.depends("partner_id", "sale_id", "picking_type_id")
    @api.depends_context("lang")
    def _compute_key_account_preferences(self):
        """Tell who prepares a delivery what the customer wants to have observed."""
        Preference = self.env["key.account.preference"]
        told = {}
        # sudo: the account of the customer, for every user who prepares the delivery.
        pickings = self.sudo().filtered(
            lambda picking: picking.picking_type_code == "outgoing"
        )
        for company, of_company in pickings.grouped("company_id").items():
            accounts = of_company._get_key_accounts(company)
            found = Preference._find(
                self.env["key.account"].sudo().union(*accounts.values()), "on_delivery"
            )
            for picking, account in accounts.items():
                told[picking.id] = found.get(account.id, Preference)._as_text()
        for picking in self:
            picking.key_account_preferences = told.get(picking.id)

    def _get_key_accounts(self, company):
        """Return for which account each delivery of a company is.

        :return: dict of picking -> ``key.account``, empty for ordinary customers
        """
        accounts = self.env["key.account"]._get_by_partner(self.partner_id, company)
        none = self.env["key.account"].sudo()
        return {
            picking: picking.sale_id.key_account_id
            or accounts.get(picking.partner_id.commercial_partner_id.id, none)
            for picking in self
        }

    def _get_key_account_contact(self):
        """Return who cares for the customer today, for the delivery slip.

        :return: ``res.users`` (sudo), empty for ordinary customers and other transfers
        """
        self.ensure_one()
        # sudo: customers get name, telephone and mail of their contact on paper.
        picking = self.sudo()
        if picking.picking_type_code != "outgoing":
            return picking.env["res.users"]
        company = picking.company_id
        account = picking._get_key_accounts(company)[picking]
        return account._get_printed_contact(company)
