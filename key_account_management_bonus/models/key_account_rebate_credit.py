# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import json

from odoo import Command, models
from odoo.exceptions import UserError
from odoo.tools import format_date, formatLang

from .rebate_rules import ZERO


class KeyAccountRebateSettlement(models.Model):
    """How settlements are paid: by draft credit notes, or in loyalty points."""

    _inherit = "key.account.rebate.settlement"

    def _pay(self, worths, settled):
        """Pay approved settlements the way that was agreed.

        :param worths: see :meth:`_make_moves`
        """
        in_points = self.filtered(lambda s: s.rebate_id.payout == "points")
        for settlement in in_points:
            settlement._give_points()
        (self - in_points)._make_moves(worths, settled)

    def _give_points(self):
        """Book the points of a settlement, or take them back where it is negative."""
        self.ensure_one()
        rebate = self.rebate_id
        points = round(self.amount * rebate.points_rate, 2)
        rebate._get_points_card()._book(
            points,
            "bonus" if points > 0 else "claw_back",
            key_account_cause=f"rebate {self.id}",
            key_account_id=self.account_id.id,
            description=self.display_name,
        )
        self.points_amount = self.amount

    def _take_points_back(self):
        """Cancel a settlement in points: what it gave is taken, and open again."""
        self.ensure_one()
        points = round(self.points_amount * self.rebate_id.points_rate, 2)
        self.rebate_id._get_points_card()._book(
            -points,
            "claw_back" if points > 0 else "bonus",
            key_account_cause=f"rebate {self.id} cancelled",
            key_account_id=self.account_id.id,
            description=self.env._("Cancelled: %s", self.display_name),
        )
        self.write({"points_amount": 0.0, "is_withdrawn": True})

    def _make_moves(self, worths, settled):
        """Write the draft credit notes, one for each customer and billed partner.

        :param worths: list of ``Worth``, of these settlements among others
        :param settled: what was settled before, see ``_get_settled``
        """
        by_period = {(worth.rebate.id, worth.period[0]): worth for worth in worths}
        notes = {}
        for settlement in self:
            key = (settlement.rebate_id.id, settlement.date_from)
            worth = by_period[key]
            due = worth.cells(worth.amount)
            before = settled.get(key, {})
            for bucket in sorted({*due, *before}, key=str):
                amount = due.get(bucket, ZERO) - before.get(bucket, ZERO)
                if amount:
                    place = notes.setdefault(
                        (settlement.company_id, bucket.customer, bucket.bill_to), []
                    )
                    place.append((settlement, bucket, amount))
        for (company, customer, bill_to), cells in notes.items():
            self._make_move(company, customer, bill_to, cells)

    def _make_move(self, company, customer, bill_to, cells):
        """Write a draft: a credit note, or an invoice where more is reclaimed."""
        total = sum(amount for _settlement, _bucket, amount in cells)
        sign = 1 if total >= 0 else -1
        partner = self.env["res.partner"].browse(bill_to)
        address = partner.address_get(["invoice"])["invoice"]
        Move = self.env["account.move"].with_company(company)
        settlements = self.browse({settlement.id for settlement, *_rest in cells})
        move = Move.create(
            {
                "move_type": "out_refund" if sign > 0 else "out_invoice",
                "partner_id": address,
                "company_id": company.id,
                "currency_id": company.currency_id.id,
                "invoice_date": max(settlements.mapped("day")),
                "journal_id": company._get_rebate_credit_journal().id,
                "ref": ", ".join(settlements.mapped("display_name"))[:200],
                "key_account_rebate_partner_id": customer,
                "invoice_line_ids": [
                    Command.create(
                        settlement._prepare_move_line(bucket, float(sign * amount))
                    )
                    for settlement, bucket, amount in cells
                ],
            }
        )
        self._check_net(move, float(sign * total))
        return move

    def _check_net(self, move, total):
        """Refuse a credit note that doesn't come to the bonus to the cent."""
        if move.currency_id.compare_amounts(move.amount_untaxed, total):
            raise UserError(
                self.env._(
                    "The credit note for %(partner)s comes to %(found)s instead of "
                    "%(expected)s. Check the taxes of its lines.",
                    partner=move.partner_id.display_name,
                    found=formatLang(
                        self.env, move.amount_untaxed, currency_obj=move.currency_id
                    ),
                    expected=formatLang(self.env, total, currency_obj=move.currency_id),
                )
            )

    def _prepare_move_line(self, bucket, amount):
        """Return the line of a credit note for a part of the bonus.

        :param bucket: whose part it is, with its taxes
        :param float amount: net of taxes
        """
        self.ensure_one()
        company = self.company_id
        taxes = self.env["account.tax"].browse(bucket.taxes)
        price = amount
        if any(taxes.mapped("price_include")):
            # The price has the tax in it, the amount hasn't.
            price = taxes.with_context(round=True).compute_all(
                amount, currency=company.currency_id, handle_price_include=False
            )["total_included"]
        lang = self.env["res.partner"].browse(bucket.bill_to).lang
        settlement = self.with_context(lang=lang or self.env.lang)
        return {
            "name": settlement.env._(
                "Bonus “%(name)s” for %(start)s – %(end)s",
                name=settlement.rebate_id.name,
                start=format_date(settlement.env, self.date_from),
                end=format_date(settlement.env, min(self.date_to, self.day)),
            ),
            "quantity": 1,
            "price_unit": price,
            "tax_ids": [Command.set(taxes.ids)],
            "account_id": company._get_rebate_account(taxes).id,
            "analytic_distribution": json.loads(bucket.analytic)
            if bucket.analytic
            else False,
            "key_account_rebate_settlement_id": self.id,
        }
