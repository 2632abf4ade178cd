# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, fields, models

TOPICS = frozenset(("agreements", "prices", "points", "complaints"))
#: What the contacts in each role don't see of their company.
HIDDEN = {
    "purchasing": {"agreements"},
    "service": {"agreements", "prices", "points"},
}


class ResPartner(models.Model):
    """Which of the customer's people see what on the portal."""

    _inherit = "res.partner"

    key_account_portal_role = fields.Selection(
        [
            ("purchasing", "Purchasing: Prices, Points and Complaints"),
            ("service", "Service: Complaints"),
        ],
        string="Key Account on the Portal",
        groups="base.group_user",
        help="What this contact sees of the key account on the customer portal. Empty: "
        "everything, agreements too.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        if any(vals.get("key_account_portal_role") for vals in vals_list):
            self.env.registry.clear_cache()
        return partners

    def write(self, vals):
        result = super().write(vals)
        if "key_account_portal_role" in vals:
            # Odoo caches the record rules of a user; agreements' follow the role.
            self.env.registry.clear_cache()
        return result

    def _get_key_account_topics(self):
        """Return what this contact may see on the portal.

        :return: set of ``agreements``, ``prices``, ``points``, ``complaints``
        """
        self.ensure_one()
        # sudo: the role is for our people to read; what it opens is the contact's.
        return TOPICS - HIDDEN.get(self.sudo().key_account_portal_role, set())
