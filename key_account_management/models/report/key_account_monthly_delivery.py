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
            report._count_attempt()
            report._deliver()
        return True

    def _count_attempt(self):
        # sudo: the log is the system's.
        report = self.sudo()
        report.attempt_count += 1
        report.tried_on = fields.Date.context_today(self)

    def _deliver(self):
        """Make the files and queue the mail; what goes wrong is kept and shown."""
        self.ensure_one()
        # sudo: state and log are the system's; see action_send() for who may.
        report = self.sudo()
        try:
            with self.env.cr.savepoint():
                # Somebody may have left us, or the customer, since it was planned.
                report._check_edition()
                report._send_mails()
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

    def _send_mails(self):
        """Queue a mail for the readers of each language.

        After a failure only those get it who haven't got it yet.
        """
        self._cancel_waiting_mails()
        readers = self.partner_ids
        if self.state == "failed":
            readers -= self.delivered_ids
        else:
            self.delivered_ids = False
        default = self.with_context(key_account_report_lang=False)._get_lang()
        for lang, group in readers.grouped(
            lambda partner: partner.lang or default
        ).items():
            report = self.with_context(lang=lang, key_account_report_lang=lang)
            report._send_mail(group)
        # Whoever pressed the button doesn't wait for the queue's next hour.
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    def _cancel_waiting_mails(self):
        """Call off earlier mails: they would go without their files, or once more."""
        self.env["mail.mail"].search(
            [
                ("model", "=", self._name),
                ("res_id", "in", self.ids),
                ("state", "in", ("outgoing", "exception")),
            ]
        ).cancel()

    def _send_mail(self, readers):
        """Queue the mail with both files; core's mail queue sends it.

        :param readers: ``res.partner``, all of the language in the context
        """
        pdf, _kind = self.env["ir.actions.report"]._render_qweb_pdf(
            PDF_REPORT, res_ids=self.ids
        )
        name = self.name.replace("/", "-")
        files = {
            f"{name}.pdf": ("application/pdf", pdf),
            f"{name}.xlsx": (XLSX, self._get_workbook()),
        }
        self.attachment_ids.filtered(
            lambda file: file.res_model == self._name
            and file.res_id == self.id
            and file.name in files
        ).unlink()
        attachments = self.env["ir.attachment"].create(
            [
                {
                    "name": filename,
                    "datas": base64.b64encode(content),
                    "mimetype": mimetype,
                    "res_model": self._name,
                    "res_id": self.id,
                }
                for filename, (mimetype, content) in files.items()
            ]
        )
        self.attachment_ids += attachments
        template = self.env.ref("key_account_management.mail_template_monthly_report")
        template.send_mail(
            self.id,
            email_values={
                "attachment_ids": [(4, file.id) for file in attachments],
                "recipient_ids": [(6, 0, readers.ids)],
            },
            email_layout_xmlid="mail.mail_notification_light",
        )

    @api.model
    def _cron_send(self):
        """Plan last month's reports and send what is due; each once, failed ones twice.

        Done again after a break it goes on: what is planned is unique, what was sent
        is marked in the same transaction as its mail is queued.
        """
        Cron = self.env["ir.cron"]
        for company in self.env["res.company"].search(
            [("key_account_report_day", ">", 0)]
        ):
            Report = self.with_company(company).with_context(
                tz=company._get_key_account_tz()
            )
            today = fields.Date.context_today(Report)
            # The 31st of a shorter month is its last day.
            last_day = today + relativedelta(day=31)
            if today.day >= min(company.key_account_report_day, last_day.day):
                Report._plan(company, Report._last_month())
        self._give_up_broken_off()
        due = self.search(
            [
                ("is_scheduled", "=", True),
                ("attempt_count", "<", ATTEMPTS),
                # Not twice in a night: a mail server that refuses needs its time.
                "|",
                ("state", "=", "draft"),
                "&",
                ("state", "=", "failed"),
                ("tried_on", "<", fields.Date.context_today(self)),
            ]
        )
        Cron._commit_progress(remaining=len(due))
        due._send_due(Cron._commit_progress)

    @api.model
    def _give_up_broken_off(self):
        """Tell of reports in the middle of which the server was killed each time."""
        broken_off = self.search(
            [
                ("is_scheduled", "=", True),
                ("state", "=", "draft"),
                ("attempt_count", ">=", ATTEMPTS),
            ]
        )
        for report in broken_off:
            report.write({"state": "failed", "error": self.env._("Broken off.")})
            report._call_for_help()

    def _send_due(self, commit):
        """Send these reports, one after the other; the queue makes jobs of them.

        :param commit: called with the number of reports done, false where time is up
        """
        for report in self:
            # Counted before it begins: what kills the server mustn't do so each night.
            report._count_attempt()
            commit()
            report._send_or_call_for_help()
            if not commit(1):
                return

    def _send_or_call_for_help(self):
        """Send a report; where that failed for the last time, somebody hears of it."""
        self.ensure_one()
        self._deliver()
        if self.state == "failed" and self.attempt_count >= ATTEMPTS:
            self._call_for_help()

    def _note_delivery(self, recipients, reached, reason):
        """Keep what became of a mail, which the mail queue knows hours later.

        :param recipients: ``res.partner`` to whom the mail was to go
        :param reached: those of them whose mail the server took
        :param reason: why others did not get it, false where all did
        """
        self.ensure_one()
        report = self.with_context(lang=self._get_lang())
        report.delivered_ids |= reached if reason else recipients
        if missing := reason and (recipients - report.delivered_ids):
            error = report.env._(
                "Not delivered to %(who)s: %(why)s",
                who=", ".join(missing.mapped("display_name")),
                why=" ".join(str(reason).split())[:2000],
            )
            report.write({"state": "failed", "error": error})
            if not report.is_scheduled or report.attempt_count >= ATTEMPTS:
                report._call_for_help()
        elif not report.partner_ids - report.delivered_ids:
            report.write({"state": "sent", "error": False})

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
