# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.tools import SQL


class KeyAccountKpiQueue(models.Model):
    """Months whose documents changed since the figures were taken.

    Documents only add rows here, so that posting an invoice doesn't collide with edits
    of the key account. The scheduled action takes the rows out again in the same
    transaction in which it takes the figures, so a killed run loses nothing.
    """

    _name = "key.account.kpi.queue"
    _description = "Key Account Month to Recompute"
    _log_access = False

    account_id = fields.Many2one(
        "key.account", required=True, index=True, ondelete="cascade"
    )
    month = fields.Date(help="First day of the month; empty for all months.")

    @api.model
    def _add(self, months):
        """Queue months of customers, as far as they are key accounts.

        :param months: iterable of (commercial partner id, company id, any day of the
            month or None for all months)
        """
        months = set(months)
        if not months:
            return
        known = self.env["key.account"]._get_customer_ids()
        rows = [
            SQL("(%s::int, %s::int, %s::date)", partner_id, company_id, day or None)
            for partner_id, company_id, day in sorted(months, key=str)
            if partner_id in known and company_id
        ]
        if not rows:
            return
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO key_account_kpi_queue (account_id, month)
                SELECT DISTINCT account.id, date_trunc('month', changed.day)::date
                  FROM (VALUES %s) AS changed (partner_id, company_id, day)
                  JOIN key_account account
                    ON account.partner_id = changed.partner_id
                   AND %s
                """,
                SQL(", ").join(rows),
                self.env["key.account"]._own_documents_sql("changed"),
            )
        )

    @api.model
    def _take(self, accounts):
        """Take the rows of accounts out and return what is to be recomputed.

        :param accounts: ``key.account`` records
        :return: dict of account id -> set of months, empty for all of them
        """
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM key_account_kpi_queue
                 WHERE id IN (
                       SELECT id FROM key_account_kpi_queue
                        WHERE account_id = ANY(%s) FOR UPDATE SKIP LOCKED)
             RETURNING account_id, month
                """,
                accounts.ids,
            )
        )
        taken = {}
        for account_id, month in self.env.cr.fetchall():
            taken.setdefault(account_id, set()).add(month)
        return {
            account_id: set() if None in months else months
            for account_id, months in taken.items()
        }
