# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models
from odoo.tools import float_compare


class AccountMoveLine(models.Model):
    _name = "account.move.line"
    _inherit = ["account.move.line", "key.account.server.written"]
    _server_written = ("key_account_credited_line_id",)

    key_account_credited_line_id = fields.Many2one(
        "account.move.line",
        string="Credited Line",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_user",
    )

    def _prepare_key_account_credit_rest(self, quantity, credits):
        """Return the price that makes the last credit of this line the rest.

        Single pieces round up or down; together they are never above the line.

        :param float quantity: to be credited
        :param credits: lines of the credit notes that there are of the invoice
        :return: values where the price differs from that of the line
        """
        self.ensure_one()
        before = credits.filtered(
            lambda line: line.key_account_credited_line_id == self
        )
        credited = sum(before.mapped("quantity"))
        digits = self.product_uom_id.rounding or 0.01
        if not before or float_compare(
            credited + quantity, self.quantity, precision_rounding=digits
        ):
            return {}
        included = any(self.tax_ids.mapped("price_include"))
        total = "price_total" if included else "price_subtotal"
        rest = self[total] - sum(before.mapped(total))
        price = self.price_unit * (1 - self.discount / 100) * quantity
        if not self.currency_id.compare_amounts(price, rest):
            return {}
        return {"price_unit": rest / quantity, "discount": 0.0}

    def _prepare_key_account_credit_line(self, quantity):
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
