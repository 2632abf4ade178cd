# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .key_account import Benefit


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
            dated_order = order.with_context(
                key_account_price_date=order._key_account_date()
            )
            super(SaleOrder, dated_order)._compute_pricelist_id()
        return result

    def _compute_payment_term_id(self):
        """Give a key account its terms, unless the customer has some set by hand."""
        result = super()._compute_payment_term_id()
        # sudo: terms are the same for every user who writes the order.
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

    def copy_data(self, default=None):
        """Let copies ask for list and prices of their own day, as new orders do.

        A list that was chosen by hand stays, as does what core copies for others.
        """
        vals_list = super().copy_data(default)
        for order, vals in zip(self, vals_list, strict=True):
            account = order.sudo().key_account_id  # sudo: see _compute_payment_term_id
            if not account or "pricelist_id" in (default or {}):
                continue
            day = self.env["key.account.price"]._get_lists(
                account, order._key_account_date()
            )
            if any(benefit.value == order.pricelist_id for benefit in day):
                vals.pop("pricelist_id", None)
        return vals_list

    def copy(self, default=None):
        copies = super().copy(default)
        for order, copied in zip(self, copies, strict=True):
            if copied.sudo().key_account_id and copied.pricelist_id != (
                order.pricelist_id
            ):
                copied._recompute_prices()
        return copies

    @api.constrains("pricelist_id")
    def _check_pricelist_is_approved(self):
        for order in self:
            if order.pricelist_id._is_unapproved():
                raise ValidationError(
                    self.env._(
                        "The price list “%s” is not approved. Choose another one, or "
                        "have it approved first.",
                        order.pricelist_id.display_name,
                    )
                )

    def _pricelist_origin(self, account):
        """Say where the order's price list comes from, for the banner."""
        leading = self._get_key_account_lists(account)[0]
        if leading.origin == self and self._has_earlier_list(account):
            return self.env._(
                "Earlier terms of the key account: price list “%s”",
                leading.value.name,
            )
        return self.env["key.account.price"]._describe_list(account, leading)

    def _has_earlier_list(self, account):
        """Tell whether the account's own terms gave this list before they changed.

        An amendment can begin on the day on which the order is written, so the day
        before counts as well.
        """
        self.ensure_one()
        if not self.create_date:
            return False
        made = self.company_id._to_key_account_day(self.create_date)
        Price = self.env["key.account.price"]
        return any(
            benefit.value == self.pricelist_id
            for day in (made, made - timedelta(days=1))
            for benefit in Price._get_lists(account, day)
        )

    def _get_key_account_lists(self, account):
        """Return the price lists of the order's lines, that on the order first.

        Where another list was chosen for this order, it counts alone.

        :param account: the key account, with the rights to read its terms
        :return: list of ``Benefit``, see ``key.account.price``
        """
        self.ensure_one()
        lists = self.env["key.account.price"]._get_lists(
            account, self._key_account_date()
        )
        leading = [benefit for benefit in lists if benefit.value == self.pricelist_id]
        if not leading and self.pricelist_id._is_unapproved():
            # Chosen by hand, but it gives no prices: those of the account apply.
            return lists
        if not leading:
            return [Benefit(self.pricelist_id, self, account.browse())]
        return leading + [benefit for benefit in lists if benefit not in leading]
