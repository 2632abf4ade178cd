# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import base64
import logging

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from .key_account_monthly_report import PDF_REPORT

_logger = logging.getLogger(__name__)

#: A report is tried so often by itself; after that somebody has to look.
ATTEMPTS = 2
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class KeyAccountMonthlyReport(models.Model):
    """How a report gets out, and who hears of it where it doesn't."""

    _inherit = "key.account.monthly.report"

    def action_send(self):
        """Send the reports to their recipients now.

        :raise UserError: where there is nobody to send it to
        """
        self.check_access("write")
        for report in self:
            if not report.partner_ids:
                raise UserError(
                    self.env._("Choose who gets the report “%s”.", report.name)
                )
            without = report.partner_ids.filtered(lambda partner: not partner.email)
            if without:
                raise UserError(
                    self.env._(
                        "%s has no e-mail address.",
                        ", ".join(without.mapped("display_name")),
                    )
                )
            report._deliver()
        return True

    def _deliver(self):
        """Make the files and queue the mail; what goes wrong is kept and shown."""
        self.ensure_one()
        # sudo: state and log are the system's; see action_send() for who may.
        report = self.sudo().with_context(lang=self._get_lang())
        report.attempt_count += 1
        try:
            with self.env.cr.savepoint():
                report._send_mail()
                report.write(
                    {
                        "state": "sent",
                        "error": False,
                        "sent_on": fields.Datetime.now(),
                    }
                )
        except Exception as error:  # pylint: disable=broad-except
            # Whatever it is: the other reports go on, and this one says why not.
            _logger.warning("Monthly report %s failed", self.id, exc_info=True)
            report.write({"state": "failed", "error": str(error)[:2000]})

    def _send_mail(self):
        """Queue the mail with both files; core's mail queue sends it."""
        pdf, _kind = self.env["ir.actions.report"]._render_qweb_pdf(
            PDF_REPORT, res_ids=self.ids
        )
        name = self.name.replace("/", "-")
        # An earlier mail that still waits would go without its files.
        self.env["mail.mail"].search(
            [
                ("model", "=", self._name),
                ("res_id", "=", self.id),
                ("state", "in", ("outgoing", "exception")),
            ]
        ).cancel()
        self.attachment_ids.unlink()
        self.attachment_ids = self.env["ir.attachment"].create(
            [
                {
                    "name": f"{name}.{ending}",
                    "datas": base64.b64encode(content),
                    "mimetype": mimetype,
                    "res_model": self._name,
                    "res_id": self.id,
                }
                for ending, mimetype, content in (
                    ("pdf", "application/pdf", pdf),
                    ("xlsx", XLSX, self._get_workbook()),
                )
            ]
        )
        template = self.env.ref("key_account_management.mail_template_monthly_report")
        template.send_mail(
            self.id,
            email_values={
                "attachment_ids": [(4, file.id) for file in self.attachment_ids],
                "recipient_ids": [(6, 0, self.partner_ids.ids)],
            },
            email_layout_xmlid="mail.mail_notification_light",
        )
        # Whoever pressed the button doesn't wait for the queue's next hour.
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    @api.model
    def _cron_send(self):
        """Plan last month's reports and send what is due; each once, failed ones twice.

        Done again after a break it goes on: what is planned is unique, what was sent
        is marked in the same transaction as its mail is queued.
        """
        Cron = self.env["ir.cron"]
        for company in self.env["res.company"].search([]):
            Report = self.with_company(company).with_context(
                tz=company._get_key_account_tz()
            )
            today = fields.Date.context_today(Report)
            # The 31st of a shorter month is its last day.
            last_day = today + relativedelta(day=31)
            if today.day >= min(company.key_account_report_day, last_day.day):
                Report._plan(company, Report._last_month())
        due = self.search(
            [
                ("is_scheduled", "=", True),
                ("state", "in", ("draft", "failed")),
                ("attempt_count", "<", ATTEMPTS),
            ]
        )
        Cron._commit_progress(remaining=len(due))
        due._send_due(Cron._commit_progress)

    def _send_due(self, commit):
        """Send these reports, one after the other; the queue makes jobs of them.

        :param commit: called with the number of reports done, false where time is up
        """
        for report in self:
            report._send_or_call_for_help()
            if not commit(1):
                return

    def _send_or_call_for_help(self):
        """Send a report; where that failed for the last time, somebody hears of it."""
        self.ensure_one()
        self._deliver()
        if self.state == "failed" and self.attempt_count >= ATTEMPTS:
            self._call_for_help()

    def _note_delivery(self, reached, reason):
        """Keep what became of the mail, which the mail queue knows hours later.

        :param reached: ``res.partner`` whose mail the server took
        :param reason: why others did not get it, false where all did
        """
        report = self.with_context(lang=self._get_lang())
        missing = report.partner_ids - reached
        reason = " ".join(str(reason or "").split())[:2000]
        if not reason or not missing:
            report.write({"state": "sent", "error": False})
        elif not reached:
            report.write({"state": "failed", "error": reason, "sent_on": False})
            if not report.is_scheduled or report.attempt_count >= ATTEMPTS:
                report._call_for_help()
        else:
            # Once more would be twice for those who have it.
            who = ", ".join(missing.mapped("display_name"))
            report.error = self.env._(
                "Not delivered to %(who)s: %(why)s", who=who, why=reason
            )
            report._call_for_help()

    def _call_for_help(self):
        """Tell who cares for the account that its report doesn't get out."""
        self.ensure_one()
        user = self.account_id.acting_manager_id or self.manager_id
        if user:
            # A report on several accounts has no record of its own for an activity.
            record = self.account_id or user.partner_id
            record.activity_schedule(
                "mail.mail_activity_data_warning",
                summary=self.env._("The monthly report was not sent"),
                note=plaintext2html(self.error or ""),
                user_id=user.id,
            )
