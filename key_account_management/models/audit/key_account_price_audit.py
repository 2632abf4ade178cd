# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models

from ..tools.records import check_export, download

BATCH = 1000
#: Discounts are kept to a hundredth of a per cent: differences below are rounding.
ROUNDING_SHARE = 0.00005


class KeyAccountPriceAudit(models.Model):
    """Compares invoice lines with the prices that applied on their day."""

    _name = "key.account.price.audit"
    _description = "Price Audit"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "key.account.price.audit.schedule",
        "key.account.server.written",
    ]
    _order = "id desc"
    _server_written = ("state", "checked_count", "overcharge", "undercharge")

    name = fields.Char(compute="_compute_name", store=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    account_ids = fields.Many2many(
        "key.account",
        string="Key Accounts",
        help="Empty: all key accounts that you have access to.",
    )
    date_from = fields.Date(
        string="Invoices from",
        required=True,
        default=lambda self: self.env.company._get_key_account_today().replace(day=1),
    )
    date_to = fields.Date(
        string="Until",
        required=True,
        default=lambda self: self.env.company._get_key_account_today(),
    )
    state = fields.Selection(
        [("draft", "To Run"), ("done", "Done")],
        default="draft",
        readonly=True,
        copy=False,
    )
    line_ids = fields.One2many("key.account.price.audit.line", "audit_id", copy=False)
    warning_ids = fields.One2many(
        "key.account.price.audit.warning",
        "audit_id",
        string="Warnings",
        readonly=True,
        copy=False,
    )
    checked_count = fields.Integer(string="Lines Checked", readonly=True, copy=False)
    overcharge = fields.Monetary(compute="_compute_totals", store=True)
    undercharge = fields.Monetary(compute="_compute_totals", store=True)

    _dates = models.Constraint(
        "CHECK (date_to >= date_from)", "A period can't end before it begins."
    )

    _one_a_month = models.UniqueIndex(
        "(company_id, date_from) WHERE is_scheduled",
        "The schedule audits each month once.",
    )

    @api.depends("date_from", "date_to")
    def _compute_name(self):
        for audit in self:
            audit.name = f"{audit.date_from} – {audit.date_to}"

    @api.depends("line_ids.difference")
    def _compute_totals(self):
        for audit in self:
            differences = audit.line_ids.mapped("difference")
            audit.overcharge = sum(d for d in differences if d > 0)
            audit.undercharge = -sum(d for d in differences if d < 0)

    def _get_accounts(self):
        """Return the accounts that are audited, of those that the user may read."""
        self.ensure_one()
        return self.account_ids or self.env["key.account"].search(
            [("company_id", "=", self.company_id.id)]
        )

    def _invoice_line_domain(self, accounts):
        """Return which invoice lines of these accounts are looked at."""
        self.ensure_one()
        return [
            ("move_id.key_account_id", "in", accounts.ids),
            # The accounts are the company's, their documents may be a branch's.
            ("company_id", "child_of", self.company_id.id),
            ("parent_state", "=", "posted"),
            ("move_type", "=", "out_invoice"),
            ("display_type", "=", "product"),
            ("product_id", "!=", False),
            ("quantity", ">", 0),
            ("move_id.payment_state", "!=", "reversed"),
            ("move_id.invoice_date", ">=", self.date_from),
            ("move_id.invoice_date", "<=", self.date_to),
        ]

    def action_run(self):
        """Compare the invoice lines of the period with the prices of their day."""
        self.ensure_one()
        self.check_access("write")
        # sudo: prices, orders and terms are read whole; the accounts were limited to
        # those that the user has access to, and so is who reads the findings.
        accounts = self._get_accounts()
        domain = self._invoice_line_domain(accounts)
        audit = self.sudo().with_context(active_test=False)
        audit.line_ids.filtered(lambda line: not line.refund_move_id).unlink()
        credited = audit._already_credited()
        lines = audit.env["account.move.line"].search(domain, order="id")
        found = []
        for start in range(0, len(lines), BATCH):
            batch = lines[start : start + BATCH]
            found += audit._check_lines(batch - credited)
            # What was read of one batch isn't needed for the next.
            batch.invalidate_recordset(flush=False)
        audit.env["key.account.price.audit.line"].create(found)
        audit._take_warnings(accounts.sudo())
        audit.write({"state": "done", "checked_count": len(lines)})
        return True

    def _take_warnings(self, accounts):
        """Look ahead for these accounts, in place of what the last run saw.

        :param accounts: ``key.account`` records (sudo)
        """
        Ahead = self.env["key.account.price.audit.warning"]
        self.warning_ids.unlink()
        today = self.company_id._get_key_account_today()
        managed = accounts.filtered(
            lambda account: account.active and account.state in ("active", "at_risk")
        )
        Ahead.create(
            [
                {**values, "audit_id": self.id}
                for values in Ahead._collect(managed, today)
            ]
        )

    def _already_credited(self):
        """Return the invoice lines whose overcharge was credited by any audit."""
        findings = self.env["key.account.price.audit.line"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("refund_move_id", "!=", False),
                ("refund_move_id.state", "!=", "cancel"),
            ]
        )
        return findings.move_line_id

    def _check_lines(self, lines):
        """Compare invoice lines with the prices of their day.

        :return: list of values of findings, none where the price is right
        """
        Price = self.env["key.account.price"]
        groups = lines.filtered(self._is_priced).grouped(
            lambda line: (
                line.move_id.key_account_id,
                self._price_day(line),
                *self._price_quantity(line),
                line.move_id.currency_id,
            )
        )
        found, lists = [], {}
        for (account, day, quantity, uom, currency), of_group in groups.items():
            if (account, day) not in lists:
                lists[account, day] = Price._get_lists(account, day)
            prices = Price._get_prices(
                account,
                of_group.product_id,
                quantity,
                uom=uom,
                date=day,
                currency=currency,
                lists=lists[account, day],
            )
            for line in of_group:
                found += self._check_line(line, prices[line.product_id.id])
        return found

    @api.model
    def _is_priced(self, line):
        """Tell whether the price of an invoice line comes from a price list."""
        product = line.product_id
        is_discount = product == line.company_id.sale_discount_product_id
        sold = line.sale_line_ids[:1]
        return (
            not is_discount
            and product.type != "combo"
            and (not sold or sold._is_priced_by_list())
        )

    @api.model
    def _price_quantity(self, line):
        """Return the quantity, and its unit, that decide on the price of a line.

        It is that of the order: what is invoiced in parts was ordered as a whole.
        """
        sold = line.sale_line_ids[:1]
        if sold and sold.product_id == line.product_id:
            return max(sold.product_uom_qty, line.quantity), sold.product_uom_id
        return line.quantity, line.product_uom_id

    def _price_day(self, line):
        """Return the day whose prices count: of the order, else of the invoice."""
        order = line.sale_line_ids[:1].order_id
        if not order:
            return line.move_id.invoice_date
        return self.company_id._to_key_account_day(order.date_order)

    def _check_line(self, line, price):
        """Return the values of a finding, in a list that is empty without one.

        :param price: see ``key.account.price``
        """
        Price, move = self.env["key.account.price"], line.move_id
        rightful = self._get_rightful_price(line, price)
        amount = move.currency_id.round(rightful * line.quantity)
        difference = line.price_subtotal - amount
        tolerance = move.currency_id.rounding + ROUNDING_SHARE * abs(amount)
        left = line.quantity
        if abs(difference) > tolerance:
            left = move._get_quantities_to_correct().get(line.id, left)
        # What was credited is corrected already.
        difference *= left / line.quantity
        if abs(difference) <= tolerance:
            return []
        rate = -line.balance / line.price_subtotal if line.price_subtotal else 1.0
        return [
            {
                "audit_id": self.id,
                "move_line_id": line.id,
                "account_id": move.key_account_id.id,
                "charged_price": line.price_subtotal / line.quantity,
                "rightful_price": rightful,
                "document_difference": move.currency_id.round(difference),
                "difference": self.currency_id.round(difference * rate),
                "terms": Price._describe_list(move.key_account_id, price.benefit),
                "rule": price.rule.name or self.env._("List price of the product"),
                "origin": line.sale_line_ids[:1].key_account_price_origin,
            }
        ]

    @api.model
    def _get_rightful_price(self, line, price):
        """Return the price of a unit of the invoice line, without taxes."""
        Price, move = self.env["key.account.price"], line.move_id
        amount, sold = price.amount, line.sale_line_ids[:1]
        if sold and sold.product_uom_id != line.product_uom_id:
            # Ordered in another unit than invoiced.
            amount = sold.product_uom_id._compute_price(amount, line.product_uom_id)
        return Price._get_untaxed(
            Price._to_document_price(
                amount, line.product_id, self.company_id, move.fiscal_position_id
            ),
            line.tax_ids,
            line.product_id,
            move.currency_id,
        )

    def action_export(self):
        """Download the findings as a workbook."""
        self.check_access("read")
        check_export(self.env)
        self.ensure_one()
        return download(f"/key_account/price_audit/{self.id}.xlsx")

    def action_credit(self):
        """Propose credit notes for all overcharges of the audit."""
        return self.line_ids.action_credit()
