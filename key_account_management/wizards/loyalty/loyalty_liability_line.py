# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models


class LoyaltyLiabilityLine(models.TransientModel):
    """What is outstanding on one card."""

    _name = "loyalty.liability.line"
    _description = "Outstanding Points of a Card"
    _order = "points desc, id"

    report_id = fields.Many2one("loyalty.liability", required=True, ondelete="cascade")
    card_id = fields.Many2one("loyalty.card", ondelete="cascade")
    program_id = fields.Many2one("loyalty.program", ondelete="cascade")
    partner_id = fields.Many2one("res.partner", string="Holder", ondelete="cascade")
    currency_id = fields.Many2one("res.currency")
    points = fields.Float(string="Outstanding")
    owed = fields.Float()
    value = fields.Monetary()
    expiring_30 = fields.Float(string="Expiring (30 d)")
    expiring_60 = fields.Float(string="Expiring (60 d)")
    expiring_90 = fields.Float(string="Expiring (90 d)")

    def action_view_ledger(self):
        """Open the movements of the card.

        :return: a window action
        """
        return self.card_id.action_view_ledger()
