# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    key_account_pricelist_origin = fields.Char(
        compute="_compute_key_account_pricelist_origin",
        groups="base.group_user",
        help="Why this price list is on the order.",
    )

    def _compute_pricelist_id(self):
        """Ask for the customer's list as of the order's date, not as of today."""
        ordinary = self.filtered(lambda order: not order.sudo().key_account_id)
        result = super(SaleOrder, ordinary)._compute_pricelist_id()
        for order in self - ordinary:
            dated_order = order.with_context(key_account_date=order._key_account_date())
            super(SaleOrder, dated_order)._compute_pricelist_id()
        return result

    def _compute_payment_term_id(self):
        """Give a key account its terms, unless the customer has some set by hand."""
        result = super()._compute_payment_term_id()
        # sudo: terms are the same whoever writes the order.
        for day, orders in (
            self.filtered(lambda order: order.sudo().key_account_id)
            .grouped(lambda order: order._key_account_date())
            .items()
        ):
            benefits = orders.sudo().key_account_id._resolve_benefit(
                "payment_term_id", day
            )
            for order in orders:
                benefit = benefits[order.sudo().key_account_id.id]
                if benefit.value and not order.partner_id._has_manual_payment_term(
                    order.company_id
                ):
                    order.payment_term_id = benefit.value.id
        return result

    @api.depends_context("lang")
    @api.depends("pricelist_id", "key_account_id", "partner_id", "date_order")
    def _compute_key_account_pricelist_origin(self):
        for order in self:
            # sudo: names the origin of a list that the reader sees on the order.
            account = order.sudo().key_account_id
            # Not "account and ...": of no account that makes the text "key.account()".
            order.key_account_pricelist_origin = (
                order._pricelist_origin(account) if account else False
            )

    def _pricelist_origin(self, account):
        """Say where the order's price list comes from, for the banner."""
        self.ensure_one()
        benefit = account._resolve_benefit("pricelist_id", self._key_account_date())[
            account.id
        ]
        partner = self.partner_id.with_company(self.company_id)
        if not self.pricelist_id:
            return self.env._("no price list, standard prices")
        name = self.pricelist_id.name
        if partner._has_manual_pricelist():
            if partner.specific_property_product_pricelist == self.pricelist_id:
                return self.env._("price list “%s” set by hand on the customer", name)
        elif benefit.value.id == self.pricelist_id.id:
            return self.env._(
                "price list “%(pricelist)s” from %(origin)s",
                pricelist=name,
                origin=account._origin_label(benefit),
            )
        elif not benefit.value:
            return self.env._("price list “%s” as for every customer", name)
        return self.env._("price list “%s” chosen by hand on this order", name)

    def _key_account_rival_pricelists(self, account):
        """Return the other lists that could apply, to compare prices line by line.

        :param account: the key account, with the rights to read its terms
        :return: ``product.pricelist`` records; none where a list was set by hand
        """
        self.ensure_one()
        day = self._key_account_date()
        partner = self.partner_id.with_company(self.company_id)
        sources = account._benefit_sources("pricelist_id", day)[account.id]
        lists = self.env["product.pricelist"].union(
            *(
                benefit.value
                for benefit in account._benefit_candidates("pricelist_id", sources, day)
            )
        )
        if partner._has_manual_pricelist() or self.pricelist_id not in lists:
            return lists.browse()
        return lists - self.pricelist_id
