# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.exceptions import AccessError

from .key_account_approval_mixin import DIRECTOR

USER = "key_account_management.group_key_account_user"
ALL_ACCOUNTS = "key_account_management.group_key_account_all"


class ProductPricelist(models.Model):
    """A special price list counts when it is approved, and while it is valid."""

    _inherit = "product.pricelist"

    @api.model_create_multi
    def create(self, vals_list):
        pricelists = super().create(vals_list)
        pricelists._start_approval()
        return pricelists

    def write(self, vals):
        if (
            vals.get("key_account_only") is False
            and any(self.mapped("key_account_only"))
            and not self.env.su
            and not self.env.user.has_group("sales_team.group_sale_manager")
        ):
            # Without the flag core would give the list to everybody.
            raise AccessError(
                self.env._("Only a sales manager gives a special list to everybody.")
            )
        result = super().write(vals)
        self.env["res.partner"]._forget_pricelists()
        if vals.get("key_account_only"):
            self._start_approval()
        return result

    def _start_approval(self):
        """Put lists that became special ones under approval; who may, approves."""
        for pricelist in self:
            if (
                pricelist.key_account_only
                and pricelist.key_account_approval_state == "none"
            ):
                pricelist._write_approval("draft")
                if pricelist._user_may_approve_terms():
                    pricelist.action_approve_terms()

    def _is_key_account_valid(self, date=None):
        """Tell whether the list counts for key accounts on a day.

        :param date: the day, today without it
        """
        self.ensure_one()
        day = date or fields.Date.context_today(self)
        start, end = self.key_account_date_start, self.key_account_date_end
        return (
            self.key_account_approval_state in ("none", "approved")
            and (not start or start <= day)
            and (not end or day <= end)
        )

    def action_export_key_account(self):
        """Download the list as a workbook for the customer, to be imported again."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/key_account/pricelist/{self.id}.xlsx",
            "target": "download",
        }

    def _approval_groups(self):
        """By the highest discount: account managers, all accounts, directors."""
        company = self.company_id or self.env.company
        discount = self.key_account_max_discount
        groups = [DIRECTOR]
        if discount <= company.key_account_discount_limit_all:
            groups.append(ALL_ACCOUNTS)
        if discount <= company.key_account_discount_limit_user:
            groups.append(USER)
        return groups

    def _approval_terms(self):
        terms = {
            "date_end": [
                self.env._("Valid until"),
                fields.Date.to_string(self.key_account_date_end) or None,
                "higher",
            ],
            "floor": [
                self.env._("Margin floor"),
                self.key_account_margin_floor,
                "lower",
            ],
        }
        for item in self.item_ids:
            terms.update(item._key_account_terms())
        return terms
