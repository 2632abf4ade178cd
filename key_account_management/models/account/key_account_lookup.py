# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models
from odoo.tools import SQL, ormcache


class KeyAccountLookup(models.AbstractModel):
    """Which account a customer, a contact or a company below it belongs to."""

    _name = "key.account.lookup"
    _description = "Accounts of Customers"

    @api.model
    @ormcache()
    def _get_customer_ids(self):
        """Return the ids of all customers who are or were key accounts, in any company.

        :return: frozenset of ids of ``res.partner``
        """
        self.flush_model(["partner_id"])
        self.env.cr.execute("SELECT DISTINCT partner_id FROM key_account")
        return frozenset(row[0] for row in self.env.cr.fetchall())

    @api.constrains("partner_id")
    def _check_customer_is_known(self):
        """Look the customers up again, here and in every other process."""
        registry = self.env.registry
        if not self._get_customer_ids().issuperset(self.partner_id.ids):
            registry.clear_cache()
            # Again after the commit: until then other processes read the old ones.
            self.env.cr.postcommit.add(registry.clear_cache)

    @api.model
    def _get_by_partner(self, partners, company, with_group=True):
        """Return the key accounts of these customers, in one query.

        Branches share the accounts of their company. A company without an account of
        its own belongs to that of the nearest company above it.

        :param partners: ``res.partner`` records, contacts or companies
        :param company: the ``res.company`` that manages the accounts
        :param bool with_group: False for accounts of the customers themselves
        :return: dict of commercial partner id -> ``key.account`` (sudo), ended and
            archived ones left out
        """
        known = self._get_customer_ids()
        lines = {}
        for customer in partners.commercial_partner_id._origin:
            line = customer._get_company_line() if with_group else customer
            if found := [member.id for member in line if member.id in known]:
                lines[customer.id] = found
        if not lines:
            return {}
        ids = {key for line in lines.values() for key in line}
        by_customer = self._find_by_customer(ids, company)
        return {
            customer_id: next(by_customer[each] for each in line if each in by_customer)
            for customer_id, line in lines.items()
            if not by_customer.keys().isdisjoint(line)
        }

    @api.model
    def _find_by_customer(self, partner_ids, company):
        """Return the accounts of these very customers, those of branches first.

        :return: dict of partner id -> ``key.account`` (sudo)
        """
        # sudo: a clerk without access to key accounts writes the order at the same
        # terms as the account manager would. Only terms and names are taken from it.
        branches = company.sudo().parent_ids.ids or company.ids
        accounts = self.sudo().search(
            [
                ("partner_id", "in", list(partner_ids)),
                ("company_id", "in", branches),
                ("state", "!=", "ended"),
                # Said here, as callers may look at archived records (active_test).
                ("active", "=", True),
            ],
            order="id",
        )
        # The nearest branch last, so that it is the one that stays.
        ranked = accounts.sorted(lambda account: branches.index(account.company_id.id))
        return {account.partner_id.id: account for account in ranked}

    @api.model
    @ormcache()
    def _has_branches(self):
        """Tell whether any company has branches; core forgets it with a new one."""
        # sudo: only whether there is one at all.
        Company = self.env["res.company"].sudo().with_context(active_test=False)
        return bool(Company.search_count([("parent_id", "!=", False)], limit=1))

    @api.model
    def _own_documents_sql(self, document, account="account", partner=None):
        """Return the condition that a document's company is the account's, or a branch.

        A document in a branch belongs to the nearest account of its customer, as
        :meth:`_find_by_customer` finds it.

        :param str document: SQL name of the document, which has a ``company_id``
        :param str account: SQL name of what has the account's ``company_id``
        :param partner: SQL of the customer's id, the account's without it
        """
        of_document = SQL.identifier(document, "company_id")
        company = SQL.identifier(account, "company_id")
        if not self._has_branches():
            return SQL("%s = %s", of_document, company)
        return SQL(
            """
            (%(of_document)s = %(company)s OR EXISTS (
                SELECT FROM res_company branch
                  JOIN res_company upper ON upper.id = %(company)s
                   AND starts_with(branch.parent_path, upper.parent_path)
                 WHERE branch.id = %(of_document)s
                   AND NOT EXISTS (
                       SELECT FROM key_account nearer
                         JOIN res_company place ON place.id = nearer.company_id
                          AND starts_with(branch.parent_path, place.parent_path)
                          AND starts_with(place.parent_path, upper.parent_path)
                          AND place.id != upper.id
                        WHERE nearer.partner_id = %(partner)s
                          AND nearer.active AND nearer.state != 'ended')))
            """,
            of_document=of_document,
            company=company,
            partner=partner or SQL.identifier(account, "partner_id"),
        )

    def _get_document_companies(self):
        """Return the companies whose documents are these accounts'.

        :return: dict of account id -> list of ids of ``res.company``
        """
        if not self._has_branches():
            return {account.id: account.company_id.ids for account in self}
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT account.id, array_agg(document.company_id)
                  FROM key_account account
                  JOIN (SELECT id AS company_id FROM res_company) document
                    ON %s
                 WHERE account.id = ANY(%s)
              GROUP BY account.id
                """,
                self._own_documents_sql("document"),
                self.ids,
            )
        )
        return dict(rows)

    @api.model
    def _get_portal_accounts(self):
        """Return the accounts that the current user's company is, as superuser.

        :return: ``key.account`` records, one for each of our companies at most
        """
        customer = self.env.user.partner_id.commercial_partner_id
        # sudo: portal users have no right on the model; these are their own company's.
        return self.sudo().search(
            [("partner_id", "=", customer.id), ("state", "in", ("active", "at_risk"))],
            order="company_id, id",
        )
