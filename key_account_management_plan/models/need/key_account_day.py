# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from odoo.addons.key_account_management.models.account.key_account_day import (
    Signal,
    Step,
)

#: So long after an occasion a follow-up is proposed.
FOLLOW_DAYS = 14


class KeyAccountDay(models.AbstractModel):
    """After an occasion: call those who came, and those who didn't answer."""

    _inherit = "key.account.day"

    @api.model
    def _day_kinds(self):
        return {
            **super()._day_kinds(),
            "follow_up": ("close", self.env._("Follow-Up of an Occasion")),
        }

    @api.model
    def _day_signals(self, accounts, today):
        signals = super()._day_signals(accounts, today)
        now = fields.Datetime.now()
        invitations = self.env["key.account.invitation"].search(
            [
                ("account_id", "in", accounts.ids),
                ("followed_date", "=", False),
                ("occasion_id.stop", "<", now),
                ("occasion_id.stop", ">=", now - relativedelta(days=FOLLOW_DAYS)),
            ]
        )
        answers = dict(invitations._fields["answer"]._description_selection(self.env))
        return signals + [
            Signal(
                "follow_up",
                invitation.account_id,
                invitation,
                self.env._(
                    "%(name)s was invited to “%(occasion)s”.",
                    name=invitation.stakeholder_id.name,
                    occasion=invitation.occasion_id.name,
                ),
                answers[invitation.answer],
                deadline=invitation.company_id._to_key_account_day(
                    invitation.occasion_id.stop
                )
                + relativedelta(days=FOLLOW_DAYS),
                step=Step(self.env._("Plan a Call"), "action_follow_up"),
            )
            for invitation in invitations
            if invitation.answer != "declined"
        ]
