# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class KeyAccountComplaintDocuments(models.AbstractModel):
    """The order or invoice that a complaint is about, and whose it is.

    A company complains about its own documents and those of the companies below it;
    and about an invoice for its order, even if another company pays it.
    """

    _name = "key.account.complaint.documents"
    _description = "Documents That a Complaint Is About"

    order_id = fields.Many2one(
        "sale.order",
        string="Sales Order",
        index="btree_not_null",
        check_company=True,
        domain="[('partner_id.commercial_partner_id', 'in', own_customer_ids), "
        "('state', '=', 'sale')]",
    )
    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        index="btree_not_null",
        check_company=True,
        domain="['|', ('commercial_partner_id', 'in', own_customer_ids), "
        "('line_ids.sale_line_ids.order_id.partner_id.commercial_partner_id', 'in', "
        "own_customer_ids), ('move_type', '=', 'out_invoice'), "
        "('state', '=', 'posted')]",
    )
    own_customer_ids = fields.Many2many(
        "res.partner", compute="_compute_own_customer_ids", compute_sudo=True
    )

    @api.depends("commercial_partner_id", "company_id")
    def _compute_own_customer_ids(self):
        for complaint in self:
            complaint.own_customer_ids = complaint._get_own_customers()

    def _get_own_customers(self):
        """Return the customer who complains and the companies below it."""
        self.ensure_one()
        customer = self.commercial_partner_id._origin
        if not customer:
            return customer
        # sudo: only compares customers, whatever the user may read of them.
        Partner = self.env["res.partner"].sudo().with_context(active_test=False)
        below = Partner.search([("id", "child_of", customer.id)])
        Account = self.env["key.account"].sudo().with_context(active_test=False)
        accounts = Account.search(
            [
                ("partner_id", "in", below.ids),
                ("company_id", "=", self.company_id.id),
            ]
        )
        group = Account.search([("id", "child_of", accounts.ids)]).partner_id
        return (customer | below.commercial_partner_id | group).sudo(False)

    def _owns(self, document, lines=None):
        """Tell whether an order or invoice is the customer's to complain about.

        :param document: ``sale.order`` or ``account.move``
        :param lines: of the invoice, where only these are asked for
        """
        self.ensure_one()
        # sudo: as above.
        own = self.sudo().own_customer_ids
        document = document.sudo()
        if document._name == "sale.order":
            return document.partner_id.commercial_partner_id in own
        if document.commercial_partner_id in own:
            return True
        orders = (lines or document.line_ids).sudo().sale_line_ids.order_id
        return bool(orders.partner_id.commercial_partner_id & own)

    @api.constrains("partner_id", "order_id", "move_id")
    def _check_documents_of_customer(self):
        for complaint in self:
            documents = [
                each for each in (complaint.order_id, complaint.move_id) if each
            ]
            if not all(complaint._owns(document) for document in documents):
                raise ValidationError(
                    self.env._(
                        "The order or invoice of complaint %s belongs to another "
                        "customer. Choose a document of the customer who complains.",
                        complaint.display_name,
                    )
                )

    def _get_outcome_text(self):
        """Say in the customer's language what the complaint has brought."""
        self.ensure_one()
        # sudo: the customer is told of documents made for the complaint.
        complaint = self.sudo().with_context(lang=self.partner_id.lang or self.env.lang)
        refunds = complaint.refund_move_ids.filtered(lambda m: m.state != "cancel")
        orders = complaint.replacement_order_ids.filtered(lambda o: o.state != "cancel")
        texts = []
        for currency, moves in refunds.grouped("currency_id").items():
            names = [move.name for move in moves if move.state == "posted"]
            amount = currency.format(sum(moves.mapped("amount_total")))
            if names:
                texts.append(
                    complaint.env._(
                        "We have credited %(amount)s (%(documents)s).",
                        amount=amount,
                        documents=", ".join(names),
                    )
                )
            else:
                texts.append(complaint.env._("We credit you %s.", amount))
        if orders:
            texts.append(
                complaint.env._(
                    "You get a replacement (%s).", ", ".join(orders.mapped("name"))
                )
            )
        if complaint.discount_cost:
            texts.append(
                complaint.env._(
                    "You get %s off your next order.",
                    complaint.currency_id.format(complaint.discount_cost),
                )
            )
        return " ".join(texts)
