# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dateutil.relativedelta import relativedelta
from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_date, formatLang

from ..tools.batches import in_batches
from ..tools.groups import DIRECTOR

#: Of longer lists the activity names the first ones.
NAMED = 10


class KeyAccountPriceAuditSchedule(models.AbstractModel):
    """The audit of each month by itself, and who hears of what it found."""

    _name = "key.account.price.audit.schedule"
    _description = "Schedule of Price Audits"

    is_scheduled = fields.Boolean(string="By Schedule", readonly=True, copy=False)

    @api.model
    def _cron_audit(self):
        """Audit the month that is over, once for each company that wants it.

        Killed anywhere it goes on: what is planned is unique, and what has run is done.
        """
        companies = self.env["res.company"].search(
            [("key_account_audit_monthly", "=", True)]
        )
        for company in companies:
            self._plan_month(company)
        due = self.search([("is_scheduled", "=", True), ("state", "=", "draft")])
        in_batches(due, 1, lambda audit: audit._run_by_schedule())

    @api.model
    def _plan_month(self, company):
        """Plan the audit of the month before, unless it is there or has no accounts."""
        first = company._get_key_account_today().replace(day=1)
        month = first - relativedelta(months=1)
        domain = [
            ("company_id", "=", company.id),
            ("is_scheduled", "=", True),
            ("date_from", "=", month),
        ]
        accounts = self.env["key.account"].search_count(
            [("company_id", "=", company.id), ("state", "!=", "ended")], limit=1
        )
        if accounts and not self.search_count(domain, limit=1):
            self.create(
                {
                    "company_id": company.id,
                    "date_from": month,
                    "date_to": first - relativedelta(days=1),
                    "is_scheduled": True,
                }
            )

    def _run_by_schedule(self):
        """Run the audit, and tell managers and a director what it found."""
        self.action_run()
        lines, warnings = self.line_ids, self.warning_ids
        for account in lines.account_id | warnings.account_id:
            self._tell_manager(
                account,
                lines.filtered(lambda line, of=account: line.account_id == of),
                warnings.filtered(lambda each, of=account: each.account_id == of),
            )
        if lines or warnings:
            self._tell_director()

    def _tell_manager(self, account, lines, warnings):
        """Ask the account manager, or the deputy, to look at the findings."""
        user = account.acting_manager_id
        if not user:
            return
        account = account.with_context(lang=user.lang)
        env = account.env
        texts = [
            env._(
                "%(invoice)s, %(product)s: %(charged)s instead of %(rightful)s.",
                invoice=line.move_id.name,
                product=line.product_id.display_name,
                charged=formatLang(env, line.charged_price, dp="Product Price"),
                rightful=formatLang(env, line.rightful_price, dp="Product Price"),
            )
            for line in lines.with_env(env)
        ]
        texts += warnings.with_env(env).mapped("summary")
        rest = len(texts) - NAMED
        if rest > 0:
            texts = [*texts[:NAMED], env._("%s more", rest)]
        account.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=account.company_id._get_key_account_today(),
            summary=env._("Price audit: %s", self._get_month_label(env)),
            note=Markup("<ul>%s</ul>")
            % Markup("").join(Markup("<li>%s</li>") % text for text in texts),
            user_id=user.id,
        )

    def _tell_director(self):
        """Ask a director to look at the audit as a whole."""
        user = self.env["res.users"]._choose_key_account_decider(
            DIRECTOR, self.company_id
        )
        if not user:
            return
        audit = self.with_context(lang=user.lang)
        audit.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=self.company_id._get_key_account_today(),
            summary=audit.env._(
                "Price audit %(month)s: overcharged %(over)s, undercharged %(under)s, "
                "%(warnings)s warnings",
                month=self._get_month_label(audit.env),
                over=formatLang(
                    audit.env, self.overcharge, currency_obj=self.currency_id
                ),
                under=formatLang(
                    audit.env, self.undercharge, currency_obj=self.currency_id
                ),
                warnings=len(self.warning_ids),
            ),
            user_id=user.id,
        )

    def _get_month_label(self, env):
        return format_date(env, self.date_from, date_format="MMMM yyyy")
