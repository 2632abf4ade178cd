# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models


class KeyAccountAgreementTermination(models.TransientModel):
    """Ask for reason and last day when an agreement is terminated."""

    _name = "key.account.agreement.termination"
    _description = "Terminate an Agreement"

    agreement_id = fields.Many2one(
        "key.account.agreement",
        required=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    date = fields.Date(
        string="Last Day",
        required=True,
        default=lambda self: self.env.company._get_key_account_today(),
    )
    reason = fields.Char(required=True)

    def action_terminate(self):
        """Terminate the agreement."""
        self.ensure_one()
        self.agreement_id.action_terminate(self.reason, self.date)
        return {"type": "ir.actions.act_window_close"}
