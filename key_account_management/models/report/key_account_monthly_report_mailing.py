# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)

PDF_REPORT = "key_account_management.key_account_monthly_report_action_print"
SENT = "key_account_management.mt_monthly_report"
#: What core says of a mail that didn't arrive.
FAILED = ("bounce", "exception")


class KeyAccountMonthlyReportMailing(models.AbstractModel):
    """How a monthly report gets out, and who has got it.

    Each sending is a message with its files, one for each language. Core's
    ``mail.notification`` says of each reader what became of the mail; state and error
    follow from that.
    """

    _name = "key.account.monthly.report.mailing"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "Mailing of Monthly Account Reports"
    # Contacts of the customer don't read in their mail who else gets the report.
    _CUSTOMER_HEADERS_LIMIT_COUNT = 0

    state = fields.Selection(
        [("draft", "To Be Sent"), ("sent", "Sent"), ("failed", "Failed")],
        compute="_compute_state",
        store=True,
        default="draft",
        required=True,
        copy=False,
        index=True,
    )
    error = fields.Text(compute="_compute_state", store=True, copy=False)
    sent_on = fields.Datetime(readonly=True, copy=False)

    @api.depends(
        "partner_ids",
        "message_ids.notification_ids.notification_status",
        "message_ids.notification_ids.failure_reason",
    )
    def _compute_state(self):
        """Follow what core says of the mails; before the first one the state stays."""
        for report in self:
            mailings = report._get_mailings()
            failed = report._get_failed_notifications()
            if not mailings:
                report.state, report.error = report.state or "draft", report.error
            elif failed:
                report.state, report.error = "failed", report._get_reasons(failed)
            elif report.partner_ids - mailings.partner_ids:
                report.state, report.error = "draft", False
            else:
                report.state, report.error = "sent", False

    def _get_mailings(self):
        """Return the messages by which the report was sent, the last one first."""
        subtype = self.env.ref(SENT)
        return self.message_ids.filtered(
            lambda message: message.subtype_id == subtype
        ).sorted("id", reverse=True)

    def _get_failed_notifications(self):
        """Return those of readers whose last mail didn't arrive."""
        failed = self.env["mail.notification"]
        done = self.env["res.partner"]
        for message in self._get_mailings():
            failed += message.notification_ids.filtered(
                lambda item, done=done: item.notification_status in FAILED
                and item.res_partner_id in self.partner_ids - done
            )
            done |= message.partner_ids
        return failed

    def _get_reasons(self, failed):
        """Return who didn't get the report and why, in the account manager's language.

        :param failed: ``mail.notification`` of mails that didn't arrive
        """
        manager = self.account_id.manager_id or self.manager_id
        env = self.with_context(lang=manager.lang).env
        kinds = dict(failed._fields["failure_type"]._description_selection(env))
        return "\n".join(
            env._(
                "Not delivered to %(who)s: %(why)s",
                who=item.res_partner_id.display_name,
                # Servers answer in several lines.
                why=" ".join(
                    (item.failure_reason or kinds.get(item.failure_type, "")).split()
                )[:2000],
            )
            for item in failed
        )

    def action_send(self):
        """Send the reports to their recipients now.

        :raise UserError: without recipients, or where one can't get mail
        """
        self.check_access("write")
        for report in self:
            report._check_readers()
            report._count_attempt()
            report._deliver()
        return True

    def _check_readers(self):
        if not self.partner_ids:
            raise UserError(
                self.env._("Choose the recipients of the report “%s”.", self.name)
            )
        if gone := self.partner_ids.filtered(lambda partner: not partner.active):
            raise UserError(
                self.env._(
                    "Archived: %s. Restore them, or choose other recipients.",
                    ", ".join(gone.mapped("display_name")),
                )
            )
        if without := self.partner_ids.filtered(lambda partner: not partner.email):
            raise UserError(
                self.env._(
                    "%s has no email address.",
                    ", ".join(without.mapped("display_name")),
                )
            )

    def _deliver(self):
        """Make the files and queue the mails; what goes wrong is kept and shown."""
        self.ensure_one()
        # sudo: state and log are the system's; action_send() has checked the user's
        # access, the schedule is the system.
        report = self.sudo()
        try:
            with self.env.cr.savepoint():
                # People leave us, or the customer, after a report is planned.
                report._check_edition()
                report._check_readers()
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
        readers = self.partner_ids
        if self.state != "sent":
            failed = self._get_failed_notifications().res_partner_id
            readers -= self._get_mailings().partner_ids - failed
        self._call_off_mails(readers)
        default = self.with_context(key_account_report_lang=False)._get_lang()
        for lang, group in readers.grouped(
            lambda partner: partner.lang or default
        ).items():
            report = self.with_context(lang=lang, key_account_report_lang=lang)
            report._send_mail(group)
        # The user who pressed the button doesn't wait for the queue's next hour.
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    def _call_off_mails(self, readers):
        """Call off earlier mails that didn't get out: new ones take their place.

        :param readers: ``res.partner`` to whom the report goes now
        """
        waiting = self._get_mailings().notification_ids.filtered(
            lambda item: item.res_partner_id in readers
            and item.notification_status in ("ready", *FAILED)
        )
        waiting.mail_mail_id.filtered(
            lambda mail: mail.state in ("outgoing", "exception")
        ).cancel()
        waiting.notification_status = "canceled"

    def _send_mail(self, readers):
        """Post the report with both files; core's mail queue sends it.

        Followers of the report get no copy, and answers go to the account manager
        instead of the chatter, which no customer reads.

        :param readers: ``res.partner``, all of the language in the context
        """
        lang, report_id = self.env.lang, self.id
        template = self.env.ref("key_account_management.mail_template_monthly_report")
        subject, body, sender = (
            template._render_field(field, [report_id], set_lang=lang)[report_id]
            for field in ("subject", "body_html", "email_from")
        )
        pdf, _kind = self.env["ir.actions.report"]._render_qweb_pdf(
            PDF_REPORT, res_ids=[report_id]
        )
        name = self.name.replace("/", "-")
        author = self.account_id.manager_id or self.manager_id
        return self.with_context(mail_post_autofollow=False).message_post(
            subject=subject,
            body=body,
            author_id=author.partner_id.id,
            email_from=sender,
            reply_to=sender,
            partner_ids=readers.ids,
            attachments=[(f"{name}.pdf", pdf), (f"{name}.xlsx", self._get_workbook())],
            message_type="auto_comment",
            subtype_xmlid=SENT,
            email_layout_xmlid="mail.mail_notification_light",
            notify_author=True,
            notify_skip_followers=True,
            force_send=False,
        )

    @api.model
    def _mail_get_partner_fields(self, introspect_fields=False):
        """Propose no reader for what colleagues write to each other on the report."""
        return []

    def _is_mailing(self, message, msg_vals):
        subtype_id = (msg_vals or {}).get("subtype_id", message.subtype_id.id)
        return subtype_id == self.env.ref(SENT).id

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Send the report by mail to users who get their notifications in Odoo, too."""
        recipients = super()._notify_get_recipients(message, msg_vals, **kwargs)
        if self._is_mailing(message, msg_vals):
            for recipient in recipients:
                recipient["notif"] = "email"
        return recipients

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        """Leave out the link to the report, which not all readers may open."""
        groups = super()._notify_get_recipients_groups(
            message, model_description, msg_vals
        )
        if self._is_mailing(message, msg_vals):
            for _name, _belongs, data in groups:
                data["has_button_access"] = False
        return groups
