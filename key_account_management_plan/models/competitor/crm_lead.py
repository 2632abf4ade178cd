# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models

#: What loses an opportunity, wins it back, or says to whom it was lost.
LOSING = {"active", "probability", "key_account_competitor_id"}


class CrmLead(models.Model):
    """Opportunities know what they are about, and whom we meet there."""

    _inherit = "crm.lead"

    key_account_category_id = fields.Many2one(
        "product.category",
        string="Product Category",
        index="btree_not_null",
        ondelete="set null",
    )
    key_account_competitor_id = fields.Many2one(
        "key.account.competitor",
        string="Competitor",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        tracking=True,
        help="Who delivers this today, or offers it as well.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        if named := leads.filtered("key_account_competitor_id"):
            named._keep_losses()
        return leads

    def write(self, vals):
        result = super().write(vals)
        if not LOSING.isdisjoint(vals) and (
            "key_account_competitor_id" in vals or self.key_account_competitor_id
        ):
            self._keep_losses()
        return result

    def _keep_losses(self):
        """Keep among the competitors' shares what was lost, and take back what wasn't.

        By the result, as there are many ways to lose: one share for each opportunity.
        """
        # sudo: a salesperson who loses an opportunity needs no access to the account.
        Share = self.env["key.account.share"].sudo()
        found = Share.search([("lead_id", "in", self.ids)])
        kept = {share.lead_id.id: share for share in found}
        for lead in self:
            share = kept.get(lead.id, Share)
            competitor = lead.key_account_competitor_id
            is_lost = lead.won_status == "lost" and competitor
            if share and (not is_lost or share.competitor_id != competitor):
                share.unlink()
                share = Share
            if is_lost and not share and (account := lead._get_key_account()):
                account._add_lost_share(lead)

    def _get_key_account(self):
        """Return the account of the opportunity's customer, as superuser."""
        self.ensure_one()
        company = self.company_id or self.env.company
        accounts = self.env["key.account"]._get_by_partner(self.partner_id, company)
        customer = self.partner_id.commercial_partner_id
        return accounts.get(customer.id, self.env["key.account"])
