# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.tools import float_compare

from .order_judgement import judged
from .reward_flow import are_rewards_given, giving_rewards

#: Margins are compared to a hundredth of a per cent.
MARGIN_DIGITS = 4
#: The margin of what is given away: worse than any price.
FREE = -999.0
#: What a change has to touch to make a line worse.
JUDGED = {
    "product_id",
    "product_uom_id",
    "product_uom_qty",
    "qty_delivered",
    "price_unit",
    "technical_price_unit",
    "discount",
    "tax_ids",
    "purchase_price",
    "reward_id",
    "is_downpayment",
    "display_type",
    "order_id",
}
#: What core computes; see the order.
TOTALS = {
    "price_subtotal",
    "price_total",
    "price_tax",
    "margin",
    "margin_percent",
    "untaxed_amount_invoiced",
}


class SaleOrderLine(models.Model):
    """The margin floor of a line, and what was released below it."""

    _name = "sale.order.line"
    _inherit = ["sale.order.line", "key.account.server.written"]
    _without_default = TOTALS

    key_account_margin_floor = fields.Float(
        string="Margin Floor (%)",
        compute="_compute_key_account_floor",
        groups="base.group_user",
        help="The floor of the price list; if it has none, that of the company. "
        "0: no floor.",
    )
    key_account_is_below_floor = fields.Boolean(
        string="Below the Floor",
        compute="_compute_key_account_floor",
        groups="base.group_user",
    )
    key_account_released_product_id = fields.Many2one(
        "product.product",
        string="Product Released",
        copy=False,
        readonly=True,
        groups="base.group_user",
    )
    key_account_released_margin = fields.Float(
        string="Margin Released", copy=False, readonly=True, groups="base.group_user"
    )
    key_account_released_qty = fields.Float(
        string="Quantity Released",
        copy=False,
        readonly=True,
        digits="Product Unit",
        groups="base.group_user",
    )

    key_account_is_reward = fields.Boolean(
        string="Given by a Loyalty Program",
        copy=False,
        readonly=True,
        help="The line is as a loyalty program made it.",
    )

    @api.depends(
        "price_subtotal",
        "product_uom_qty",
        "qty_delivered",
        "purchase_price",
        "product_id",
        "key_account_is_reward",
        "order_id.pricelist_id",
        "order_id.key_account_id",
    )
    def _compute_key_account_floor(self):
        for line in self:
            # sudo: the clerk sees the floor, but not the account or its list.
            order = line.order_id.sudo()
            # Lines below zero count with the order as a whole; the flag of a down
            # payment doesn't count, such lines have no quantity.
            counts = (
                order.key_account_id
                and line.product_id
                and line._get_key_account_quantity() > 0
                and line.price_subtotal >= 0
                and not line._is_key_account_reward()
            )
            floor = order._get_key_account_floor() if counts else 0.0
            line.key_account_margin_floor = floor
            line.key_account_is_below_floor = bool(floor) and (
                float_compare(
                    line._get_key_account_margin(),
                    floor / 100,
                    precision_digits=MARGIN_DIGITS,
                )
                < 0
            )

    def _is_key_account_reward(self):
        """Tell whether the line is a reward, as its program made it."""
        self.ensure_one()
        # sudo: what a reward gives is no secret of the program.
        line = self.sudo()
        gives = (
            line.reward_id.discount_line_product_id | line.reward_id.reward_product_ids
        )
        return line.key_account_is_reward and line.product_id in gives

    def _get_key_account_quantity(self):
        """Return the quantity that the customer pays for, or gets where that is more.

        A delivery beyond the order is invoiced at the price of the line.
        """
        self.ensure_one()
        ordered = self.product_uom_qty
        return max(ordered, self.qty_delivered) if ordered >= 0 else ordered

    def _get_key_account_revenue(self, total="price_subtotal"):
        """Return the net amount of :meth:`_get_key_account_quantity`.

        :param total: ``price_subtotal``, or ``price_total`` for taxes included
        :return: amount in the order's currency
        """
        self.ensure_one()
        quantity, ordered = self._get_key_account_quantity(), self.product_uom_qty
        if quantity == ordered:
            return self[total]
        if ordered:
            return self[total] * quantity / ordered
        line = self._prepare_base_line_for_taxes_computation(quantity=quantity)
        self.env["account.tax"]._add_tax_details_in_base_line(line, self.company_id)
        kind = "excluded" if total == "price_subtotal" else "included"
        return line["tax_details"][f"raw_total_{kind}_currency"]

    def _get_key_account_cost(self):
        """Return the cost of a unit, in the order's currency.

        It is that of the product. A higher one on the line counts, a lower one doesn't:
        users type it.
        """
        self.ensure_one()
        # sudo: costs decide, no matter who may see them.
        line = self.sudo().with_company(self.company_id)
        product = line.product_id
        if not product:
            return line.purchase_price
        cost = product.uom_id._compute_price(
            product.standard_price, line.product_uom_id
        )
        cost = line._convert_to_sol_currency(cost, product.cost_currency_id)
        return max(cost, line.purchase_price)

    def _get_key_account_margin(self):
        """Return the margin of the line as a share of its net price.

        :return: float, ``FREE`` where the line is given away
        """
        self.ensure_one()
        revenue = self._get_key_account_revenue()
        if revenue <= 0:
            return FREE
        cost = self._get_key_account_cost() * self._get_key_account_quantity()
        return (revenue - cost) / revenue

    def _is_as_good_as(self, was):
        """Tell whether a change left the line as good as it was.

        :param was: ``LineStanding`` before, None for a new line
        """
        self.ensure_one()
        return (
            was is not None
            and self.product_id == was.product
            and self._get_key_account_quantity() <= was.quantity
            and float_compare(
                self._get_key_account_margin(),
                was.margin,
                precision_digits=MARGIN_DIGITS,
            )
            >= 0
        )

    def _freeze_release(self):
        """Keep what these lines are as what is released (sudo)."""
        for line in self:
            line.write(
                {
                    "key_account_released_product_id": line.product_id.id,
                    "key_account_released_margin": line._get_key_account_margin(),
                    "key_account_released_qty": line._get_key_account_quantity(),
                }
            )

    def _is_floor_released(self):
        """Tell whether the line is at least as good as what was released."""
        self.ensure_one()
        product = self.key_account_released_product_id or self.product_id
        return (
            self.key_account_released_qty > 0
            and self.product_id == product
            and float_compare(
                self._get_key_account_margin(),
                self.key_account_released_margin,
                precision_digits=MARGIN_DIGITS,
            )
            >= 0
            and self._get_key_account_quantity() <= self.key_account_released_qty
        )

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = self._complete_order(vals_list)
        order_ids = {vals["order_id"] for vals in vals_list if vals.get("order_id")}
        orders = self.env["sale.order"].browse(order_ids)
        if not any(order.state == "sale" for order in orders):
            lines = super().create(vals_list)
        else:
            with judged(orders):
                lines = super().create(vals_list)
        for line, vals in zip(lines, vals_list, strict=True):
            line._refuse_typed_totals(TOTALS.intersection(vals))
        return lines

    @api.model
    def _add_server_values(self, vals_list):
        vals_list = super()._add_server_values(vals_list)
        if not are_rewards_given():
            return vals_list
        return [
            {**vals, "key_account_is_reward": True} if vals.get("reward_id") else vals
            for vals in vals_list
        ]

    def write(self, vals):
        self._refuse_typed_totals(TOTALS.intersection(vals))
        if JUDGED.isdisjoint(vals):
            return super().write(vals)
        orders = self.order_id
        if vals.get("order_id"):
            orders |= orders.browse(vals["order_id"])
        if not any(order.state == "sale" for order in orders):
            return self._write_judged(vals)
        with judged(orders):
            return self._write_judged(vals)

    def _write_judged(self, vals):
        """Write values that are judged, and note what a loyalty program makes."""
        if are_rewards_given():
            result = super().write(vals)
            if vals.get("reward_id"):
                # sudo: the server's field.
                self.sudo().key_account_is_reward = True
            return result
        rewards = self.filtered("key_account_is_reward")
        before = {line: line._get_given() for line in rewards}
        result = super().write(vals)
        for line, given in before.items():
            # What a user gives beyond it isn't what the program gives.
            if any(
                now > was for now, was in zip(line._get_given(), given, strict=True)
            ):
                line.sudo().key_account_is_reward = False  # sudo: see above
        return result

    def _get_given(self):
        """Return what a reward gives away: (other product, quantity, amount off)."""
        self.ensure_one()
        quantity = self._get_key_account_quantity()
        return not self._is_key_account_reward(), quantity, -self.price_subtotal

    def _reset_loyalty(self, complete=False):
        with giving_rewards():
            return super()._reset_loyalty(complete)

    def unlink(self):
        if not any(line.state == "sale" for line in self):
            return super().unlink()
        with judged(self.order_id):
            return super().unlink()

    @api.model
    def _complete_order(self, vals_list):
        """Say in the values which order new lines are of, also where the context does.

        Clients set the context, so it would pass whatever looks at the values.
        """
        if all(vals.get("order_id") for vals in vals_list):
            return vals_list
        default = self.default_get(["order_id"]).get("order_id")
        return [{"order_id": default, **vals} for vals in vals_list]

    def _refuse_typed_totals(self, names):
        """Refuse totals that a client enters for a line of a key account's order.

        :raise AccessError: names the fields
        """
        if names and not self.env.su and self.order_id.sudo().key_account_id:
            self._refuse_server_written(names)
