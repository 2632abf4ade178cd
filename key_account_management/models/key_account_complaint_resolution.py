# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare

from . import credit_rules
from .key_account_complaint_links import READERS


class KeyAccountComplaint(models.Model):
    """How a complaint is settled, and what it costs."""

    _inherit = "key.account.complaint"

    resolution_type = fields.Selection(
        [
            ("credit", "Credit Note"),
            ("replacement", "Replacement"),
            ("repair", "Repair"),
            ("discount", "Discount"),
            ("explanation", "Explanation or Apology"),
            ("rejected", "Rejected"),
        ],
        string="Resolution",
        copy=False,
        tracking=True,
    )
    resolution_note = fields.Html(copy=False)
    rejection_reason = fields.Text(copy=False, tracking=True)
    refund_move_ids = fields.One2many(
        "account.move", "key_account_complaint_id", string="Credit Notes"
    )
    refund_move_id = fields.Many2one(
        "account.move",
        string="Credit Note",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The last one.",
    )
    replacement_order_ids = fields.One2many(
        "sale.order", "key_account_complaint_id", string="Replacement Orders"
    )
    replacement_order_id = fields.Many2one(
        "sale.order",
        string="Replacement Order",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The last one.",
    )
    extra_cost = fields.Monetary(
        copy=False,
        tracking=True,
        help="Freight, handling, travel and the like, in company currency.",
    )
    credit_cost = fields.Monetary(
        compute="_compute_cost",
        store=True,
        compute_sudo=True,
        help="Credit notes without taxes.",
    )
    replacement_cost = fields.Monetary(
        compute="_compute_cost",
        store=True,
        compute_sudo=True,
        help="What the goods of replacement orders cost us.",
    )
    cost = fields.Monetary(
        string="Cost of the Complaint",
        compute="_compute_cost",
        store=True,
        compute_sudo=True,
    )

    @api.depends(
        "extra_cost",
        "refund_move_ids.state",
        "refund_move_ids.amount_untaxed_signed",
        "replacement_order_ids.state",
        "replacement_order_ids.amount_untaxed",
        "replacement_order_ids.margin",
    )
    def _compute_cost(self):
        for complaint in self:
            refunds = complaint.refund_move_ids.filtered(
                lambda move: move.state != "cancel"
            )
            orders = complaint.replacement_order_ids.filtered(
                lambda order: order.state != "cancel"
            )
            currency = complaint.currency_id
            complaint.credit_cost = -sum(refunds.mapped("amount_untaxed_signed"))
            # The order's own figures, not its lines': those would look for complaints
            # with each line of any order.
            complaint.replacement_cost = sum(
                currency.round(
                    (order.amount_untaxed - order.margin) / (order.currency_rate or 1.0)
                )
                for order in orders
            )
            complaint.cost = (
                complaint.credit_cost
                + complaint.replacement_cost
                + complaint.extra_cost
            )

    def action_resolve(self):
        """Open the dialog in which the complaint is settled."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Resolve %s", self.name),
            "res_model": "key.account.complaint.resolve",
            "view_mode": "form",
            "target": "new",
            "context": {"default_complaint_id": self.id},
        }

    def action_view_refunds(self):
        """Open the credit notes of the complaint."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_out_refund_type"
        )
        action["domain"] = [("key_account_complaint_id", "=", self.id)]
        action["context"] = {"create": False}
        return action

    def action_view_replacements(self):
        """Open the replacement orders of the complaint."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sale.action_quotations")
        action["domain"] = [("key_account_complaint_id", "=", self.id)]
        action["context"] = {"create": False}
        return action


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    key_account_credited_line_id = fields.Many2one(
        "account.move.line",
        string="Credited Line",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_user",
    )

    def _prepare_complaint_credit_line(self, quantity):
        """Return the values of the line that credits a quantity of this one."""
        self.ensure_one()
        return {
            "product_id": self.product_id.id,
            "name": self.name,
            "quantity": quantity,
            "product_uom_id": self.product_uom_id.id,
            "price_unit": self.price_unit,
            "discount": self.discount,
            "tax_ids": [(6, 0, self.tax_ids.ids)],
            "account_id": self.account_id.id,
            "analytic_distribution": self.analytic_distribution,
            "sale_line_ids": [(6, 0, self.sale_line_ids.ids)],
            "key_account_credited_line_id": self.id,
        }


class AccountMove(models.Model):
    _inherit = "account.move"

    key_account_complaint_id = fields.Many2one(
        "key.account.complaint",
        string="Credit for Complaint",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups=READERS,
    )

    def _lock_for_credit(self):
        """Make others who credit this invoice wait, and then look again.

        A row written, not only locked: a transaction that began before us doesn't see
        our credit note; the database refuses it and Odoo runs it again.
        """
        self.ensure_one()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move SET write_uid = write_uid WHERE id = %s", (self.id,)
        )

    def _credit_notes(self):
        """Return draft and posted credit notes of this invoice."""
        # sudo: what was credited counts, whoever may read the credit note.
        return (
            self.env["account.move"]
            .sudo()
            .search(
                [
                    ("reversed_entry_id", "in", self.ids),
                    ("move_type", "=", "out_refund"),
                    ("state", "in", ("draft", "posted")),
                ]
            )
        )

    def _creditable_lines(self):
        return self.invoice_line_ids.filtered(
            lambda line: line.display_type == "product" and line.quantity > 0
        )

    def _left_to_credit(self):
        """Return what may still be credited, in quantities and money.

        :return: (dict of line id -> quantity in the line's unit, amount with taxes in
            the currency of the invoice)
        """
        self.ensure_one()
        refunds = self._credit_notes()

        def kind(line):
            return (line.product_id.id, line.product_uom_id.id)

        left = credit_rules.left_to_credit(
            [(line.id, kind(line), line.quantity) for line in self._creditable_lines()],
            [
                (line.key_account_credited_line_id.id, kind(line), line.quantity)
                for line in refunds._creditable_lines()
            ],
        )
        amount = self.amount_total - sum(refunds.mapped("amount_total"))
        return left, max(amount, 0.0)

    def _prepare_complaint_credit(self, complaint, quantities):
        """Return the values of a credit note for quantities of the invoice's lines.

        :param complaint: ``key.account.complaint``, named on the credit note
        :param quantities: dict of invoice line -> quantity
        """
        self.ensure_one()
        return {
            "move_type": "out_refund",
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "partner_shipping_id": self.partner_shipping_id.id,
            "currency_id": self.currency_id.id,
            "journal_id": self.journal_id.id,
            "fiscal_position_id": self.fiscal_position_id.id,
            "invoice_user_id": self.invoice_user_id.id,
            "team_id": self.team_id.id,
            "reversed_entry_id": self.id,
            "key_account_complaint_id": complaint.id,
            "ref": self.env._(
                "Credit for %(invoice)s, complaint %(complaint)s",
                invoice=self.name,
                complaint=complaint.name,
            ),
            "invoice_origin": self.name,
            "invoice_payment_term_id": False,
            "invoice_line_ids": [
                (0, 0, line._prepare_complaint_credit_line(quantity))
                for line, quantity in quantities.items()
            ],
        }

    def _create_complaint_credit(self, complaint, quantities):
        """Make a draft credit note, never above what is left to credit.

        :param complaint: ``key.account.complaint``
        :param quantities: dict of invoice line -> quantity in the line's unit
        :return: the ``account.move``
        :raise UserError: where more would be credited than is left
        """
        self.ensure_one()
        self._lock_for_credit()
        left, amount = self._left_to_credit()
        for line, quantity in quantities.items():
            digits = line.product_uom_id.rounding or 0.01
            if quantity <= 0 or (
                float_compare(
                    quantity, left.get(line.id, 0.0), precision_rounding=digits
                )
                > 0
            ):
                raise UserError(
                    self.env._(
                        "“%(line)s”: %(left).2f are left to credit (credit notes that "
                        "are drafts count as well), not %(quantity).2f.",
                        line=line.name or line.product_id.display_name,
                        left=left.get(line.id, 0.0),
                        quantity=quantity,
                    )
                )
        refund = self.create(self._prepare_complaint_credit(complaint, quantities))
        if self.currency_id.compare_amounts(refund.amount_total, amount) > 0:
            raise UserError(
                self.env._(
                    "Of %(invoice)s %(left)s are left to credit, not %(amount)s.",
                    invoice=self.name,
                    left=self.currency_id.format(amount),
                    amount=self.currency_id.format(refund.amount_total),
                )
            )
        return refund


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_complaint_link(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_complaint_link(vals)
        return super().write(vals)

    def _check_complaint_link(self, vals):
        """A replacement passes the margin floor: nobody calls an order one himself."""
        if vals.get("key_account_complaint_id") and not self.env.su:
            raise UserError(
                self.env._("Replacement orders are made from the complaint.")
            )


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _compute_key_account_floor(self):
        result = super()._compute_key_account_floor()
        for line in self:
            # sudo: whether it is a replacement, decided on with the complaint.
            if line.order_id.sudo().key_account_complaint_id and not line.price_unit:
                line.key_account_is_below_floor = False
        return result
