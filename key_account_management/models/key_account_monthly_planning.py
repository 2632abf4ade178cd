# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models


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
        return self.create(
            [
                {
                    "company_id": company.id,
                    "month": month,
                    "account_id": account_id,
                    "manager_id": manager_id,
                    "edition": edition,
                    "partner_ids": [(6, 0, partners.ids)],
                    "is_scheduled": True,
                }
                for account_id, manager_id, edition, partners in wanted
                if partners and (account_id, manager_id, edition) not in known
            ]
        )

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
            .all_user_ids.filtered(
                lambda user: user.active
                and not user.share
                and user.email
                and company in user.company_ids
            )
        )
        planned = []
        for account in accounts:
            users = self.env["res.users"]
            if account.report_to_manager:
                users |= account.acting_manager_id
            if account.report_to_director:
                users |= directors
            reachable = users.partner_id.filtered("email")
            contacts = account.report_contact_ids.filtered("email")
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
            if manager.active
        ]
