# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from collections import Counter
from itertools import chain
from typing import NamedTuple

from odoo import fields, models
from odoo.fields import Domain

from ..tools.records import count_related, open_records


class Kind(NamedTuple):
    """A kind of document: its model, which of them, and the action that lists them."""

    model: str
    domain: Domain
    action: str
    context: dict


ORDERS = Kind(
    "sale.order", Domain("state", "!=", "cancel"), "sale.action_quotations", {}
)
INVOICES = Kind(
    "account.move",
    Domain("move_type", "in", ("out_invoice", "out_refund", "out_receipt")),
    "account.action_move_out_invoice_type",
    {"default_move_type": "out_invoice"},
)
OPPORTUNITIES = Kind(
    "crm.lead",
    Domain("type", "=", "opportunity"),
    "crm.crm_lead_opportunities",
    {"default_type": "opportunity"},
)


class KeyAccountDocuments(models.AbstractModel):
    """The customer's documents behind the smart buttons of the key account."""

    _name = "key.account.documents"
    _description = "Documents of a Key Account"

    sale_order_count = fields.Integer(
        compute="_compute_sale_order_count",
        groups="sales_team.group_sale_salesman",
        string="Orders",
    )
    invoice_count = fields.Integer(
        compute="_compute_invoice_count",
        groups="account.group_account_invoice,account.group_account_readonly,"
        "sales_team.group_sale_salesman",
        string="Invoices",
    )
    opportunity_count = fields.Integer(
        compute="_compute_opportunity_count",
        groups="sales_team.group_sale_salesman",
        string="Opportunities",
    )
    activity_count = fields.Integer(
        compute="_compute_activity_count", string="Open Activities"
    )

    def _compute_sale_order_count(self):
        self._count_documents("sale_order_count", ORDERS)

    def _compute_invoice_count(self):
        self._count_documents("invoice_count", INVOICES)

    def _compute_opportunity_count(self):
        self._count_documents("opportunity_count", OPPORTUNITIES)

    def _compute_activity_count(self):
        counts = count_related(
            self, "mail.activity", "res_id", [("res_model", "=", self._name)]
        )
        for account in self:
            account.activity_count = counts[account.id]

    def _count_documents(self, fname, kind):
        """Count documents of the customers and their contacts, in one query.

        :param str fname: field that gets the number
        :param kind: :class:`Kind`
        """
        model = self.env[kind.model]
        domain = kind.domain & self._customer_domain(model)
        groups = ["partner_id", "company_id"]
        if "key_account_partner_id" in model._fields:
            groups.append("key_account_partner_id")
        counts = Counter()
        for contact, company, *others, count in model._read_group(
            domain, groups, ["__count"]
        ):
            # sudo: a contact's company, nothing else, to add up what may be read.
            customer = (others and others[0]) or contact.sudo().commercial_partner_id
            counts[customer, company] += count
        companies = self._get_document_companies()
        for account in self:
            own = self.env["res.company"].browse(companies.get(account.id))
            account[fname] = sum(counts[account.partner_id, each] for each in own)

    def _customer_domain(self, model, document="", partner="partner_id"):
        """Return the domain of what counts for these accounts.

        That is what is addressed to their customers, unless it counts for another one,
        and what counts for them though others pay it.

        :param model: recordset of the model that is searched
        :param str document: path from there to the order or invoice, with a dot
        :param str partner: path to the customer or contact
        """
        partners = self.partner_id.ids
        found = Domain(f"{partner}.commercial_partner_id", "in", partners)
        if document or "key_account_partner_id" in model._fields:
            name = f"{document}key_account_partner_id"
            found = Domain(name, "in", partners) | (Domain(name, "=", False) & found)
        companies = self._get_document_companies().values()
        return found & Domain("company_id", "in", sorted({*chain(*companies)}))

    def _open_documents(self, kind, domain=()):
        """Open documents of the customer and its contacts.

        :param kind: :class:`Kind`
        :param domain: which of them, all without it
        """
        self.ensure_one()
        own = self._customer_domain(self.env[kind.model])
        return open_records(
            self.env,
            kind.action,
            kind.domain & own & Domain(domain),
            context={"default_partner_id": self.partner_id.id, **kind.context},
        )

    def action_view_sale_orders(self):
        """Open the customer's quotations and orders."""
        return self._open_documents(ORDERS)

    def action_view_invoices(self):
        """Open the customer's invoices and credit notes."""
        return self._open_documents(INVOICES)

    def action_view_opportunities(self):
        """Open the opportunities with the customer."""
        return self._open_documents(OPPORTUNITIES)

    def action_view_activities(self):
        """Open what is to be done for this key account."""
        self.ensure_one()
        return self.env["mail.activity"]._get_records_action(
            name=self.env._("Activities of %s", self.display_name),
            views=[(False, "list"), (False, "form")],
            domain=[("res_model", "=", self._name), ("res_id", "=", self.id)],
            context={
                "default_res_model_id": self.env["ir.model"]._get_id(self._name),
                "default_res_id": self.id,
            },
        )
