# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models
from odoo.exceptions import UserError


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Customers that are merged take their key accounts along."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Merge the key accounts of the customers first: a customer has one of them."""
        # sudo: accounts of colleagues and other companies count; rights are checked
        # below.
        Account = self.env["key.account"].sudo().with_context(active_test=False)
        partners = src_partners | dst_partner
        accounts = Account.search([("partner_id", "in", partners.ids)])
        customers = partners.commercial_partner_id
        if accounts and dst_partner.commercial_partner_id != dst_partner:
            raise UserError(
                self.env._(
                    "%(customer)s is a key account and can't be merged into "
                    "%(contact)s, a contact of another company. Choose the key account "
                    "as the destination contact.",
                    customer=accounts[:1].partner_name,
                    contact=dst_partner.display_name,
                )
            )
        for of_company in accounts.grouped("company_id").values():
            self._merge_key_accounts(of_company, dst_partner)
        result = super()._update_foreign_keys(src_partners, dst_partner)
        # Odoo has written past the ORM: forget what was known of the customers.
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        known = customers.exists() | dst_partner
        accounts = Account.search([("partner_id", "in", known.ids)])
        self.env.add_to_compute(Account._fields["partner_name"], accounts)
        accounts._after_customer_change()
        return result

    def _merge_key_accounts(self, accounts, dst_partner):
        """Put what belongs to the other accounts under that of the destination.

        :param accounts: ``key.account`` records (sudo) of one company
        :raise UserError: where the user can't change all of them
        """
        if len(accounts) < 2:
            return
        kept = accounts.filtered(lambda account: account.partner_id == dst_partner)
        kept = kept or accounts[:1]
        others = accounts - kept
        if not self.env.su and not accounts.with_env(self.env).has_access("write"):
            raise UserError(
                self.env._(
                    "%s are key accounts that are merged with their customers. Ask a "
                    "user with access to all key accounts to merge them.",
                    ", ".join(accounts.mapped("partner_name")),
                )
            )
        if kept.parent_id in others:
            kept.parent_id = (others.parent_id - accounts)[:1]
        self.env.flush_all()
        self._update_foreign_keys_generic("key.account", others, kept)
        self._update_reference_fields_generic("key.account", others, kept)
        self.env.invalidate_all()
        names = ", ".join(others.mapped("partner_name"))
        others.unlink()
        kept._parent_store_compute()
        kept._message_log(body=self.env._("Merged with the key account %s.", names))
