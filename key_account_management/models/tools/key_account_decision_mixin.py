# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models
from odoo.exceptions import AccessError
from odoo.tools import format_datetime

from .groups import DIRECTOR


class KeyAccountDecisionMixin(models.AbstractModel):
    """Something that waits until a user with the right role has decided on it.

    The request is an activity for one user, chosen in turn. The decision closes it,
    no matter which of the users with the role makes it.
    """

    _name = "key.account.decision.mixin"
    _description = "Request for a Decision"

    #: XML id of the type of activity by which a user is asked.
    _decision_activity = None
    #: XML id of the role that is asked.
    _decision_group = DIRECTOR

    def _decision_groups(self):
        """Return the XML ids of the roles that can decide."""
        return [self._decision_group]

    def _decision_fallback(self):
        """Return the user who is asked where no one has the role."""
        return self.env["res.users"]

    def _decision_record(self):
        """Return the record that the request hangs on."""
        return self

    def _user_may_decide(self):
        """Tell whether the user's role allows the decision."""
        self.ensure_one()
        # Superuser mode is no role: it runs in the name of the user who caused it.
        user = self.env.user
        return user._is_superuser() or any(map(user.has_group, self._decision_groups()))

    def _check_may_decide(self):
        """Refuse users who can't write these records or whose role is too small.

        :raise AccessError: names the record
        """
        self.check_access("write")
        for record in self:
            if not record._user_may_decide():
                raise AccessError(
                    self.env._(
                        "Your role doesn't allow you to decide on %s.",
                        record.display_name,
                    )
                )

    def _get_decision_summary(self):
        """Return in a few words what is decided on, None for the type of the request.

        Called with sudo, in the language of the user who is asked.
        """
        return None

    def _get_decision_request(self):
        """Say whom was asked and when, empty where no request is open."""
        self.ensure_one()
        # sudo: who decides is no secret, and no more than name and time is shown.
        activity = (
            self.sudo()
            ._decision_record()
            .activity_search([self._decision_activity])[:1]
        )
        if not activity:
            return ""
        return self.env._(
            "Asked of %(user)s, %(moment)s",
            user=activity.user_id.name,
            moment=format_datetime(
                self.env, activity.create_date, dt_format="short", tz=self.env.user.tz
            ),
        )

    def _request_decision(self, note=None):
        """Ask one user with the role, unless a request is open already."""
        # sudo: the activity belongs to the user who decides, and what that takes is
        # looked up for them; the one who asks sees nothing of it.
        for record in self.sudo():
            target = record._decision_record()
            if target.activity_search([self._decision_activity]):
                continue
            company = record.company_id
            decider = self.env["res.users"]._choose_key_account_decider(
                self._decision_group, company
            )
            user = (
                decider
                or record._decision_fallback()
                # A customer who accepts on the portal is no one to ask.
                or self.env.user.filtered(lambda user: not user.share)
            )
            reader = record.with_context(lang=user.lang)
            target.activity_schedule(
                self._decision_activity,
                date_deadline=company._get_key_account_today(),
                summary=reader._get_decision_summary(),
                note=note,
                user_id=user.id,
            )

    def _close_decision_request(self, feedback=False):
        """Close the requests: the decision is made, or no longer needed."""
        # sudo: the activity belongs to the user who was asked.
        for record in self.sudo():
            record._decision_record().activity_feedback(
                [self._decision_activity], feedback=feedback
            )
