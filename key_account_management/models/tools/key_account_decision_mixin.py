# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models
from odoo.exceptions import AccessError


class KeyAccountDecisionMixin(models.AbstractModel):
    """Something that waits until a user with the right role has decided on it.

    The request is an activity for one user with the role, chosen fairly. The decision
    closes it, no matter which user with the role decides.
    """

    _name = "key.account.decision.mixin"
    _description = "Request for a Decision"

    #: XML id of the activity type of the request.
    _decision_activity = None

    def _decision_groups(self):
        """Return the XML ids of the roles that may decide; the first one is asked."""
        raise NotImplementedError

    def _decision_record(self):
        """Return the record that the request hangs on."""
        return self

    def _user_may_decide(self):
        """Tell whether the user's role allows the decision."""
        self.ensure_one()
        return self.env.su or any(map(self.env.user.has_group, self._decision_groups()))

    def _check_may_decide(self):
        """Refuse users whose role doesn't allow the decision.

        :raise AccessError: names the record
        """
        for record in self:
            if not record._user_may_decide():
                raise AccessError(
                    self.env._(
                        "Your role doesn't allow you to decide on %s.",
                        record.display_name,
                    )
                )

    def _request_decision(self, note=None, summary=None):
        """Ask a user with the role, by one activity for each record."""
        # sudo: the activity is for another user.
        for record in self.sudo():
            target = record._decision_record()
            decider = self.env["res.users"]._choose_key_account_decider(
                record._decision_groups()[0], record.company_id
            )
            target.activity_schedule(
                self._decision_activity,
                summary=summary,
                note=note,
                user_id=decider.id or self.env.uid,
            )

    def _close_decision_request(self, feedback=False):
        """Close the requests: the decision is made, or no longer needed."""
        # sudo: as above.
        for record in self.sudo():
            record._decision_record().activity_feedback(
                [self._decision_activity], feedback=feedback
            )
