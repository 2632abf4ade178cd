# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import models


class CrmLead(models.Model):
    """Leads that a key account has referred pass on what becomes of them.

    Not by dependencies of the referral's fields: those would look for referrals with
    every lead that is written or merged, even where there are no referrals at all.
    """

    _inherit = "crm.lead"

    def write(self, vals):
        result = super().write(vals)
        if not {"partner_id", "partner_name", "name"}.isdisjoint(vals):
            self._get_referrals()._take_over_from_lead()
        return result

    def _merge_dependences(self, opportunities):
        # Before the others are deleted: a referral keeps its lead under another number.
        opportunities._get_referrals()._move_to_lead(self)
        return super()._merge_dependences(opportunities)

    def _get_referrals(self):
        """Return the referrals of these leads; no query where there are none at all."""
        # sudo: what becomes of the lead counts whatever rights its user has.
        Referral = self.env["key.account.referral"].sudo()
        if not self.ids or not Referral._has_leads():
            return Referral
        return Referral.search([("lead_id", "in", self.ids)])
