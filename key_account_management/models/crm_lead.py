# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models
from odoo.tools import ormcache


class CrmLead(models.Model):
    """Leads that a key account has referred pass on what becomes of them.

    Not by dependencies of the referral's fields: those would look for referrals with
    every lead that is written or merged, also where nobody ever refers anybody.
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
        # sudo: what becomes of the lead counts, whoever writes it.
        Referral = self.env["key.account.referral"].sudo()
        if not self.ids or not Referral._has_leads():
            return Referral
        return Referral.search([("lead_id", "in", self.ids)])


class KeyAccountReferral(models.Model):
    _inherit = "key.account.referral"

    @api.model
    @ormcache()
    def _has_leads(self):
        """Tell whether any lead was ever referred; see ``crm.lead``."""
        return bool(self.sudo().search_count([("lead_id", "!=", False)], limit=1))

    @api.constrains("lead_id")
    def _check_lead_is_noticed(self):
        """Let leads know that there are referrals from now on."""
        if any(referral.lead_id for referral in self) and not self._has_leads():
            self.env.registry.clear_cache()

    def _take_over_from_lead(self):
        """Take customer and name from the leads, which have changed."""
        self._compute_partner_id()
        self._compute_name()

    def _move_to_lead(self, lead):
        """Keep referrals whose leads are merged into another; one of each is enough."""
        taken = lead._get_referrals().filtered(lambda each: each.state != "refused")
        for referral in self:
            if taken and referral.state != "refused":
                referral.write(
                    {
                        "state": "refused",
                        "note": self.env._("Merged: the lead was referred before."),
                    }
                )
            referral.lead_id = lead
            taken |= referral.filtered(lambda each: each.state != "refused")
