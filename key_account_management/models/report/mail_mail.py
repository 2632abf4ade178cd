# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import logging

from odoo import models

_logger = logging.getLogger(__name__)


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """Let a monthly report know whether its mail got out."""
        # Asked before core deletes what was sent.
        reached = self.env["res.partner"].concat(*success_pids)
        # sudo: state and log of a report are the system's.
        Report = self.env["key.account.monthly.report"].sudo()
        for mail in self:
            if mail.model != Report._name:
                continue
            reason = failure_type and (
                failure_reason or mail.failure_reason or failure_type
            )
            try:
                with self.env.cr.savepoint():
                    if report := Report.browse(mail.res_id).exists():
                        report._note_delivery(mail.recipient_ids, reached, reason)
            except Exception:  # pylint: disable=broad-except
                # The mails behind this one don't wait for our log.
                _logger.exception("Monthly report %s: delivery not noted", mail.res_id)
        return super()._postprocess_sent_message(
            success_pids,
            success_emails,
            failure_reason=failure_reason,
            failure_type=failure_type,
        )
