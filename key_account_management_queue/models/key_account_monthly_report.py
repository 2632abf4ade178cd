# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models

from odoo.addons.queue_job.job import identity_exact


class KeyAccountMonthlyReport(models.Model):
    _inherit = "key.account.monthly.report"

    def _send_due(self, commit):
        """Make a job of each report; one that waits already isn't queued again."""
        for report in self:
            report.with_delay(
                description=report.name, identity_key=identity_exact
            )._send_or_call_for_help()
        commit(len(self))

    def _send_or_call_for_help(self):
        """Send it unless somebody did so in the meantime."""
        if self.state != "sent":
            self._count_attempt()
            return super()._send_or_call_for_help()
        return None
