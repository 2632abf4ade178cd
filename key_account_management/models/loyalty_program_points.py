# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models

from .points_rules import WHOLE


class LoyaltyProgram(models.Model):
    _inherit = "loyalty.program"

    def _get_point_products(self, products):
        """Return those of these products that any automatic rule gives points for."""
        self.ensure_one()
        rules = self.rule_ids.filtered(lambda rule: rule.mode == "auto")
        return (
            products.union(
                *(
                    products.filtered_domain(rule._get_valid_product_domain())
                    for rule in rules
                )
            )
            if rules
            else products.browse()
        )

    def _get_invoice_points(self, invoice):
        """Return what an invoice earns by the rules, as core reckons an order.

        Money counts in the program's currency at the invoice date, taxes included.

        :return: dict of product key -> points, without the tier's multiplier
        """
        self.ensure_one()
        lines = invoice._get_point_lines(self)
        points = {}
        for rule in self.rule_ids.filtered(lambda rule: rule.mode == "auto"):
            valid = lines.product_id.filtered_domain(rule._get_valid_product_domain())
            # Whose quantity and amount count for the minimum: what was bought.
            counted = lines.filtered(lambda line, valid=valid: line.product_id in valid)
            bought = counted.filtered(lambda line: line.price_total > 0)
            if not bought or not self._reaches_minimum(rule, invoice, counted):
                continue
            for key, earned in self._get_rule_points(rule, invoice, counted).items():
                points[key] = points.get(key, 0.0) + earned
        return points

    def _reaches_minimum(self, rule, invoice, lines):
        field = (
            "price_total"
            if rule.minimum_amount_tax_mode == "incl"
            else "price_subtotal"
        )
        minimum = rule._compute_amount(invoice.currency_id)
        return (
            invoice.currency_id.compare_amounts(sum(lines.mapped(field)), minimum) >= 0
            and sum(lines.mapped("quantity")) >= rule.minimum_qty
        )

    def _get_rule_points(self, rule, invoice, lines):
        """Return the points of one rule: dict of product key -> points."""
        if rule.reward_point_mode == "order":
            # Once for the order, however many invoices it has.
            if invoice._order_has_earned(self):
                return {}
            return {WHOLE: rule.reward_point_amount}
        points = {}
        for product, product_lines in lines.grouped("product_id").items():
            if rule.reward_point_mode == "unit":
                measure = sum(product_lines.mapped("quantity"))
            else:
                measure = invoice.currency_id._convert(
                    sum(product_lines.mapped("price_total")),
                    self.currency_id,
                    invoice.company_id,
                    invoice.invoice_date or fields.Date.context_today(self),
                )
            points[str(product.id)] = rule.reward_point_amount * measure
        return points
