# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    # No dependency on our own fields: an uninstallation would remove the field that
    # res.users inherits from here along with them.
    @api.depends_context("key_account_date")
    def _compute_product_pricelist(self):
        return super()._compute_product_pricelist()

    @api.model
    def _forget_pricelists(self):
        """Let the price lists of customers be looked up again, after terms changed."""
        self.env["res.partner"].invalidate_model(
            ["property_product_pricelist"], flush=False
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
