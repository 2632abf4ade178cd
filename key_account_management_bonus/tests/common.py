# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import date

from odoo import Command

from odoo.addons.key_account_management.tests.common import KeyAccountCommon


class RebateCommon(KeyAccountCommon):
    """Bonuses on invoices of the year 2025, which has ended for good."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.taxes = cls.env["account.tax"].create(
            [
                {"name": f"VAT {rate} %", "amount": rate, "type_tax_use": "sale"}
                for rate in (19, 7, 0)
            ]
        )
        account = cls.env["account.account"].create
        cls.bonus_account = account(
            {"name": "Granted Bonuses", "code": "874000", "account_type": "income"}
        )
        cls.accrual_account = account(
            {
                "name": "Accrued Bonuses",
                "code": "097000",
                "account_type": "liability_current",
            }
        )
        cls.env.company.write(
            {
                "key_account_rebate_account_id": cls.bonus_account.id,
                "key_account_rebate_accrual_account_id": cls.accrual_account.id,
            }
        )

    @classmethod
    def make_rebate(cls, *steps, approve=True, **values):
        """Return a bonus from 2025 on, with steps of bound and value."""
        rebate = cls.env["key.account.rebate"].create(
            {
                "name": "Annual Bonus",
                "account_id": cls.account.id,
                "date_start": date(2025, 1, 1),
                "step_ids": [
                    Command.create({"bound": bound, "value": value})
                    for bound, value in steps
                ],
                **values,
            }
        )
        if approve:
            rebate.action_submit_approval()
        return rebate

    @classmethod
    def sell(
        cls, *prices, partner=None, day="2025-06-15", tax=None, post=True, **values
    ):
        """Return a posted invoice with one line for each price."""
        move = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": (partner or cls.nordwind).id,
                "invoice_date": day,
                "invoice_date_due": day,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Goods",
                            "product_id": cls.drill.id,
                            "quantity": 1,
                            "price_unit": price,
                            "tax_ids": [Command.set((tax or cls.taxes[:0]).ids)],
                            **values,
                        }
                    )
                    for price in prices
                ],
            }
        )
        if post:
            move.action_post()
        return move

    @classmethod
    def give_back(cls, invoice, amount=None, day="2025-12-20", quantity=None):
        """Return a posted credit note for an invoice, of its first line or all."""
        note = invoice._reverse_moves([{"invoice_date": day, "date": day}])
        if amount is not None:
            note.invoice_line_ids[1:].unlink()
            line = note.invoice_line_ids
            line.write(
                {"quantity": quantity, "price_unit": amount / quantity}
                if quantity
                else {"price_unit": amount / line.quantity}
            )
        note.action_post()
        return note

    def settle(self, rebate, post=True):
        """Settle a bonus; return the settlements made, their notes posted."""
        settlements = rebate._settle()
        if post:
            settlements.line_ids.move_id.action_post()
        return settlements

    def worth(self, rebate, day="2025-12-31"):
        """Return what a bonus is worth in its present period, as a float."""
        day = date.fromisoformat(day)
        worth = rebate._measure([(rebate, rebate._get_period(day))], day)[0]
        return float(worth.amount)
