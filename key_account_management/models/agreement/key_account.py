# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.fields import Domain

from ..terms.key_account import Source
from ..tools.records import count_related, open_records


class KeyAccount(models.Model):
    """The framework agreements of a key account, and the terms that they give."""

    _inherit = "key.account"

    agreement_ids = fields.One2many("key.account.agreement", "account_id")
    agreement_count = fields.Integer(compute="_compute_agreement_count")

    @api.depends("agreement_ids.state")
    def _compute_agreement_count(self):
        counts = count_related(
            self, "key.account.agreement", "account_id", [("state", "=", "active")]
        )
        for account in self:
            account.agreement_count = counts.get(account._origin.id, 0)

    def action_view_agreements(self):
        """Open the framework agreements of the account."""
        self.ensure_one()
        return open_records(
            self.env,
            "key_account_management.key_account_agreement_action",
            [("account_id", "=", self.id)],
            context={"default_account_id": self.id},
        )

    def _benefit_sources(self, fname, date=None):
        """Put the agreement of each account of the group before the account itself."""
        if fname not in self.env["key.account.agreement"]._fields:
            return super()._benefit_sources(fname, date)
        # First, while the accounts are still read together.
        agreements = self._get_agreements(fname, date)
        sources = super()._benefit_sources(fname, date)
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
        """Return the agreements in force that give a benefit, in one query.

        :param str fname: name of the benefit
        :param date: the day, the company's today without it
        :return: dict of account id -> ``key.account.agreement``, of these accounts and
            of all in their groups
        """
        Agreement = self.env["key.account.agreement"]
        in_force = Domain.OR(
            Domain("company_id", "=", company.id)
            & Agreement._in_force_domain(date or company._get_key_account_today())
            for company in self.company_id
        )
        line_ids = {
            int(key)
            for account in self
            for key in (account.parent_path or str(account._origin.id)).split("/")
            # A new account isn't in the database yet.
            if key.isdigit()
        }
        found = Agreement.search(
            in_force
            & Domain("account_id", "in", list(line_ids))
            & Domain(fname, "!=", False),
            order="date_start, id",
        )
        return {agreement.account_id.id: agreement for agreement in found}
