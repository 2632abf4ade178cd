# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from collections import namedtuple

from odoo import api, fields, models

BATCH = 1000
#: Discounts are kept to a hundredth of a per cent: differences below are rounding.
ROUNDING_SHARE = 0.00005
#: A price list and the rules of it that hold on a day.
Terms = namedtuple("Terms", "pricelist rules label")


class KeyAccountPriceAudit(models.Model):
    """Was what was negotiated charged? Invoice lines against the terms of their day."""

    _name = "key.account.price.audit"
    _description = "Price Audit"
    _inherit = ["mail.thread"]
    _order = "id desc"

    name = fields.Char(compute="_compute_name", store=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    account_ids = fields.Many2many(
        "key.account", string="Key Accounts", help="All that you may see without any."
    )
    date_from = fields.Date(
        string="Invoices from",
        required=True,
        default=lambda self: fields.Date.context_today(self).replace(day=1),
    )
    date_to = fields.Date(
        string="Until", required=True, default=fields.Date.context_today
    )
    state = fields.Selection(
        [("draft", "To Run"), ("done", "Done")],
        default="draft",
        readonly=True,
        copy=False,
    )
    line_ids = fields.One2many("key.account.price.audit.line", "audit_id", copy=False)
    checked_count = fields.Integer(string="Lines Checked", readonly=True, copy=False)
    overcharge = fields.Monetary(compute="_compute_totals", store=True)
    undercharge = fields.Monetary(compute="_compute_totals", store=True)

    _dates = models.Constraint(
        "CHECK (date_to >= date_from)", "A period can't end before it begins."
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

    def _invoice_line_domain(self):
        """Return which invoice lines are looked at."""
        self.ensure_one()
        accounts = self.account_ids or self.env["key.account"].search(
            [("company_id", "=", self.company_id.id)]
        )
        return [
            ("move_id.key_account_id", "in", accounts.ids),
            ("company_id", "=", self.company_id.id),
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
        """Compare the invoice lines of the period with the terms of their day."""
        self.ensure_one()
        self.check_access("write")
        # sudo: prices, orders and terms are read whole; which accounts are looked at
        # was limited to what the user may see, and results go by account again.
        domain = self._invoice_line_domain()
        audit = self.sudo().with_context(active_test=False)
        audit.line_ids.filtered(lambda line: not line.refund_move_id).unlink()
        done = set(audit._already_credited())
        lines = audit.env["account.move.line"].search(domain, order="id")
        terms_cache, found = {}, []
        for start in range(0, len(lines), BATCH):
            batch = lines[start : start + BATCH]
            for line in batch:
                if line.id not in done:
                    values = audit._check_line(line, terms_cache)
                    if values:
                        found.append(values)
            # What was read of one batch isn't needed for the next.
            batch.invalidate_recordset(flush=False)
        audit.env["key.account.price.audit.line"].create(found)
        audit.write({"state": "done", "checked_count": len(lines)})
        return True

    def _already_credited(self):
        """Return the invoice lines whose overcharge was credited by any audit."""
        return (
            self.env["key.account.price.audit.line"]
            .search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("refund_move_id", "!=", False),
                    ("refund_move_id.state", "!=", "cancel"),
                ]
            )
            .move_line_id.ids
        )

    def _check_line(self, line, cache):
        """Return the values of a finding, or nothing where the price is right."""
        sold = line.sale_line_ids[:1]
        if sold.is_reward_line or sold.is_downpayment:
            return None
        move = line.move_id
        day = (
            fields.Date.context_today(
                self.with_context(tz=self.company_id._get_key_account_tz()),
                sold.order_id.date_order,
            )
            if sold
            else move.invoice_date
        )
        price, rule, label = self._rightful_price(line, sold, day, cache)
        if price is None:
            return None
        price = self._net_price(line, price)
        rightful = move.currency_id.round(price * line.quantity)
        difference = line.price_subtotal - rightful
        tolerance = move.currency_id.rounding + ROUNDING_SHARE * abs(rightful)
        if abs(difference) <= tolerance:
            return None
        rate = -line.balance / line.price_subtotal if line.price_subtotal else 1.0
        return {
            "audit_id": self.id,
            "move_line_id": line.id,
            "account_id": move.key_account_id.id,
            "charged_price": line.price_subtotal / line.quantity,
            "rightful_price": price,
            "document_difference": move.currency_id.round(difference),
            "difference": self.currency_id.round(difference * rate),
            "terms": label,
            "rule": rule.name if rule else self.env._("List price of the article"),
            "origin": sold.key_account_price_origin,
        }

    def _rightful_price(self, line, sold, day, cache):
        """Return unit price, rule and where they come from, by the terms of a day."""
        account = line.move_id.key_account_id
        product, currency = line.product_id, line.move_id.currency_id
        uom = line.product_uom_id or product.uom_id
        best = (None, None, None)
        for terms in self._terms_at(account, day, cache):
            rule = self._find_rule(terms, product, line.quantity, uom)
            price = rule._compute_price(
                product, line.quantity, uom, date=day, currency=currency
            )
            if best[0] is None or price < best[0]:
                best = (price, rule, terms.label)
        return best

    def _terms_at(self, account, day, cache):
        """Return the lists (several only where the best of all counts) of a day."""
        key = (account.id, day)
        if key not in cache:
            benefit = account._resolve_benefit("pricelist_id", day)[account.id]
            lists = [(benefit.value, account._origin_label(benefit))]
            partner = account.partner_id.with_company(self.company_id)
            if partner._has_manual_pricelist():
                manual = partner.specific_property_product_pricelist
                lists = [(manual, self.env._("set by hand on the customer"))]
            elif not benefit.value:
                # What core would choose, as for every customer.
                ordinary = partner.property_product_pricelist
                lists = [(ordinary, self.env._("as for every customer"))]
            elif account.pricelist_mode == "best":
                sources = account._benefit_sources("pricelist_id", day)[account.id]
                lists = [
                    (candidate.value, account._origin_label(candidate))
                    for candidate in account._benefit_candidates(
                        "pricelist_id", sources, day
                    )
                ]
            cache[key] = [
                Terms(pricelist, self._rules_at(pricelist, day, cache), label)
                for pricelist, label in lists
            ]
        return cache[key]

    def _rules_at(self, pricelist, day, cache):
        """Return all rules of a list that hold on a day, the special ones first."""
        key = ("rules", pricelist.id, day)
        if key not in cache:
            moment = fields.Datetime.to_datetime(day)
            Item = self.env["product.pricelist.item"]
            cache[key] = (
                pricelist
                and Item.search(
                    [
                        ("pricelist_id", "=", pricelist.id),
                        "|",
                        ("date_start", "=", False),
                        ("date_start", "<=", fields.Datetime.end_of(moment, "day")),
                        "|",
                        ("date_end", "=", False),
                        ("date_end", ">=", moment),
                    ]
                )
                or Item
            )
        return cache[key]

    def _find_rule(self, terms, product, quantity, uom):
        """Return the first rule that applies, as core does."""
        in_product_uom = (
            uom._compute_quantity(quantity, product.uom_id, raise_if_failure=False)
            if uom != product.uom_id
            else quantity
        )
        for rule in terms.rules:
            if rule._is_applicable_for(product, in_product_uom):
                return rule
        return terms.rules.browse()

    def _net_price(self, line, price):
        """Take taxes out of a price that includes them."""
        if not any(line.tax_ids.mapped("price_include")):
            return price
        return line.tax_ids.compute_all(
            price, currency=line.move_id.currency_id, product=line.product_id
        )["total_excluded"]

    def action_view_lines(self):
        """Open the findings."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_management.key_account_price_audit_line_action"
        )
        action["domain"] = [("audit_id", "=", self.id)]
        return action

    def action_export(self):
        """Download the findings as a workbook."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/key_account/price_audit/{self.id}.xlsx",
            "target": "download",
        }

    def action_credit(self):
        """Propose credit notes for all overcharges of the audit."""
        return self.line_ids.action_credit()
