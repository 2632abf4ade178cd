# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ...models.loyalty.points_rules import to_units


class LoyaltySettlement(models.TransientModel):
    """Pay points out as a credit note."""

    _name = "loyalty.settlement"
    _description = "Settlement of Points"

    card_id = fields.Many2one("loyalty.card", required=True, readonly=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        compute="_compute_partner_id",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    program_id = fields.Many2one(related="card_id.program_id")
    currency_id = fields.Many2one(related="program_id.currency_id")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    balance = fields.Float(related="card_id.points", string="Balance of Points")
    points = fields.Float(
        compute="_compute_points",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    point_value = fields.Monetary(related="program_id.key_account_settlement_value")
    amount = fields.Monetary(compute="_compute_amount")

    @api.depends("card_id")
    def _compute_partner_id(self):
        for wizard in self:
            wizard.partner_id = wizard.card_id.partner_id

    @api.depends("card_id")
    def _compute_points(self):
        for wizard in self:
            wizard.points = max(wizard.card_id.points, 0.0)

    @api.depends("points", "card_id")
    def _compute_amount(self):
        for wizard in self:
            currency = wizard.currency_id or self.env.company.currency_id
            wizard.amount = currency.round(wizard.points * wizard.point_value)

    def action_settle(self):
        """Spend the points and open the draft credit note that pays them.

        :return: the window action of the credit note
        :raise UserError: where the program doesn't pay out, or there are too few points
        """
        self.ensure_one()
        self._check_points()
        # Under the user's own rights: paying out takes the right to credit notes.
        credit_note = self.env["account.move"].create(self._prepare_credit_note())
        # sudo: the link to the card and its points are written by the server alone.
        credit_note = credit_note.sudo()
        credit_note.write(
            {
                "key_account_settlement_card_id": self.card_id.id,
                "key_account_settlement_points": self.points,
                "key_account_settlement_amount": self.amount,
            }
        )
        credit_note._sync_settlement()
        return credit_note._get_records_action(context={})

    def _check_points(self):
        """Refuse to pay out more points than there are, or fewer than the minimum."""
        self.card_id.check_access("read")
        program = self.program_id
        if not program.key_account_ledger or not program.key_account_settlement_value:
            raise UserError(
                self.env._(
                    "“%s” doesn't pay out points. Enter the value of a point on the "
                    "program first.",
                    program.name,
                )
            )
        minimum = max(program.key_account_settlement_minimum, 0.01)
        if self.points < minimum:
            raise UserError(
                self.env._("At least %s points are settled at a time.", minimum)
            )
        self.card_id._lock_points()
        self.card_id._expire()
        if to_units(self.points) > to_units(self.card_id.points):
            self.card_id._raise_too_few_points(self.points)

    def _prepare_credit_note(self):
        self.ensure_one()
        return {
            "move_type": "out_refund",
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "ref": self.program_id.name,
            "invoice_line_ids": [
                Command.create(
                    {
                        "name": self.env._(
                            "%(program)s: %(points)s paid out",
                            program=self.program_id.name,
                            points=self.card_id._format_points(self.points),
                        ),
                        "quantity": 1,
                        "price_unit": self.amount,
                    }
                )
            ],
        }
