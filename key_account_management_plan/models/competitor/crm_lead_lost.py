# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models


class CrmLeadLost(models.TransientModel):
    """A salesperson who loses an opportunity says to whom."""

    _inherit = "crm.lead.lost"

    key_account_competitor_id = fields.Many2one(
        "key.account.competitor",
        string="Lost To",
        compute="_compute_key_account_competitor_id",
        store=True,
        readonly=False,
        help="The competitor who got it. It is kept with the key account.",
    )

    @api.depends("lead_ids")
    def _compute_key_account_competitor_id(self):
        for wizard in self:
            competitors = wizard.lead_ids.key_account_competitor_id
            wizard.key_account_competitor_id = (
                competitors if len(competitors) == 1 else False
            )

    def action_lost_reason_apply(self):
        if self.key_account_competitor_id:
            self.lead_ids.key_account_competitor_id = self.key_account_competitor_id
        return super().action_lost_reason_apply()
