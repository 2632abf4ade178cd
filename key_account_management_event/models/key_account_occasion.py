# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import UserError


class KeyAccountOccasion(models.Model):
    """An occasion that has its seats, badges and desk in the Events app."""

    _inherit = "key.account.occasion"

    occasion_event_id = fields.Many2one(
        "event.event",
        string="Event",
        index="btree_not_null",
        copy=False,
        ondelete="set null",
        check_company=True,
        domain="[('is_multi_slots', '=', False)]",
        groups="event.group_event_registration_desk",
        help="Those who accept the invitation are registered at this event.",
    )

    @api.constrains("occasion_event_id")
    def _check_occasion_event_id(self):
        for occasion in self:
            if occasion.occasion_event_id.is_multi_slots:
                raise UserError(
                    self.env._(
                        "“%s” has several slots. Choose an event with one date.",
                        occasion.occasion_event_id.name,
                    )
                )

    @api.onchange("occasion_event_id")
    def _onchange_occasion_event_id(self):
        event = self.occasion_event_id
        if event:
            self.update(self._values_of_event(event))
            self.name = self.name or event.name

    @api.model_create_multi
    def create(self, vals_list):
        Event = self.env["event.event"]
        return super().create(
            [
                {
                    **vals,
                    **self._values_of_event(
                        Event.browse(vals.get("occasion_event_id") or ())
                    ),
                }
                for vals in vals_list
            ]
        )

    def write(self, vals):
        """Take the dates of a new event, and register those who have accepted."""
        event = self.env["event.event"].browse(vals.get("occasion_event_id") or ())
        if not event:
            return super().write(vals)
        result = super().write({**vals, **self._values_of_event(event)})
        # sudo: the invitations of all accounts, as the desk counts on each of them.
        self.sudo().invitation_ids._take_seats()
        return result

    @api.model
    def _values_of_event(self, event):
        """Return the dates that an occasion takes from its event, if it has one."""
        if not event:
            return {}
        event.check_access("read")
        return {"start": event.date_begin, "stop": event.date_end}

    def action_new_event(self):
        """Open a new event with the name and the dates of the occasion.

        :return: action with the form of the event
        :raise UserError: where the occasion has one
        """
        self.ensure_one()
        self.check_access("write")
        if self.occasion_event_id:
            raise UserError(self.env._("This occasion has its event already."))
        self.occasion_event_id = self.env["event.event"].create(
            {
                "name": self.name,
                "date_begin": self.start,
                "date_end": self.stop,
                "user_id": self.user_id.id,
                "company_id": self.company_id.id,
                "date_tz": self.user_id.tz or self.env.user.tz or "UTC",
            }
        )
        return self.action_view_event()

    def action_view_event(self):
        """Open the event, with its seats and registrations."""
        self.ensure_one()
        self.check_access("read")
        return self.occasion_event_id._get_records_action(name=self.env._("Event"))
