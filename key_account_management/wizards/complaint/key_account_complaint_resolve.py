# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, plaintext2html


class KeyAccountComplaintResolve(models.TransientModel):
    """Settle a complaint: credit, replace or reject, with the documents it takes."""

    _name = "key.account.complaint.resolve"
    _description = "Resolve a Complaint"

    complaint_id = fields.Many2one(
        "key.account.complaint", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="complaint_id.company_id")
    own_customer_ids = fields.Many2many(related="complaint_id.own_customer_ids")
    resolution_type = fields.Selection(
        lambda self: self.env["key.account.complaint"]
        ._fields["resolution_type"]
        ._description_selection(self.env),
        required=True,
        default="credit",
    )
    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        compute="_compute_move_id",
        store=True,
        readonly=False,
        domain="['|', ('commercial_partner_id', 'in', own_customer_ids), "
        "('line_ids.sale_line_ids.order_id.partner_id.commercial_partner_id', 'in', "
        "own_customer_ids), ('move_type', '=', 'out_invoice'), "
        "('state', '=', 'posted'), ('company_id', '=', company_id)]",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_amount")
    line_ids = fields.One2many(
        "key.account.complaint.resolve.line",
        "wizard_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    amount = fields.Monetary(
        compute="_compute_amount", string="To Credit, without Taxes"
    )
    discount = fields.Monetary(
        currency_field="company_currency_id",
        string="Discount on the Next Order",
        help="With taxes. The customer gets a coupon code, valid for twelve months.",
    )
    note = fields.Text(string="What the Customer Gets")
    reason = fields.Text(string="Reason for Rejection")
    extra_cost = fields.Monetary(
        currency_field="company_currency_id",
        help="Freight, handling and the like; added to the cost.",
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    close = fields.Boolean(string="Close the Complaint", default=True)

    @api.depends("complaint_id")
    def _compute_move_id(self):
        for wizard in self:
            complaint = wizard.complaint_id
            wizard.move_id = (
                complaint.move_id
                or complaint.order_id.invoice_ids.filtered(
                    lambda move: move.move_type == "out_invoice"
                    and move.state == "posted"
                )[:1]
            )

    @api.depends("move_id")
    def _compute_line_ids(self):
        for wizard in self:
            # Users who can't read the complaint see no invoices of its customer here.
            wizard.complaint_id.check_access("read")
            lines = [Command.clear()]
            # sudo: lines of the complaint's own customer, see _check_invoice(); users
            # who settle complaints needn't be in accounting.
            move = wizard.move_id.sudo()
            if move and wizard.complaint_id._owns(move):
                left = move._get_key_account_left_to_credit()[0]
                product = wizard.complaint_id.product_id
                for line in move._get_key_account_creditable_lines():
                    if not wizard.complaint_id._owns(move, line):
                        continue
                    concerned = product and line.product_id == product
                    lines.append(
                        Command.create(
                            {
                                "line_id": line.id,
                                "left": left[line.id],
                                "quantity": min(
                                    wizard.complaint_id.quantity, left[line.id]
                                )
                                if concerned
                                else 0.0,
                            }
                        )
                    )
            wizard.line_ids = lines

    @api.depends("line_ids.amount", "move_id")
    def _compute_amount(self):
        for wizard in self:
            wizard.currency_id = (
                wizard.move_id.currency_id or wizard.company_currency_id
            )
            wizard.amount = sum(wizard.line_ids.mapped("amount"))

    def action_resolve(self):
        """Do what was chosen and note it on the complaint.

        :raise UserError: where something is missing, or more would be credited than
            is left of the invoice
        """
        self.ensure_one()
        complaint = self.complaint_id
        complaint.check_access("write")
        if complaint._is_closed():
            raise UserError(self.env._("Reopen %s first.", complaint.name))
        values = {
            "resolution_type": self.resolution_type,
            "extra_cost": complaint.extra_cost + self.extra_cost,
        }
        if self.note:
            values["resolution_note"] = self.note
        if self.resolution_type == "credit":
            values["refund_move_id"] = self._credit().id
        elif self.resolution_type == "replacement":
            values["replacement_order_id"] = self._replace().id
        elif self.resolution_type == "discount":
            values["discount_card_id"] = complaint._grant_discount(self.discount).id
        elif self.resolution_type == "rejected":
            if not (self.reason or "").strip():
                raise UserError(
                    self.env._(
                        "Enter why the complaint is rejected; the customer reads it."
                    )
                )
            values["rejection_reason"] = self.reason
        # sudo: only the server enters documents; access was checked above.
        complaint.sudo().write(values)
        self._tell_customer()
        if self.close:
            complaint.action_close()
        return {"type": "ir.actions.act_window_close"}

    def _chosen(self):
        """Return the chosen quantities by invoice line.

        :return: dict of ``account.move.line`` (sudo) -> quantity
        """
        # sudo: see _compute_line_ids().
        return {
            line.line_id.sudo(): line.quantity
            for line in self.line_ids
            if line.quantity > 0
        }

    def _check_invoice(self):
        """Return the invoice: the customer's own, posted, and of the company.

        :raise UserError: where it is another one
        """
        # sudo: looks at customer, company and state.
        move = self.move_id.sudo()
        if (
            not move
            or not self.complaint_id._owns(move)
            or move.company_id != self.company_id
            or move.move_type != "out_invoice"
            or move.state != "posted"
            or self.line_ids.line_id.sudo().move_id - move
        ):
            raise UserError(
                self.env._("Choose a posted invoice of this customer to credit.")
            )
        return move

    def _credit(self):
        """Create the draft credit note; accounting posts it."""
        move = self._check_invoice()
        chosen = self._chosen()
        if not chosen:
            raise UserError(
                self.env._("Enter the quantity to credit on at least one line.")
            )
        # sudo: settling the complaint includes drafting its credit note, up to what is
        # left of the invoice; accounting posts it.
        refund = move._create_key_account_credit(self.complaint_id, chosen)
        self.complaint_id._message_log(
            body=self.env._(
                "Credit note drafted: %(amount)s. Accounting posts it.",
                amount=refund.currency_id.format(refund.amount_total),
            )
        )
        return refund

    def _get_replaced(self):
        """Return what is replaced: the chosen lines, else the complaint's product.

        :return: list of (product, quantity, unit)
        :raise UserError: where nothing was chosen
        """
        complaint = self.complaint_id
        if self.move_id:
            self._check_invoice()
        lines = [
            (line.product_id, quantity, line.product_uom_id)
            for line, quantity in self._chosen().items()
            if line.product_id
        ]
        product = complaint.product_id
        if not lines and product and complaint.quantity:
            lines = [(product, complaint.quantity, product.uom_id)]
        if not lines or not complaint.partner_id:
            raise UserError(
                self.env._(
                    "Enter what to replace: quantities of invoice lines, or product "
                    "and quantity of the complaint."
                )
            )
        return lines

    def _check_replaced(self, replaced):
        """Refuse to replace more than was invoiced, or more than the role can give.

        :param replaced: see ``_get_replaced``
        :raise UserError: says what is left, or who can help
        """
        chosen = self._chosen()
        if not chosen:
            # No invoice says how much it was.
            self.complaint_id._check_money_to_give(
                sum(
                    uom._compute_quantity(quantity, product.uom_id) * product.lst_price
                    for product, quantity, uom in replaced
                )
            )
            return
        # sudo: see _compute_line_ids().
        left = self.move_id.sudo()._get_key_account_left_to_credit()[0]
        for line, quantity in chosen.items():
            if line.product_uom_id.compare(quantity, left.get(line.id, 0.0)) > 0:
                raise UserError(
                    self.env._(
                        "Only %(left)s of %(product)s can be replaced: the rest was "
                        "credited already, or never invoiced.",
                        left=left.get(line.id, 0.0),
                        product=line.product_id.display_name,
                    )
                )

    def _replace(self):
        """Create an order of what is replaced, at a price of zero."""
        complaint = self.complaint_id
        replaced = self._get_replaced()
        self._check_replaced(replaced)
        order = self.env["sale.order"].create(
            {
                "partner_id": complaint.partner_id.id,
                "company_id": complaint.company_id.id,
                "origin": complaint.name,
                "client_order_ref": complaint.customer_reference,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            "product_uom_id": uom.id,
                            "price_unit": 0.0,
                        }
                    )
                    for product, quantity, uom in replaced
                ],
            }
        )
        # sudo: only the server links a replacement. What was decided on passes the
        # margin floor; what is added to the order later doesn't.
        order.sudo().key_account_complaint_id = complaint
        for line in order.sudo().order_line:
            line.write(
                {
                    "key_account_replaced_product_id": line.product_id.id,
                    "key_account_replaced_qty": line.product_uom_qty,
                }
            )
        return order

    def _tell_customer(self):
        """Send the customer the outcome, as a message in the complaint."""
        complaint = self.complaint_id
        template = self.env.ref(
            "key_account_management.mail_template_complaint_rejected",
            raise_if_not_found=False,
        )
        if self.resolution_type == "rejected" and template and complaint.partner_id:
            complaint.message_post_with_source(
                template,
                message_type="comment",
                email_layout_xmlid="mail.mail_notification_light",
                subtype_xmlid="mail.mt_comment",
            )
            return
        text = self.reason if self.resolution_type == "rejected" else self.note
        if self.resolution_type == "discount":
            # sudo: the code goes to the customer; coupons are marketing's.
            card = complaint.sudo().discount_card_id
            language = complaint.partner_id.lang or self.env.lang
            code = self.with_context(lang=language).env._(
                "With the code %(code)s you get %(amount)s off your next order. The "
                "code is valid until %(date)s.",
                amount=complaint.currency_id.format(self.discount),
                code=card.code,
                date=format_date(self.env, card.expiration_date, lang_code=language),
            )
            text = f"{text}\n{code}" if text else code
        if text and complaint.partner_id:
            complaint.message_post(
                body=plaintext2html(text),
                subject=self.env._("Your complaint %s", complaint.name),
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=complaint.partner_id.ids,
            )


class KeyAccountComplaintResolveLine(models.TransientModel):
    _name = "key.account.complaint.resolve.line"
    _description = "Invoice Line to Credit or Replace"

    wizard_id = fields.Many2one(
        "key.account.complaint.resolve", required=True, ondelete="cascade"
    )
    line_id = fields.Many2one(
        "account.move.line", required=True, readonly=True, ondelete="cascade"
    )
    name = fields.Char(
        string="Invoice Line", compute="_compute_line", compute_sudo=True
    )
    invoiced = fields.Float(
        compute="_compute_line", compute_sudo=True, digits="Product Unit"
    )
    price_unit = fields.Float(
        string="Unit Price",
        compute="_compute_line",
        compute_sudo=True,
        digits="Product Price",
    )
    left = fields.Float(string="Left to Credit", readonly=True, digits="Product Unit")
    quantity = fields.Float(digits="Product Unit")
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    amount = fields.Monetary(compute="_compute_amount", compute_sudo=True)

    def _source(self):
        """Return the invoice line, nothing where it isn't the customer's own."""
        self.ensure_one()
        self.wizard_id.complaint_id.sudo(False).check_access("read")
        # sudo: users who settle complaints needn't be in accounting.
        source = self.sudo().line_id
        own = self.wizard_id.complaint_id._owns(source.move_id, source)
        return source if own else source.browse()

    @api.depends("line_id")
    def _compute_line(self):
        for line in self:
            source = line._source()
            line.name = source.name or source.product_id.display_name
            line.invoiced = source.quantity
            line.price_unit = source.price_unit

    @api.depends("line_id", "quantity")
    def _compute_amount(self):
        for line in self:
            source = line._source()
            net = (
                source.price_subtotal * line.quantity / source.quantity
                if source.quantity
                else 0.0
            )
            # Less its share of the discounts on the whole invoice.
            shares = source.move_id._get_key_account_discount_shares().values()
            line.amount = net * (
                1 + sum(share for reduced, share in shares if source in reduced)
            )
