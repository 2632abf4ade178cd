# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models

from odoo.addons.queue_job.job import identity_exact


class KeyAccountMonthlyReport(models.Model):
    _inherit = "key.account.monthly.report"

    def _send_due(self, commit):
        """Make a job of each report; one that is waiting isn't queued twice."""
        for report in self:
            report.with_delay(
                description=report.name, identity_key=identity_exact
            )._send_as_job()
        commit(len(self))

    def _send_as_job(self):
        """Send the report unless it has been sent in the meantime."""
        self.ensure_one()
        if self.state != "sent":
            self._count_attempt()
            self._deliver()

    def _send_or_call_for_help(self):
        """Send reports whose jobs were waiting under the old name at the upgrade."""
        return self._send_as_job()
