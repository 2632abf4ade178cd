# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from ..tools import groups

#: The schedule tries a report this often; then it asks the account manager.
ATTEMPTS = 2


class KeyAccountMonthlyReportSchedule(models.AbstractModel):
    """Which reports a month brings, when they are tried, and when a person is asked.

    What becomes of a mail is known by ``mail.notification``. Here stands what no mail
    can tell: that a server was killed while it made a report.
    """

    _name = "key.account.monthly.report.schedule"
    _description = "Schedule of Monthly Account Reports"

    is_scheduled = fields.Boolean(string="By Schedule", readonly=True, copy=False)
    attempt_count = fields.Integer(string="Attempts", readonly=True, copy=False)
    next_try_on = fields.Date(
        string="Next Try",
        readonly=True,
        copy=False,
        help="The schedule looks at the report again on this day: for a second try, or "
        "to ask the account manager.",
    )

    @api.model
    def _cron_send(self):
        """Plan last month's reports and send what is due; a failed one is tried twice.

        After a break it goes on where it was: what is planned is unique, and a report
        is marked as sent in the transaction that queues its mails.
        """
        Cron = self.env["ir.cron"]
        due = self.browse()
        companies = self.env["res.company"].search([])  # pylint: disable=no-search-all
        for company in companies:
            today = company._get_key_account_today()
            # The 31st of a shorter month is its last day.
            last_day = today + relativedelta(day=31)
            if today.day >= min(company.key_account_report_day, last_day.day):
                month = today.replace(day=1) - relativedelta(months=1)
                self.with_company(company)._plan(company, month)
            due += self.search(self._due_domain(company, today))
        Cron._commit_progress(remaining=len(due))
        due._send_due(Cron._commit_progress)
        self._give_up()

    @api.model
    def _due_domain(self, company, today):
        return [
            ("company_id", "=", company.id),
            ("is_scheduled", "=", True),
            ("state", "in", ("draft", "failed")),
            ("attempt_count", "<", ATTEMPTS),
            # Not twice in a night: a mail server that refuses needs its time.
            "|",
            ("next_try_on", "=", False),
            ("next_try_on", "<=", today),
        ]

    def _send_due(self, commit):
        """Send these reports one after the other; the queue addon makes jobs of them.

        :param commit: called with the number of reports done, false where time is up
        """
        for report in self:
            # Counted before it begins: what kills the server mustn't do so each night.
            report._count_attempt()
            commit()
            report._deliver()
            if not commit(1):
                return

    def _count_attempt(self):
        # sudo: the log is the system's; action_send() has checked the user's access.
        report = self.sudo()
        tomorrow = self.company_id._get_key_account_today() + relativedelta(days=1)
        report.write(
            {"attempt_count": report.attempt_count + 1, "next_try_on": tomorrow}
        )

    @api.model
    def _give_up(self):
        """Ask a person about each report that the schedule doesn't try any more."""
        reports = self.search(
            [
                ("state", "in", ("draft", "failed")),
                ("next_try_on", "!=", False),
                "|",
                ("is_scheduled", "=", False),
                ("attempt_count", ">=", ATTEMPTS),
            ]
        )
        for report in reports:
            if report.state == "draft":
                # The server was killed in the middle of it, each time.
                error = self.env._("Sending was interrupted.")
                report.write({"state": "failed", "error": error})
            report.next_try_on = False
            report._ask_account_manager()

    def _ask_account_manager(self):
        """Tell the account manager, or the deputy, that the report doesn't get out."""
        self.ensure_one()
        if user := self.account_id.acting_manager_id or self.manager_id:
            self.activity_schedule(
                "mail.mail_activity_data_warning",
                summary=self.env._("The monthly report was not sent"),
                note=plaintext2html(self.error or ""),
                user_id=user.id,
            )

    @api.model
    def _plan(self, company, month):
        """Plan the reports of a month by the schedules of accounts and company.

        :param company: ``res.company``
        :param month: first day of the month
        """
        wanted = self._planned_by_accounts(company)
        if company.key_account_manager_report:
            wanted += self._planned_by_managers(company)
        known = {
            (report.account_id.id, report.manager_id.id, report.edition)
            for report in self.search(
                [
                    ("company_id", "=", company.id),
                    ("month", "=", month),
                    ("is_scheduled", "=", True),
                ]
            )
        }
        for account_id, manager_id, edition, partners in wanted:
            if not partners or (account_id, manager_id, edition) in known:
                continue
            values = {
                "company_id": company.id,
                "month": month,
                "account_id": account_id,
                "manager_id": manager_id,
                "edition": edition,
                "is_scheduled": True,
            }
            try:
                with self.env.cr.savepoint():
                    self.create({**values, "partner_ids": [(6, 0, partners.ids)]})
            except UserError as error:
                # The others go on; this one is kept as what it is.
                values.update(state="failed", attempt_count=ATTEMPTS, error=str(error))
                self.create(values)._ask_account_manager()

    @api.model
    def _planned_by_accounts(self, company):
        accounts = self.env["key.account"].search(
            [
                ("company_id", "=", company.id),
                ("state", "!=", "ended"),
                "|",
                "|",
                ("report_to_manager", "=", True),
                ("report_to_director", "=", True),
                ("report_contact_ids", "!=", False),
            ]
        )
        # sudo: who the directors are; only the system plans reports.
        directors = self.env.ref(groups.DIRECTOR).sudo().all_user_ids
        planned = []
        for account in accounts:
            users = self.env["res.users"]
            if account.report_to_manager:
                users |= account.acting_manager_id
            if account.report_to_director:
                users |= directors
            reachable = users.filtered(
                lambda user: self._may_read(user, company)
            ).partner_id.filtered("email")
            contacts = account.report_contact_ids.filtered(
                lambda contact, customer=account.partner_id: contact.email
                and contact.commercial_partner_id == customer
            )
            planned.append((account.id, False, "internal", reachable))
            planned.append((account.id, False, "customer", contacts))
        return planned

    @api.model
    def _planned_by_managers(self, company):
        managers = self.env["key.account"]._read_group(
            [("company_id", "=", company.id), ("state", "!=", "ended")], ["manager_id"]
        )
        return [
            (False, manager.id, "internal", manager.partner_id.filtered("email"))
            for (manager,) in managers
            if self._may_read(manager, company)
        ]

    @api.model
    def _may_read(self, user, company):
        """Tell whether a user still belongs to the people of the company."""
        return user.active and not user.share and company in user.company_ids
