# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models

from odoo.addons.queue_job.job import identity_exact


class KeyAccountExport(models.TransientModel):
    _inherit = "key.account.export"

    def _start(self):
        """Make a job of each export instead of waiting for the scheduled action."""
        for export in self:
            # sudo: the job writes with the rights of the system what it reads with
            # those of the export's user.
            export.sudo().with_delay(
                description=export.name, identity_key=identity_exact
            )._write_as_job()

    def _write_as_job(self):
        """Write a workbook in the transaction of the job, without commits."""
        self.ensure_one()
        if self.state == "waiting":
            self._run(lambda *args, **kwargs: True)
