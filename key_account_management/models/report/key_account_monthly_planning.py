# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models
from odoo.exceptions import UserError

from .key_account_monthly_delivery import ATTEMPTS


class KeyAccountMonthlyReport(models.Model):
    """Which reports a month brings, by the schedules of accounts and company."""

    _inherit = "key.account.monthly.report"

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
        planned = self.browse()
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
                    planned += self.create(
                        {**values, "partner_ids": [(6, 0, partners.ids)]}
                    )
            except UserError as error:
                # The others go on; this one is kept as what it is.
                values.update(state="failed", attempt_count=ATTEMPTS, error=str(error))
                self.create(values)._call_for_help()
        return planned

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
        directors = (
            self.env.ref("key_account_management.group_key_account_director")
            .sudo()
            .all_user_ids
        )
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

    def _planned_by_managers(self, company):
        groups = self.env["key.account"]._read_group(
            [("company_id", "=", company.id), ("state", "!=", "ended")], ["manager_id"]
        )
        return [
            (False, manager.id, "internal", manager.partner_id.filtered("email"))
            for (manager,) in groups
            if self._may_read(manager, company)
        ]

    def _may_read(self, user, company):
        """Tell whether a user is still one of the company's people."""
        return user.active and not user.share and company in user.company_ids
