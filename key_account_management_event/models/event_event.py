# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models


class EventEvent(models.Model):
    """Stakeholders are invited from the event; a new date moves the meetings."""

    _inherit = "event.event"

    key_account_occasion_ids = fields.One2many(
        "key.account.occasion",
        "occasion_event_id",
        string="Occasions",
        groups="key_account_management.group_key_account_user",
    )

    def write(self, vals):
        result = super().write(vals)
        if "date_begin" in vals or "date_end" in vals:
            # sudo: the dates of the event alone, on what hangs on it.
            occasions = self.sudo().key_account_occasion_ids
            for event, members in occasions.grouped("occasion_event_id").items():
                members.write(members._values_of_event(event))
        return result

    def action_invite_stakeholders(self):
        """Open the occasion of the event, a new one at first.

        :return: action with the form, where stakeholders are chosen by a filter
        """
        self.ensure_one()
        self.check_access("read")
        occasion = self.key_account_occasion_ids[:1]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Occasion"),
            "res_model": "key.account.occasion",
            "res_id": occasion.id,
            "views": [(False, "form")],
            "context": {
                "default_occasion_event_id": self.id,
                "default_name": self.name,
                "default_start": self.date_begin,
                "default_stop": self.date_end,
                "default_company_id": (self.company_id or self.env.company).id,
            },
        }
