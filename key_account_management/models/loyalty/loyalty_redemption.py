# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models

from .points_rules import share_of, to_units

#: Marks the entries that follow from credit notes.
CREDITED = "credited"


class LoyaltyRedemption(models.AbstractModel):
    """Keeps the points that an order has spent in step with its credit notes.

    As with what is earned, what is due now is worked out again each time, and only the
    difference is booked.
    """

    _name = "loyalty.redemption"
    _description = "Redemption of Loyalty Points"

    @api.model
    def _sync_orders(self, orders, refunds=()):
        """Give points back in proportion to what was credited of their orders.

        :param orders: ``sale.order`` records; cancelled ones give all points back
            by themselves
        :param refunds: the credit notes that gave the occasion
        """
        spendings = self.env["loyalty.history"]._search_by_document(
            orders,
            [("key_account_kind", "=", "spend"), ("key_account_ledger", "=", True)],
        )
        if not spendings:
            return
        # sudo: points follow the document whatever rights its user has.
        for order in orders.sudo().filtered(lambda order: order.state == "sale"):
            cards = spendings.filtered_domain([("order_id", "=", order.id)]).card_id
            share = self._get_credited_share(order) if cards else 0.0
            for card in cards:
                self._book_share(card, order, share, refunds)

    @api.model
    def _book_share(self, card, order, share, refunds):
        """Book what lies between the points given back and those that are due."""
        card._lock_points()
        movements = card._get_spendings(order)
        spent = movements.filtered(lambda entry: entry.key_account_kind == "spend")
        # What credit notes gave or took is marked; all else is what was spent.
        ours = movements.filtered(
            lambda entry: CREDITED in (entry.key_account_cause or "")
        )
        total = -sum((movements - ours).mapped("key_account_points"))
        given = sum(ours.mapped("key_account_points"))
        cause = f"{spent[-1:].id} {CREDITED} {len(movements)}"
        difference = round(total * share - given, 2)
        name = refunds[:1].name if refunds else order.name
        if to_units(difference) > 0:
            text = self.env._(
                "%(order)s credited by %(credit_note)s",
                order=order.name,
                credit_note=name,
            )
            card._take_back_spending(order, text, difference, cause)
        elif to_units(difference) < 0:
            text = self.env._(
                "%(order)s: %(credit_note)s withdrawn",
                order=order.name,
                credit_note=name,
            )
            card._book(
                difference,
                "claw_back",
                key_account_origin_id=spent[-1:].id,
                key_account_cause=cause,
                **{**order._point_source(), "description": text},
            )

    @api.model
    def _get_credited_share(self, order):
        """Return which share of an order was credited, 0 to 1.

        By the amounts of what was bought, before rewards; an order of nothing but
        rewards by its quantities.
        """
        bought = order.order_line.filtered(
            lambda line: not line.display_type and not line.is_downpayment
        )
        credits = bought.invoice_lines.filtered(
            lambda line: line.move_id.move_type == "out_refund"
            and line.move_id.state == "posted"
        )
        total = sum(max(line.price_total, 0.0) for line in bought)
        if total:
            credited = sum(
                line.move_id._in_currency_of(order, max(line.price_total, 0.0))
                for line in credits
            )
            return share_of(credited, total)
        return share_of(
            sum(credits.mapped("quantity")), sum(bought.mapped("product_uom_qty"))
        )
