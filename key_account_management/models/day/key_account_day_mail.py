# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import logging

from odoo import api, models

_logger = logging.getLogger(__name__)


class KeyAccountDayMail(models.AbstractModel):
    """The day by mail, for those who want it."""

    _name = "key.account.day.mail"
    _description = "Day by Email"

    @api.model
    def _cron_mail(self):
        """Send each user the matters of the day, once a day; it goes on when killed."""
        # sudo: the users who asked for it; each mail is made with the user's rights.
        users = (
            self.env["res.users"]
            .sudo()
            .search([("key_account_day_mail", "=", True), ("share", "=", False)])
        )
        due = users.filtered(lambda user: user._is_key_account_day_due())
        self.env["ir.cron"]._commit_progress(remaining=len(due))
        for user in due:
            try:
                self._mail_day(user)
            except Exception:
                # One user's day must not keep the others from theirs.
                self.env.cr.rollback()
                _logger.exception("No mail of the day for user %s", user.id)
            if not self.env["ir.cron"]._commit_progress(1):
                return

    @api.model
    def _mail_day(self, user):
        """Send a user the matters of the day, unless there are none.

        :param user: ``res.users`` record (sudo)
        """
        user.key_account_day_mailed_on = user.company_id._get_key_account_today()
        # With the rights, companies and language of the user.
        reader = self.with_user(user).with_context(
            lang=user.lang, tz=user.tz, allowed_company_ids=user.company_ids.ids
        )
        day = reader.env["key.account.day.page"].get_day()
        if not day["rows"] or not user.email:
            return
        body = reader.env["ir.qweb"]._render(
            "key_account_management.key_account_day_mail",
            {**day, "user": user, "url": f"{user.get_base_url()}/odoo/key-account-day"},
        )
        # sudo: users can't write mails; it goes to the user alone.
        self.env["mail.mail"].sudo().create(
            {
                "subject": reader.env._(
                    "My day: %s matters are waiting", len(day["rows"])
                ),
                "body_html": body,
                "email_to": user.email_formatted,
                "email_from": user.company_id.email_formatted or user.email_formatted,
                "auto_delete": True,
            }
        )
