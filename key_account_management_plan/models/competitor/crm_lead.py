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
        lost = self.filtered(
            lambda lead: lead.won_status == "lost" and lead.key_account_competitor_id
        )
        kept = Share.search([("lead_id", "in", self.ids)])
        wrong = kept.filtered(
            lambda share: share.lead_id not in lost
            or share.competitor_id != share.lead_id.key_account_competitor_id
        )
        missing = lost - (kept - wrong).lead_id
        wrong.unlink()
        Share.create(missing._get_lost_shares())

    def _get_lost_shares(self):
        """Return to whom these were lost, of customers who are key accounts.

        How much the competitors have isn't known.

        :return: list of dict of values
        """
        values = []
        by_company = self.grouped(lambda lead: lead.company_id or self.env.company)
        for company, leads in by_company.items():
            accounts = self.env["key.account"]._get_by_partner(
                leads.partner_id, company
            )
            values += [
                {
                    "account_id": account.id,
                    "competitor_id": lead.key_account_competitor_id.id,
                    "category_id": lead.key_account_category_id.id,
                    "is_known": False,
                    "date": account.company_id._get_key_account_today(),
                    "source": "lost",
                    "note": lead.name,
                    "lead_id": lead.id,
                }
                for lead in leads
                if (account := accounts.get(lead.partner_id.commercial_partner_id.id))
            ]
        return values
