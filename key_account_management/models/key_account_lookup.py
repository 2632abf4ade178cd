# Copyright 2026 Key Account Management contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import api, models
from odoo.tools import ormcache


class KeyAccount(models.Model):
    """Who is a key account at all, known by heart: orders of others ask nothing."""

    _inherit = "key.account"

    @api.model
    @ormcache()
    def _get_customer_ids(self):
        """Return the ids of all customers who are or were key accounts, in any company.

        :return: frozenset of ids of ``res.partner``
        """
        self.flush_model(["partner_id"])
        self.env.cr.execute("SELECT DISTINCT partner_id FROM key_account")
        return frozenset(row[0] for row in self.env.cr.fetchall())

    @api.constrains("partner_id")
    def _check_customer_is_known(self):
        """Have the customers looked up anew, here and in every other process."""
        registry = self.env.registry
        if not self._get_customer_ids().issuperset(self.partner_id.ids):
            registry.clear_cache()
            # Once more when others can see it: until then they learn the old ones.
            self.env.cr.postcommit.add(registry.clear_cache)
