# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    key_account_decider_ids = fields.Many2many(
        "res.users",
        "key_account_decider_rel",
        string="Decision Makers",
        domain=[("share", "=", False)],
        help="Requests for approval and release are shared out among these users "
        "if their role allows the decision. Without a choice, each "
        "request goes to one of the users with the role.",
    )

    def _get_key_account_tz(self):
        """Return the name of the time zone in which the company's days begin."""
        self.ensure_one()
        # sudo: the zone of the working hours is no secret.
        company = self.sudo()
        return company.resource_calendar_id.tz or company.partner_id.tz or "UTC"

    def _to_key_account_time(self, moment):
        """Return a moment of the database as the company's clocks show it."""
        return fields.Datetime.context_timestamp(
            self.with_context(tz=self._get_key_account_tz()), moment
        )

    def _to_key_account_day(self, moment):
        """Return the company's day of a moment of the database."""
        return self._to_key_account_time(moment).date()

    def _get_key_account_today(self):
        """Return the company's today; of the current company where there is none."""
        company = self or self.env.company
        return company._to_key_account_day(fields.Datetime.now())
