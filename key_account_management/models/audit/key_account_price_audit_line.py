# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class KeyAccountPriceAuditLine(models.Model):
    """An invoice line that was not charged as agreed."""

    _name = "key.account.price.audit.line"
    _description = "Finding of a Price Audit"
    _inherit = ["key.account.server.written"]
    _order = "difference desc, id"

    audit_id = fields.Many2one(
        "key.account.price.audit", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="audit_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    account_id = fields.Many2one(
        "key.account", string="Key Account", index=True, ondelete="cascade"
    )
    move_line_id = fields.Many2one(
        "account.move.line", string="Invoice Line", required=True, ondelete="cascade"
    )
    move_id = fields.Many2one(related="move_line_id.move_id", store=True)
    invoice_date = fields.Date(compute="_compute_invoice_date", store=True)
    product_id = fields.Many2one(related="move_line_id.product_id", store=True)
    quantity = fields.Float(related="move_line_id.quantity")
    document_currency_id = fields.Many2one(
        related="move_line_id.currency_id", string="Currency of the Document"
    )
    charged_price = fields.Float(digits="Product Price", readonly=True)
    rightful_price = fields.Float(digits="Product Price", readonly=True)
    document_difference = fields.Monetary(
        string="Difference (Document)",
        currency_field="document_currency_id",
        readonly=True,
    )
    difference = fields.Monetary(
        readonly=True,
        help="Positive: charged too much; negative: too little. In company currency.",
    )
    kind = fields.Selection(
        [("over", "Overcharged"), ("under", "Undercharged")],
        compute="_compute_kind",
        store=True,
    )
    terms = fields.Char(string="Terms from", readonly=True)
    rule = fields.Char(readonly=True)
    origin = fields.Char(string="Price on the Order", readonly=True)
    refund_move_id = fields.Many2one(
        "account.move", string="Credit Note", readonly=True, ondelete="set null"
    )

    _credited_once = models.UniqueIndex(
        "(move_line_id) WHERE refund_move_id IS NOT NULL",
        "The overcharge of this invoice line has already been credited.",
    )

    # No dependency on the date itself: a posted invoice keeps it, and a dependency
    # would search for findings whenever any invoice gets a date.
    @api.depends("move_line_id")
    def _compute_invoice_date(self):
        for line in self:
            line.invoice_date = line.move_line_id.move_id.invoice_date

    @api.depends("difference")
    def _compute_kind(self):
        for line in self:
            line.kind = "over" if line.difference > 0 else "under"

    def action_credit(self):
        """Propose a credit note for each customer and currency, once for each line.

        :raise UserError: where nothing is left to be credited
        """
        open_lines = self.filtered(
            lambda line: line.kind == "over" and not line.refund_move_id
        )
        if not open_lines:
            raise UserError(self.env._("There is no overcharge left to be credited."))
        refunds = self.env["account.move"]
        if not refunds.has_access("create") and self.audit_id.has_access("write"):
            # sudo: those who run audits may propose credit notes; the draft is for the
            # accountant to post. It takes no values of theirs.
            refunds = refunds.sudo()
        groups = open_lines.grouped(
            lambda line: (line.move_id.partner_id, line.document_currency_id)
        )
        for (partner, currency), lines in groups.items():
            refund = refunds.create(
                {
                    "move_type": "out_refund",
                    "partner_id": partner.id,
                    "company_id": lines.company_id.id,
                    "currency_id": currency.id,
                    "ref": self.env._("Price audit %s", lines.audit_id[:1].name),
                    "invoice_line_ids": [line._prepare_credit() for line in lines],
                }
            )
            # sudo: users can't write findings; they created the credit note themselves.
            lines.sudo().refund_move_id = refund
            refunds |= refund
        if refunds.env.su:
            self._ask_accounting(refunds)
        if not refunds.sudo(False).has_access("read"):
            return self._tell_drafts(refunds)
        return refunds.sudo(False)._get_records_action(name=self.env._("Credit Notes"))

    @api.model
    def _ask_accounting(self, refunds):
        """Ask an accountant to look at the drafts and post them."""
        for refund in refunds:
            accountant = self.env["res.users"]._choose_key_account_decider(
                "account.group_account_invoice", refund.company_id
            )
            if accountant:
                reader = refund.with_context(lang=accountant.lang)
                refund.activity_schedule(
                    "mail.mail_activity_data_todo",
                    date_deadline=refund.company_id._get_key_account_today(),
                    summary=reader.env._("Check and post: correction of prices"),
                    user_id=accountant.id,
                )

    def _tell_drafts(self, refunds):
        """Say what was drafted to users who can't open it, and note it on the audit."""
        names = ", ".join(move.display_name for move in refunds)
        text = self.env._("Drafted for accounting: %s", names)
        self.audit_id._message_log_batch({audit.id: text for audit in self.audit_id})
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": text,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _prepare_credit(self):
        """Return the line of the credit note, at the taxes of the invoice."""
        self.ensure_one()
        line = self.move_line_id
        amount = self.document_difference
        return Command.create(
            {
                "product_id": line.product_id.id,
                "name": self.env._(
                    "Price correction of %(invoice)s: %(product)s",
                    invoice=line.move_id.name,
                    product=line.product_id.display_name,
                ),
                "quantity": 1,
                "price_unit": self._gross_up(amount),
                "tax_ids": [Command.set(line.tax_ids.ids)],
                "account_id": line.account_id.id,
            }
        )

    def _gross_up(self, amount):
        """Turn a net amount into a price of the invoice line, with included taxes."""
        line = self.move_line_id
        if not any(line.tax_ids.mapped("price_include")) or not line.price_subtotal:
            return amount
        return amount * line.price_total / line.price_subtotal
