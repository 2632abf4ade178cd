# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models

from ..terms.key_account import Source


class KeyAccount(models.Model):
    """The customer's documents behind the smart buttons of the key account."""

    _inherit = "key.account"

    agreement_ids = fields.One2many("key.account.agreement", "account_id")
    agreement_count = fields.Integer(compute="_compute_agreement_count")

    def _compute_agreement_count(self):
        counts = dict(
            self.env["key.account.agreement"]._read_group(
                [("account_id", "in", self.ids), ("state", "in", ("active",))],
                ["account_id"],
                ["__count"],
            )
        )
        for account in self:
            account.agreement_count = counts.get(account, 0)

    def action_view_agreements(self):
        """Open the framework agreements of the account."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_management.key_account_agreement_action"
        )
        action["domain"] = [("account_id", "=", self.id)]
        action["context"] = {"default_account_id": self.id}
        return action

    def _benefit_sources(self, fname, date=None):
        """Put the agreement of each account of the group before the account itself."""
        sources = super()._benefit_sources(fname, date)
        if fname not in self.env["key.account.agreement"]._fields:
            return sources
        agreements = self._get_agreements(fname, date)
        return {
            account_id: [
                source
                for found in of_account
                for source in (
                    *self._agreement_sources(found, agreements),
                    found,
                )
            ]
            for account_id, of_account in sources.items()
        }

    def _agreement_sources(self, source, agreements):
        """Return the agreement that goes before an account, as a list of sources."""
        agreement = source.record._name == self._name and agreements.get(
            source.record.id
        )
        return [Source(agreement, source.account)] if agreement else []

    def _origin_label(self, benefit):
        if benefit.origin._name == "key.account.agreement":
            return self.env._("agreement %s", benefit.origin.display_name)
        return super()._origin_label(benefit)

    def _get_agreements(self, fname, date=None):
        """Return what of the agreements in force gives a benefit, in one query.

        :param str fname: name of the benefit
        :param date: the day, today without it
        :return: dict of account id -> ``key.account.agreement``, of these accounts and
            of all in their groups
        """
        Agreement = self.env["key.account.agreement"]
        day = date or fields.Date.context_today(self)
        line_ids = {
            int(key)
            for account in self
            for key in (account.parent_path or str(account._origin.id)).split("/")
            # An account that is being written down isn't in the database yet.
            if key.isdigit()
        }
        found = Agreement.search(
            Agreement._in_force_domain(day)
            & fields.Domain("account_id", "in", list(line_ids))
            & fields.Domain(fname, "!=", False),
            order="date_start, id",
        )
        return {agreement.account_id.id: agreement for agreement in found}

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
