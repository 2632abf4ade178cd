# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields, models


class KeyAccountDocumentMixin(models.AbstractModel):
    """An order or invoice that knows its key account as of the document's date.

    While the document is open the fields follow customer and date; from then on they
    are kept: a later promotion doesn't rewrite history.
    """

    _name = "key.account.document.mixin"
    _description = "Document of a Key Account"

    # Closed to portal users, who read their own documents: the tier is ours to know.
    key_account_id = fields.Many2one(
        "key.account",
        compute="_compute_key_account_id",
        store=True,
        precompute=True,
        index="btree_not_null",
        copy=False,
        groups="base.group_user",
    )
    key_account_manager_id = fields.Many2one(
        "res.users",
        string="Key Account Manager",
        compute="_compute_key_account_id",
        store=True,
        precompute=True,
        index="btree_not_null",
        copy=False,
        groups="base.group_user",
    )
    key_account_partner_id = fields.Many2one(
        "res.partner",
        string="Customer of the Key Account",
        compute="_compute_key_account_id",
        store=True,
        precompute=True,
        copy=False,
        groups="base.group_user",
        help="For whom the document counts, where that is another company than the "
        "one it is addressed to.",
    )
    key_account_acting_manager_id = fields.Many2one(
        "res.users",
        string="In Charge of the Key Account Today",
        compute="_compute_key_account_acting_manager_id",
        groups="base.group_user",
    )

    def _get_key_account_contact(self):
        """Return who cares for the customer today, for the printed document.

        :return: ``res.users`` (sudo), empty for ordinary customers and where the
            company doesn't want it
        """
        self.ensure_one()
        # sudo: customers get name, telephone and mail of their contact on paper.
        document = self.sudo()
        return document.key_account_id._get_printed_contact(document.company_id)

    def _key_account_is_open(self):
        """Tell whether the document may still change its key account."""
        raise NotImplementedError

    def _key_account_date(self):
        """Return the day whose tier counts for this document."""
        raise NotImplementedError

    def _compute_key_account_id(self):
        # What is closed keeps what it has; what is just being made has nothing yet.
        documents = self.filtered(
            lambda doc: not doc._origin or doc._key_account_is_open()
        )
        documents._set_key_account()

    def _set_key_account(self, date=None):
        """Take over key account and manager as they are on the document's date.

        :param date: that day, where it isn't (yet) the one on the document
        """
        KeyAccount = self.env["key.account"].sudo()
        for company, documents in self.grouped("company_id").items():
            customers = {doc: doc._get_key_account_customers() for doc in documents}
            known = KeyAccount._get_by_partner(
                self.env["res.partner"].union(*customers.values()), company
            )
            if not known:
                # Ordinary customers, as nearly always: there is nothing to look up.
                for doc in documents:
                    doc._apply_key_account({})
                continue
            accounts = {
                doc: next(
                    (
                        known[customer.id]
                        for customer in customers[doc].commercial_partner_id._origin
                        if customer.id in known
                    ),
                    KeyAccount,
                )
                for doc in documents
            }
            by_date = documents.grouped(lambda doc: date or doc._key_account_date())
            for day, dated_documents in by_date.items():
                values = KeyAccount.union(*accounts.values())._get_kept_values(day)
                for doc in dated_documents:
                    account = accounts[doc]
                    kept = values.get(account.id, {})
                    doc._apply_key_account(kept | doc._get_other_customer(account))

    def _get_key_account_customers(self):
        """Return whose account counts: the first of these that belongs to one."""
        self.ensure_one()
        return self.partner_id

    def _get_other_customer(self, account):
        """Return the value that says for whom the document counts, if for another."""
        self.ensure_one()
        own = self.partner_id.commercial_partner_id._origin
        other = account.partner_id if account.partner_id != own else account.browse()
        return {"key_account_partner_id": other.id}

    def _apply_key_account(self, values):
        """Write what the document keeps of its account where it differs: writing costs.

        :param dict values: see ``key.account._get_kept_values``, empty for no account
        """
        self.ensure_one()
        # sudo: the fields are closed to portal users, who may confirm their order.
        document = self.sudo()
        changed = {
            name: values.get(name, False)
            for name in self._get_kept_fields()
            if document[name].id != values.get(name, False)
        }
        if changed:
            document.update(changed)

    def _get_kept_fields(self):
        """Return the fields that a document keeps of its account; rooms above add."""
        return ["key_account_id", "key_account_manager_id", "key_account_partner_id"]

    def _compute_key_account_acting_manager_id(self):
        for doc in self:
            # sudo: the clerk sees whom to ask, without access to the account.
            doc.key_account_acting_manager_id = (
                doc.sudo().key_account_id.acting_manager_id
            )
