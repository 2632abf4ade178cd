# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import format_date

from .key_account_stakeholder import ATTITUDES, INFLUENCES

#: More stakeholders than these are no picture any more.
LIMIT = 300


class KeyAccountStakeholderPage(models.AbstractModel):
    """The pictures of an account's stakeholders: map, organisation and team."""

    _name = "key.account.stakeholder.page"
    _description = "Pictures of Stakeholders"

    @api.model
    def get_page(self, account_id):
        """Return all stakeholders of an account and of those below it.

        :param int account_id: of a key.account
        :return: dict of plain values for the page
        :raise AccessError: unless the user may read the account
        """
        account = self.env["key.account"].browse(account_id)
        account.check_access("read")
        Stakeholder = self.env["key.account.stakeholder"]
        members = Stakeholder.search(
            [("account_id", "child_of", account.id)], limit=LIMIT
        )
        active = members.filtered(lambda who: not who.left_date)
        # sudo: the system's figures of what the user may read.
        active.sudo()._refresh_coverage()
        labels = self._get_labels()
        gaps = self.env["key.account.stakeholder.gap"]._get_gaps(
            active.account_id | account
        )
        return {
            "account": {"id": account.id, "name": account.display_name},
            "can_edit": Stakeholder.has_access("create"),
            "attitudes": [
                {"key": key, "label": labels["attitude"][key]} for key, _l in ATTITUDES
            ],
            "influences": [
                {"key": key, "label": labels["influence"][key]}
                for key, _label in reversed(INFLUENCES)
            ],
            "members": [self._get_member(who, labels) for who in active],
            "left": [self._get_member(who, labels) for who in members - active],
            "gaps": self._get_gap_rows(gaps, account),
            **self._get_team(account, active),
        }

    @api.model
    def _get_gap_rows(self, gaps, account):
        """Return the gaps as texts, those of subsidiaries with their name."""
        rows = list(gaps.pop(account.id, []))
        for other in self.env["key.account"].browse(gaps):
            rows += [f"{other.display_name}: {gap}" for gap in gaps[other.id]]
        return rows

    @api.model
    def _get_labels(self):
        """Return the names of the choices, by field, in the language of the user."""
        model_fields = self.env["key.account.stakeholder"]._fields
        return {
            name: dict(model_fields[name]._description_selection(self.env))
            for name in ("buying_role", "attitude", "influence", "coverage")
        }

    @api.model
    def _get_member(self, who, labels):
        return {
            "id": who.id,
            "name": who.name,
            "partner_id": who.partner_id.id,
            "position": who.position or "",
            "account": who.account_id.display_name,
            "role": labels["buying_role"].get(who.buying_role, ""),
            "attitude": who.attitude,
            "attitude_label": labels["attitude"].get(who.attitude, ""),
            "influence": who.influence,
            "influence_label": labels["influence"].get(who.influence, ""),
            "reports_to": who.reports_to_id.id or False,
            "owner": who.owner_id.name or "",
            "coverage": who.coverage,
            "coverage_label": labels["coverage"].get(who.coverage, ""),
            "placeholder": who.is_placeholder,
            "last": format_date(self.env, who.last_contact_date)
            if who.last_contact_date
            else "",
            "left": format_date(self.env, who.left_date) if who.left_date else "",
        }

    @api.model
    def _get_team(self, account, members):
        """Return our team, and how often each of it had contact with whom."""
        # sudo: names of colleagues who work on the account.
        account = account.sudo()
        users = (
            account.manager_id
            | account.deputy_id
            | account.team_member_ids.filtered("is_accepted").user_id
            | members.sudo().owner_id
        )
        months = account.company_id.key_account_coverage_months
        since = fields.Datetime.now() - relativedelta(months=months)
        found = members._get_team_contacts(users, since)
        to_day = account.company_id._to_key_account_day
        contacts = {
            f"{partner}-{user}": {
                "days": days,
                "last": format_date(self.env, to_day(last)),
            }
            for (partner, user), (days, last) in found.items()
        }
        return {
            "team": [{"id": user.id, "name": user.name} for user in users],
            "contacts": contacts,
            "months": months,
        }
