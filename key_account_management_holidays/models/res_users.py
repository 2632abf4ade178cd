# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models
from odoo.fields import Domain


class ResUsers(models.Model):
    _inherit = "res.users"

    @api.model
    def _key_account_absent_domain(self, day):
        """Count users on approved time off as absent, for whole days."""
        # sudo: who is away is no secret, and no more than the users is taken.
        Leave = self.env["hr.leave"].sudo()
        leaves = Leave.search(
            [
                ("state", "=", "validate"),
                # Training and work at home are "time off" as well, but worked.
                ("holiday_status_id.time_type", "=", "leave"),
                ("request_date_from", "<=", day),
                ("request_date_to", ">=", day),
                ("request_unit_half", "=", False),
                ("request_unit_hours", "=", False),
                ("user_id", "!=", False),
            ]
        )
        absent = super()._key_account_absent_domain(day)
        return absent | Domain("id", "in", leaves.user_id.ids)
