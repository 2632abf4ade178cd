# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_datetime

from ..account.key_account_day import Signal, Step
from .key_account_complaint_stage import OPEN


class KeyAccountDay(models.AbstractModel):
    """Complaints that wait for an answer or for the remedy."""

    _inherit = "key.account.day"

    @api.model
    def _day_kinds(self):
        return {**super()._day_kinds(), "complaint": ("owe", self.env._("Complaint"))}

    @api.model
    def _day_signals(self, accounts, today):
        """Add the complaints whose clocks run; those that wait for the customer don't.

        What is at stake is the claim, at least the order or invoice it is about.
        """
        signals = super()._day_signals(accounts, today)
        complaints = self.env["key.account.complaint"].search(
            Domain("account_id", "in", accounts.ids)
            & OPEN
            & Domain("next_deadline", "!=", False)
        )
        for complaint in complaints:
            company = complaint.company_id
            answered = complaint.response_state != "running"
            due = format_datetime(
                self.env, complaint.next_deadline, tz=company._get_key_account_tz()
            )
            signals.append(
                Signal(
                    "complaint",
                    complaint.account_id,
                    complaint,
                    self.env._("Resolve %s", complaint.display_name)
                    if answered
                    else self.env._("Answer %s", complaint.display_name),
                    self.env._("Late since %s.", due)
                    if complaint.next_deadline < fields.Datetime.now()
                    else self.env._("Due on %s.", due),
                    complaint.claimed_amount,
                    company._to_key_account_day(complaint.next_deadline),
                    Step(self.env._("Resolve"), "action_resolve")
                    if answered
                    else Step(self.env._("Reply"), "action_answer"),
                )
            )
        return signals
