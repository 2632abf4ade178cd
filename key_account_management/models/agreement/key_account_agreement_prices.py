# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models
from odoo.tools import format_date


class KeyAccountAgreementPrices(models.AbstractModel):
    """Whether the price list of an agreement gives the prices that were agreed."""

    _name = "key.account.agreement.prices"
    _description = "Prices of a Framework Agreement"

    pricelist_issue = fields.Char(
        string="Why There Are No Special Prices", compute="_compute_pricelist_issue"
    )

    @api.depends_context("lang")
    @api.depends(
        "state",
        "date_start",
        "pricelist_id.active",
        "pricelist_id.key_account_approval_state",
        "pricelist_id.key_account_date_start",
        "pricelist_id.key_account_date_end",
    )
    def _compute_pricelist_issue(self):
        for agreement in self:
            # sudo: the account manager reads why, also where a colleague has the list.
            agreement.pricelist_issue = agreement.sudo()._get_pricelist_issue()

    def _get_pricelist_issue(self):
        """Say why an agreement in force gives no special prices, False where it does.

        An agreement that begins later is looked at on its first day.
        """
        self.ensure_one()
        pricelist = self.pricelist_id
        if not pricelist or self.state != "active":
            return False
        day = max(self.company_id._get_key_account_today(), self.date_start)
        name = pricelist.display_name
        if not pricelist.active:
            return self.env._("The price list “%s” is archived.", name)
        if pricelist._is_unapproved():
            return self.env._("The price list “%s” is not approved.", name)
        if not pricelist._is_key_account_valid(day):
            return self.env._(
                "The price list “%(pricelist)s” is not valid on %(day)s.",
                pricelist=name,
                day=format_date(self.env, day),
            )
        return False

    def _tell_pricelist_issue(self):
        """Tell the managers of agreements that have lost their special prices."""
        for agreement in self:
            if issue := agreement._get_pricelist_issue():
                agreement._tell_manager(
                    self.env._("No special prices by %s", agreement.display_name),
                    issue,
                    agreement.company_id._get_key_account_today(),
                )
                agreement._message_log(body=issue)
