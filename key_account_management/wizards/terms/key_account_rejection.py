# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models


class KeyAccountRejection(models.TransientModel):
    """Ask for the reason why terms are rejected."""

    _name = "key.account.rejection"
    _description = "Reject Terms"

    reason = fields.Text(required=True)

    def action_reject(self):
        """Reject the terms from which the dialog was opened."""
        self.ensure_one()
        model = self.env[self.env.context["active_model"]]
        if "key_account_approval_state" in model._fields:
            model.browse(self.env.context["active_ids"]).action_reject_terms(
                self.reason
            )
        return {"type": "ir.actions.act_window_close"}
