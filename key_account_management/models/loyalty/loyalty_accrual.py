# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.tools import float_round

from .points_rules import deserved, points_left, to_units


class LoyaltyAccrual(models.AbstractModel):
    """Keeps the points of a document in step with what became of it.

    A document *earns* once (an entry with ``is_open``). From then on, whatever
    happens to it - credit note, payment taken back, cancellation - the points that it
    deserves now are reckoned anew and the difference is booked. So the order of events
    doesn't matter, and an event that is reported twice books nothing.
    """

    _name = "loyalty.accrual"
    _description = "Accrual of Loyalty Points"

    @api.model
    def _open_earning(self, card, document, points, amounts, **values):
        """Book the first earning of a document.

        :param card: the ``loyalty.card`` (sudo)
        :param document: order or invoice
        :param dict points: product key -> points, multiplier included
        :param dict amounts: product key -> amount on the document
        :return: the entry
        """
        total = float_round(sum(points.values()), precision_digits=2)
        if to_units(total) <= 0:
            return self.env["loyalty.history"]
        card._lock_points()
        # Another number for each time that the document starts anew, after a reset.
        count = (
            self.env["loyalty.history"]
            .sudo()  # the card is sudo, too
            .search_count(
                [
                    ("card_id", "=", card.id),
                    ("order_model", "=", document._name),
                    ("order_id", "=", document.id),
                    ("kind", "=", "earn"),
                    ("origin_id", "=", False),
                ]
            )
        )
        return card._book(
            total,
            "earn",
            cause=f"earn {count + 1}",
            is_open=True,
            point_detail={"points": points, "amounts": amounts},
            **values,
        )

    @api.model
    def _get_open_earnings(self, documents):
        """Return the entries by which these documents have earned (sudo)."""
        # sudo: whoever pays or credits the invoice, the points follow.
        return (
            self.env["loyalty.history"]
            .sudo()
            .search(
                [
                    ("order_model", "=", documents._name),
                    ("order_id", "in", documents.ids),
                    ("is_open", "=", True),
                ],
                order="id",
            )
        )

    @api.model
    def _sync_orders(self, orders, refunds=()):
        """Bring the points of orders in step: cancelled ones, credited lines.

        :param refunds: the credit notes that gave the occasion, empty for none
        """
        earnings = self._get_open_earnings(orders)
        if not earnings:
            return
        by_id = {order.id: order for order in orders.sudo()}
        credits = orders.sudo()._get_credited_amounts()
        for earning in earnings:
            order = by_id[earning.order_id]
            alive = order.state == "sale"
            target = self._left(earning, credits.get(order.id)) if alive else 0.0
            self._book_target(earning, target, alive, order, refunds)

    @api.model
    def _sync_invoices(self, invoices, refunds=()):
        """Bring the points of invoices in step with posting, payments and credits.

        :param refunds: the credit notes that gave the occasion, empty for none
        """
        invoices = invoices.sudo()  # see _get_open_earnings
        Program = self.env["loyalty.program"]
        for invoice in invoices:
            if invoice.state == "posted" and (
                invoice.key_account_id
                or Program._has_open_point_ledger(invoice.company_id.id)
            ):
                invoice._earn_points()
        earnings = self._get_open_earnings(invoices)
        if not earnings:
            return
        by_id = {invoice.id: invoice for invoice in invoices}
        affected = invoices.browse({earning.order_id for earning in earnings})
        credits = affected._get_credited_amounts()
        for earning in earnings:
            invoice = by_id[earning.order_id]
            alive = invoice.state == "posted"
            share = invoice._get_paid_share()
            target = 0.0
            if alive:
                target = deserved(
                    self._left(earning, credits.get(invoice.id)),
                    share,
                    earning.program_id.accrual_moment,
                    has_earned=True,
                )
            # Paid, and credited before: not the payment takes the points.
            occasion = refunds or share == 1 and invoice._get_point_refunds()
            self._book_target(earning, target, alive, invoice, occasion)

    @api.model
    def _left(self, earning, credited):
        """Return the points of an earning that credits have left."""
        detail = earning.point_detail or {}
        if not credited:
            return earning.points
        return min(
            earning.points,
            points_left(detail.get("points", {}), detail.get("amounts", {}), credited),
        )

    @api.model
    def _book_target(self, earning, target, alive, document, refunds):
        """Book what lies between the points a document has and those it deserves."""
        card = earning.card_id
        card._lock_points()
        siblings = earning.search([("origin_id", "=", earning.id)])
        steps = siblings.filtered(lambda entry: entry.kind in ("earn", "claw_back"))
        lapsed = -sum((siblings - steps).mapped("points"))
        lapsed -= sum(
            earning.search(
                [("origin_id", "in", steps.ids), ("kind", "=", "expire")]
            ).mapped("points")
        )
        taken = -sum(steps.mapped("points"))
        # Points that have lapsed already needn't be taken back once more.
        due = max(earning.points - target - lapsed, 0.0)
        difference = round(taken - due, 2)
        if to_units(difference):
            refund = refunds[:1] if alive and refunds else document.env["account.move"]
            today = fields.Date.context_today(card)
            card._book(
                difference,
                "earn" if difference > 0 else "claw_back",
                first_ids=[earning.id, *steps.ids],
                # Never before the points came that it takes.
                date=min(max(refund.invoice_date or today, earning.date), today),
                origin_id=earning.id,
                order_model=earning.order_model,
                order_id=earning.order_id,
                key_account_id=earning.key_account_id.id,
                move_id=refund.id or earning.move_id.id,
                # The next number after what is there: two transactions that saw the
                # same state can't both book the same step.
                cause=f"{earning.id} step {len(steps) + 1}",
                description=self._describe(difference, alive, document, refund),
            )
        if not alive:
            earning.with_context(loyalty_ledger_booking=True).is_open = False

    @api.model
    def _describe(self, difference, alive, document, refund):
        """Say why the points of a document changed."""
        names = {"document": document.display_name, "credit_note": refund.name}
        if not alive:
            return self.env._("%(document)s reset or cancelled", **names)
        if refund and difference < 0:
            return self.env._("%(document)s credited by %(credit_note)s", **names)
        if refund:
            return self.env._("%(document)s: %(credit_note)s withdrawn", **names)
        return self.env._("Payment of %(document)s changed", **names)
