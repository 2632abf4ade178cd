# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class KeyAccountRebate(models.Model):
    """Bonuses that are paid in loyalty points."""

    _inherit = "key.account.rebate"

    payout = fields.Selection(
        [("credit_note", "Credit Note"), ("points", "Loyalty Points")],
        string="Settled by",
        default="credit_note",
        required=True,
    )
    program_id = fields.Many2one(
        "loyalty.program",
        string="Loyalty Program",
        check_company=True,
        ondelete="restrict",
        domain="[('key_account_ledger', '=', True), "
        "('company_id', 'in', [False, company_id])]",
    )
    points_rate = fields.Float(
        string="Points for 1.00", default=1.0, help="Points for each unit of currency."
    )

    @api.constrains("payout", "program_id", "points_rate")
    def _check_points(self):
        for rebate in self:
            if rebate.payout == "points" and (
                not rebate.program_id.key_account_ledger or rebate.points_rate <= 0
            ):
                raise ValidationError(
                    self.env._(
                        "Choose the loyalty program of “%s”, and how many points it "
                        "gives.",
                        rebate.name,
                    )
                )

    def _get_points_card(self):
        """Return the card of the account in the program of the bonus (sudo)."""
        self.ensure_one()
        # sudo: cards are the server's, for every user who settles.
        program, account = self.program_id.sudo(), self.account_id.sudo()
        partner = account.partner_id
        return program._get_card(partner, account) or program._make_cards(
            program._get_holder(partner, account)
        )
