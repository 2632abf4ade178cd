# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models
from odoo.exceptions import AccessError


class ResPartner(models.Model):
    _inherit = "res.partner"

    # No dependency on our own fields: their uninstallation would also remove the field
    # that res.users inherits from here.
    @api.depends_context("key_account_price_date")
    def _compute_product_pricelist(self):
        return super()._compute_product_pricelist()

    @api.model
    def _forget_pricelists(self):
        """Let the price lists of customers be looked up again, after terms changed."""
        self.env["res.partner"].invalidate_model(
            ["property_product_pricelist"], flush=False
        )

    def write(self, vals):
        if vals.get("property_payment_term_id") and not self.env.su:
            term = self.env["account.payment.term"]
            self._check_payment_term(term.browse(vals["property_payment_term_id"]))
        return super().write(vals)

    def _check_payment_term(self, term):
        """Refuse terms that give a key account more days than the user's role grants.

        What is set on the customer by hand goes before the terms of the account.

        :param term: ``account.payment.term``
        :raise AccessError: names the customer
        """
        KeyAccount = self.env["key.account"]
        accounts = KeyAccount._get_by_partner(self, self.env.company)
        user = self.env.user
        for account in accounts.values():
            days = max(term.line_ids.mapped("nb_days"), default=0)
            now = account.partner_id.property_payment_term_id
            now |= account.effective_payment_term_id
            if days <= max(now.line_ids.mapped("nb_days"), default=0):
                continue
            groups = account._get_granting_groups(account.company_id, 0, days, 0, 0)
            if not user._is_superuser() and not any(map(user.has_group, groups)):
                raise AccessError(
                    self.env._(
                        "%(customer)s is a key account, and %(days)s days to pay are "
                        "more than your role can grant. Ask the account manager for "
                        "the payment terms.",
                        customer=account.partner_id.display_name,
                        days=days,
                    )
                )

    def _get_manual_pricelist(self):
        """Return the price list that was set on this customer by hand."""
        self.ensure_one()
        return self.specific_property_product_pricelist.filtered("active")

    def _has_manual_payment_term(self, company):
        """Tell whether payment terms other than the general default were set here.

        :param company: the ``res.company`` of the document
        """
        self.ensure_one()
        partner = self.with_company(company)
        default = partner._fields[
            "property_payment_term_id"
        ].get_company_dependent_fallback(partner)
        term = partner.property_payment_term_id
        return bool(term and term != default)

    def _has_manual_credit_limit(self):
        """Tell whether a limit other than the company's general one was set here."""
        self.ensure_one()
        # sudo: the field is for accountants; only whether there is a limit is returned.
        return self.sudo().use_partner_credit_limit

    @api.model
    def _key_account_topics(self):
        """Purchasing sees the prices."""
        return {**super()._key_account_topics(), "prices": {"purchasing"}}
