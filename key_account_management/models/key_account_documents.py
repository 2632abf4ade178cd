# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models
from odoo.fields import Domain


class KeyAccount(models.Model):
    """The customer's documents behind the smart buttons of the key account."""

    _inherit = "key.account"

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
    agreement_ids = fields.One2many("key.account.agreement", "account_id")
    agreement_count = fields.Integer(compute="_compute_agreement_count")
    activity_count = fields.Integer(
        compute="_compute_activity_count", string="Open Activities"
    )

    def _count_documents(self, model, partner_field, domain):
        """Count documents by customer and company in one query.

        :param str model: name of the document's model
        :param str partner_field: path from it to the commercial partner
        :param domain: which documents count
        :return: dict (partner id, company id) -> number
        """
        documents = self.env[model]
        domain = Domain(domain) & Domain(
            [
                (partner_field, "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
            ]
        )
        if partner_field == "commercial_partner_id":
            groups = documents._read_group(
                domain, [partner_field, "company_id"], ["__count"]
            )
            return {(p.id, c.id): count for p, c, count in groups}
        # Grouping through a relation is not possible, grouping by contact is.
        counts = {}
        groups = documents._read_group(
            domain, ["partner_id", "company_id"], ["__count"]
        )
        for partner, company, count in groups:
            # sudo: a contact's company, nothing else, to add up what may be read.
            key = (partner.sudo().commercial_partner_id.id, company.id)
            counts[key] = counts.get(key, 0) + count
        return counts

    def _sale_order_domain(self):
        return Domain("state", "!=", "cancel")

    def _invoice_domain(self):
        return Domain("move_type", "in", ("out_invoice", "out_refund", "out_receipt"))

    def _set_document_count(self, fname, counts):
        for account in self:
            account[fname] = counts.get(
                (account.partner_id.id, account.company_id.id), 0
            )

    def _compute_sale_order_count(self):
        self._set_document_count(
            "sale_order_count",
            self._count_documents(
                "sale.order",
                "partner_id.commercial_partner_id",
                self._sale_order_domain(),
            ),
        )

    def _compute_invoice_count(self):
        self._set_document_count(
            "invoice_count",
            self._count_documents(
                "account.move", "commercial_partner_id", self._invoice_domain()
            ),
        )

    def _compute_opportunity_count(self):
        self._set_document_count(
            "opportunity_count",
            self._count_documents(
                "crm.lead",
                "partner_id.commercial_partner_id",
                Domain("type", "=", "opportunity"),
            ),
        )

    def _compute_agreement_count(self):
        counts = dict(
            self.env["key.account.agreement"]._read_group(
                [("account_id", "in", self.ids), ("state", "in", ("active",))],
                ["account_id"],
                ["__count"],
            )
        )
        for account in self:
            account.agreement_count = counts.get(account, 0)

    def action_view_agreements(self):
        """Open the framework agreements of the account."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_management.key_account_agreement_action"
        )
        action["domain"] = [("account_id", "=", self.id)]
        action["context"] = {"default_account_id": self.id}
        return action

    def _compute_activity_count(self):
        counts = dict(
            self.env["mail.activity"]._read_group(
                [("res_model", "=", self._name), ("res_id", "in", self.ids)],
                ["res_id"],
                ["__count"],
            )
        )
        for account in self:
            account.activity_count = counts.get(account.id, 0)

    def _open_documents(self, xml_id, domain, context):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(xml_id)
        action["domain"] = list(
            Domain(domain) & Domain("company_id", "=", self.company_id.id)
        )
        action["context"] = {"default_partner_id": self.partner_id.id, **context}
        return action

    def action_view_sale_orders(self):
        """Open the customer's quotations and orders."""
        return self._open_documents(
            "sale.action_quotations",
            self._sale_order_domain()
            & Domain("partner_id.commercial_partner_id", "=", self.partner_id.id),
            {},
        )

    def action_view_invoices(self):
        """Open the customer's invoices and credit notes."""
        return self._open_documents(
            "account.action_move_out_invoice_type",
            self._invoice_domain()
            & Domain("commercial_partner_id", "=", self.partner_id.id),
            {"default_move_type": "out_invoice"},
        )

    def action_view_opportunities(self):
        """Open the opportunities with the customer."""
        return self._open_documents(
            "crm.crm_lead_opportunities",
            Domain("type", "=", "opportunity")
            & Domain("partner_id.commercial_partner_id", "=", self.partner_id.id),
            {"default_type": "opportunity"},
        )

    def action_view_activities(self):
        """Open what is to be done for this key account."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Activities of %s", self.display_name),
            "res_model": "mail.activity",
            "view_mode": "list,form",
            "domain": [("res_model", "=", self._name), ("res_id", "=", self.id)],
            "context": {
                "default_res_model_id": self.env["ir.model"]._get_id(self._name),
                "default_res_id": self.id,
            },
        }
