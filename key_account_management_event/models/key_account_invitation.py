# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.fields import Domain

#: What a state of the registration says; an unconfirmed one says nothing.
ANSWERS = {"open": "accepted", "done": "attended", "cancel": "declined"}


class KeyAccountInvitation(models.Model):
    """The seat of a stakeholder at the event: who registered counts as accepted."""

    _inherit = "key.account.invitation"

    registration_id = fields.Many2one(
        "event.registration",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="event.group_event_registration_desk",
        help="Made when the stakeholder accepts.",
    )
    answer = fields.Selection(selection_add=[("attended", "Was There")])

    _one_seat = models.Constraint(
        "unique (registration_id)", "A registration belongs to one invitation."
    )

    @api.depends("registration_id.state")
    def _compute_answer(self):
        result = super()._compute_answer()
        for invitation in self:
            # sudo: the answer, for every user who reads the invitation.
            state = invitation.sudo().registration_id.state
            invitation.answer = ANSWERS.get(state, invitation.answer)
        return result

    def _takes_part(self):
        return super()._takes_part() or self.answer == "attended"

    def _take_seats(self):
        """Register those who accepted at the event, and free the seats of others.

        Who registered without us keeps that seat. Where no seat is left, the
        registration waits unconfirmed and the organizer decides.
        """
        invited = self.filtered(lambda each: each.occasion_id.occasion_event_id)
        self._take_own_registrations(invited)
        states = {
            (attendee.event_id, attendee.partner_id): attendee.state
            for attendee in invited.event_id.attendee_ids
        }
        for invitation in invited:
            who = invitation.stakeholder_id.partner_id
            state = states.get((invitation.event_id, who))
            registration = invitation.registration_id
            if state == "accepted" and not registration:
                invitation.registration_id = invitation._new_registration()
            elif state == "accepted" and registration.state == "cancel":
                registration.state = invitation._get_seat_state()
            elif state == "declined" and registration.state in ("draft", "open"):
                registration.action_cancel()

    @api.model
    def _take_own_registrations(self, invited):
        """Link seats that stakeholders took without answering the invitation."""
        missing = invited.filtered(lambda each: not each.registration_id)
        found = self.env["event.registration"].search(
            Domain("event_id", "in", missing.occasion_id.occasion_event_id.ids)
            & Domain("partner_id", "in", missing.stakeholder_id.partner_id.ids)
            & Domain("state", "!=", "cancel"),
            order="id desc",
        )
        seats = {(seat.event_id, seat.partner_id): seat for seat in found}
        taken = self.search([("registration_id", "in", found.ids)]).registration_id
        for invitation in missing:
            key = (
                invitation.occasion_id.occasion_event_id,
                invitation.stakeholder_id.partner_id,
            )
            seat = seats.get(key, taken)
            if seat and seat not in taken:
                invitation.registration_id = seat
                taken |= seat

    def _get_seat_state(self):
        """Return the state of a new registration: unconfirmed where it's full."""
        event = self.occasion_id.occasion_event_id
        no_slot = self.env["event.slot"]
        no_ticket = self.env["event.event.ticket"]
        (free,) = event._get_seats_availability([(no_slot, no_ticket)])
        return "open" if free is None or free > 0 else "draft"

    def _new_registration(self):
        self.ensure_one()
        event = self.occasion_id.occasion_event_id
        return self.env["event.registration"].create(
            {
                "event_id": event.id,
                "partner_id": self.stakeholder_id.partner_id.id,
                "state": self._get_seat_state(),
            }
        )
