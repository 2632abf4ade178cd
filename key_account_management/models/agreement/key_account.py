# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models

from ..terms.key_account import Source
from ..tools.records import count_related, open_records


class KeyAccount(models.Model):
    """The framework agreements of a key account, and the terms that they give."""

    _inherit = "key.account"

    agreement_ids = fields.One2many("key.account.agreement", "account_id")
    agreement_count = fields.Integer(compute="_compute_agreement_count")

    @api.depends("agreement_ids")
    def _compute_agreement_count(self):
        # All that the button opens, drafts too.
        counts = count_related(self, "key.account.agreement", "account_id")
        for account in self:
            account.agreement_count = counts.get(account._origin.id, 0)

    def action_view_agreements(self):
        """Open the framework agreements of the account."""
        self.ensure_one()
        self.check_access("read")
        return open_records(
            self.env,
            "key_account_management.key_account_agreement_action",
            [("account_id", "=", self.id)],
            context={"default_account_id": self.id},
        )

    def _benefit_sources(self, date=None):
        """Put the agreements of each account of the group before the account itself."""
        sources = super()._benefit_sources(date)
        members = self.union(
            *(source.account for found in sources.values() for source in found)
        )
        before = {member.id: member._agreement_sources(date) for member in members}
        result = {}
        for account_id, found in sources.items():
            result[account_id] = []
            for source in found:
                if source.record == source.account:
                    result[account_id] += before[source.account.id]
                result[account_id].append(source)
        return result

    def _agreement_sources(self, date=None):
        """Return the agreements in force on a day as sources, the latest first."""
        if not self.agreement_ids:
            return []
        day = date or self.company_id._get_key_account_today()
        in_force = self.agreement_ids.filtered_domain(
            self.agreement_ids._in_force_domain(day)
        )
        latest_first = in_force.sorted(lambda a: (a.date_start, a.id), reverse=True)
        return [Source(agreement, self) for agreement in latest_first]

    def _origin_label(self, benefit):
        if benefit.origin._name == "key.account.agreement":
            return self.env._("Agreement %s", benefit.origin.display_name)
        return super()._origin_label(benefit)

    def _report_sections(self, period):
        """Add the commitments and how much of them is consumed."""
        sections = super()._report_sections(period)
        commitments = self.env["key.account.commitment"].search(
            [
                ("account_id", "in", self.ids),
                ("agreement_id.state", "=", "active"),
                ("date_from", "<=", self.company_id._get_key_account_today()),
                ("date_to", ">=", period[0]),
            ]
        )
        if commitments:
            sections.append(
                {
                    "key": "commitments",
                    "sequence": 50,
                    "title": self.env._("Commitments"),
                    "head": True,
                    "columns": [
                        (self.env._("Commitments"), "text"),
                        (self.env._("Target"), "number"),
                        (self.env._("Consumed"), "number"),
                        (self.env._("Consumed (%)"), "decimal"),
                    ],
                    "rows": [
                        (line.display_name, line.target, line.consumed, line.rate)
                        for line in commitments
                    ],
                }
            )
        return sections
