# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models


class EventRegistration(models.Model):
    """Stakeholders who register by themselves have answered their invitation."""

    _inherit = "event.registration"

    @api.model_create_multi
    def create(self, vals_list):
        registrations = super().create(vals_list)
        if registrations.partner_id:
            # sudo: the invitation of the person who is registered, by any user.
            invited = (
                self.env["key.account.invitation"]
                .sudo()
                .search(
                    [
                        ("registration_id", "=", False),
                        (
                            "occasion_id.occasion_event_id",
                            "in",
                            registrations.event_id.ids,
                        ),
                        (
                            "stakeholder_id.partner_id",
                            "in",
                            registrations.partner_id.ids,
                        ),
                    ]
                )
            )
            invited._take_own_registrations(invited)
        return registrations
