# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model
    def _key_account_topics(self):
        """Bonuses are terms: contacts with a role don't see them."""
        return {**super()._key_account_topics(), "bonuses": set()}
