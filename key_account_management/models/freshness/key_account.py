# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL


class KeyAccount(models.Model):
    """Accounts say how complete the customer's data is, and when it was verified."""

    _inherit = "key.account"

    data_score = fields.Integer(
        string="Customer Data (%)",
        readonly=True,
        aggregator="avg",
        help="How much of what the rules for customer data ask for is known.",
    )
    data_gaps = fields.Char(readonly=True)
    data_missing = fields.Char(
        string="Missing Data", compute="_compute_data_missing", compute_sudo=False
    )
    data_verified_date = fields.Date(string="Verified on", readonly=True, copy=False)
    data_verified_user_id = fields.Many2one(
        "res.users", string="Verified by", readonly=True, copy=False
    )
    is_data_old = fields.Boolean(
        string="To Be Verified",
        compute="_compute_is_data_old",
        search="_search_is_data_old",
    )

    @api.depends("data_gaps")
    @api.depends_context("lang")
    def _compute_data_missing(self):
        labels = self.env["key.account.data.rule"]._get_labels()
        for account in self:
            account.data_missing = self._name_gaps(account.data_gaps, labels)

    @api.model
    def _name_gaps(self, gaps, labels):
        """Return what is missing in words, in the reader's language."""
        if not gaps:
            return False
        return ", ".join(labels.get(code, code) for code in gaps.split(","))

    def _get_verify_limit(self, company):
        """Return the day on or before which data verified last is old, or None."""
        days = company.key_account_verify_days
        today = company._get_key_account_today()
        return today - relativedelta(days=days) if days > 0 else None

    @api.depends("data_verified_date", "company_id.key_account_verify_days")
    def _compute_is_data_old(self):
        for company, accounts in self.grouped("company_id").items():
            limit = self._get_verify_limit(company)
            for account in accounts:
                since = account.data_verified_date or (
                    account.create_date and account.create_date.date()
                )
                account.is_data_old = bool(limit and since and since <= limit)

    @api.model
    def _search_is_data_old(self, operator, value):
        if operator != "in":
            return NotImplemented
        found = self.browse()
        for company in self.env.companies:
            limit = self._get_verify_limit(company)
            if limit:
                found |= self.search(
                    [
                        ("company_id", "=", company.id),
                        "|",
                        ("data_verified_date", "<=", limit),
                        "&",
                        ("data_verified_date", "=", False),
                        ("create_date", "<", limit + relativedelta(days=1)),
                    ]
                )
        return [("id", "in" if True in value else "not in", found.ids)]

    def _refresh_figures(self):
        result = super()._refresh_figures()
        self._refresh_data_score()
        return result

    def _refresh_data_score(self):
        """Judge the customer data of these accounts, in one statement."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE key_account SET data_score = found.score, data_gaps = found.gaps
                  FROM (%s) found
                 WHERE key_account.id = found.account_id
                   AND (key_account.data_score, key_account.data_gaps)
                       IS DISTINCT FROM (found.score, found.gaps)
                """,
                self.env["key.account.data.rule"]._score_sql(self),
            )
        )
        self.invalidate_recordset(["data_score", "data_gaps"])

    def _get_data_scores(self):
        """Return how complete the data of these accounts is at this moment.

        :return: dict of account id -> (score in percent, codes of what is missing)
        """
        if not self:
            return {}
        self.env.flush_all()
        rows = self.env.execute_query(
            self.env["key.account.data.rule"]._score_sql(self)
        )
        return {account_id: (score, gaps) for account_id, score, gaps in rows}

    def action_verify_data(self):
        """Note that the customer's data was looked at today and is right.

        :return: True
        :raise AccessError: unless the user may edit the accounts
        """
        self.check_access("write")
        for company, accounts in self.grouped("company_id").items():
            # sudo: only the system writes who verified and when; the right to edit the
            # accounts was just asked for.
            accounts.sudo().write(
                {
                    "data_verified_date": company._get_key_account_today(),
                    "data_verified_user_id": self.env.uid,
                }
            )
        # sudo: the score is the system's.
        self.sudo()._refresh_data_score()
        return True

    def action_view_customer(self):
        """Open the customer, to complete what we know of it."""
        self.ensure_one()
        self.check_access("read")
        return self.partner_id._get_records_action(context={})
